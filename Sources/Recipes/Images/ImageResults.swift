import Lab

/// Tables of image trainings: a row for every group of runs that differ in their seeds alone.
enum ImageResults {
  /// What the paper has for a group, as it prints it.
  struct PaperCells {
    var accuracy = ""
    var epochs = ""
  }

  /// The key of the first epoch with the target accuracy in a run's results, `epochsTo80`, and the target in percent.
  static func target(of runs: [FinishedRun]) -> (key: String, percent: String) {
    let target = runs.first?.settings["training"]?["target"]?.number ?? 0.8
    return (Trainer.targetName(target), Trainer.targetPercent(target))
  }

  /// - Parameters:
  ///   - runs: What was run.
  ///   - title: The table's.
  ///   - labels: What tells groups apart: titles of columns and labels of runs.
  ///   - paperEpochs: The title of the paper's epochs, which says what they are to.
  ///   - paper: The paper's figures for a group; empty cells, for all groups, leave the column out.
  /// - Returns: Accuracy as mean ± standard deviation over seeds.
  static func table(
    _ runs: [FinishedRun], title: String, labels: [(title: String, label: String)], paperEpochs: String = "paper",
    paper: (SeedGroup) -> PaperCells = { _ in PaperCells() }
  ) -> ResultTable {
    let target = target(of: runs)
    let groups = SeedGroup.groups(runs)
    let rows = groups.map { row($0, key: target.key, paper: paper($0)) }
    var columns: [ResultTable.Column] = labels.map { .text($0.title, $0.label) }
    columns += [.number("n", "n") { NumberText.fixed($0, digits: 0) }, accuracy]
    let hasAccuracy = rows.contains { $0.text("paper")?.isEmpty == false }
    let hasEpochs = rows.contains { $0.text("paperEpochs")?.isEmpty == false }
    if hasAccuracy { columns.append(ResultTable.Column("paper", isNumber: true) { $0.text("paper") ?? "" }) }
    columns.append(column("to \(target.percent) %", "epochsToTarget", digits: 1, factor: 1))
    if hasEpochs { columns.append(ResultTable.Column(paperEpochs, isNumber: true) { $0.text("paperEpochs") ?? "" }) }
    columns += [
      .number("test loss", "testLoss") { ProgressText.short($0) },
      .number("train loss", "trainLoss") { ProgressText.short($0) },
    ]
    let lost = rows.contains { ($0.number("diverged") ?? 0) > 0 }
    if lost { columns.append(.number("diverged", "diverged") { NumberText.fixed($0, digits: 0) }) }
    // A start that never trained has an accuracy too, which must not pass for one that was learnt.
    let untrained = rows.contains { ($0.number("untrained") ?? 0) > 0 }
    if untrained { columns.append(.number("not trained", "untrained") { NumberText.fixed($0, digits: 0) }) }
    let notes = [
      "After the last epoch, mean ± standard deviation over n seeds; to \(target.percent) %: the first epoch with that "
        + "test accuracy, where every seed has reached it.",
      SeedGroup.testSetNote(groups),
      untrained
        ? "Not trained: seeds whose last training loss is that of a guess among ten, ln 10, within 1 % or above." : nil,
    ]
    return ResultTable(title: title, columns: columns, rows: rows, notes: notes.compactMap { $0 })
  }

  private static func row(_ group: SeedGroup, key: String, paper: PaperCells) -> Row {
    var row = group.labels
    func put(_ name: String, _ value: Double?) { row[name] = value.map(JSONValue.double) ?? .null }
    row["n"] = .int(group.finished.count)
    row["diverged"] = .int(group.diverged)
    row["untrained"] = .int(group.untrained)
    let epochs = group.values(key)
    // An average over those seeds only that reached it would flatter; all must have.
    let reached = Statistics(epochs.count == group.runs.count ? epochs : [])
    for (name, statistics) in [("testAccuracy", group.statistics("testAccuracy")), ("epochsToTarget", reached)] {
      put(name, statistics.mean)
      put(name + "Std", statistics.deviation)
    }
    put("testSetError", group.testSetError)
    row["reachedTarget"] = .int(epochs.count)
    put("testLoss", group.statistics("testLoss").mean)
    put("trainLoss", group.statistics("trainLoss").mean)
    row["paper"] = .string(paper.accuracy)
    row["paperEpochs"] = .string(paper.epochs)
    return row
  }

  private static var accuracy: ResultTable.Column {
    column("test accuracy, %", "testAccuracy", digits: 2, factor: 100, lost: "diverged")
  }

  /// A mean with its deviation; `lost` stands where every seed diverged.
  private static func column(
    _ title: String, _ cell: String, digits: Int, factor: Double, lost: String = "–"
  ) -> ResultTable.Column {
    ResultTable.Column(title, isNumber: true) { row in
      guard let mean = row.number(cell) else { return row.number("n") == 0 ? lost : "–" }
      func text(_ value: Double) -> String {
        let scaled = value * factor
        return NumberText.fixed(scaled, digits: factor == 1 && scaled == scaled.rounded() ? 0 : digits)
      }
      return text(mean) + (row.number(cell + "Std").map { " ± " + text($0) } ?? "")
    }
  }
}
