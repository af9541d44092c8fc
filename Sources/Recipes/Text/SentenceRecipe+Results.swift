import Lab

extension SentenceRecipe {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let groups = SeedGroup.groups(runs)
    let rows = groups.map { group in
      var row = group.labels
      func put(_ name: String, _ value: Double?) { row[name] = value.map(JSONValue.double) ?? .null }
      let accuracy = group.statistics("testAccuracy")
      row["start"] = .string(group.method == defaultMethod ? "default (\(group.method))" : group.method)
      row["n"] = .int(group.finished.count)
      put("testAccuracy", accuracy.mean)
      put("testAccuracyStd", accuracy.deviation)
      put("bestTestAccuracy", group.statistics("bestTestAccuracy").mean)
      row["paper"] = .string(paperFigure(group.label("vector"), group.method)?.text ?? "")
      put("testLoss", group.statistics("testLoss").mean)
      put("trainLoss", group.statistics("trainLoss").mean)
      put("paddedFraction", group.statistics("paddedFraction").mean)
      row["diverged"] = .int(group.diverged)
      return row
    }
    var columns: [ResultTable.Column] = [
      .text("vectors", "vector"), .text("start", "start"),
      .number("n", "n") { NumberText.fixed($0, digits: 0) },
      ResultTable.Column("test accuracy, %", isNumber: true) { row in
        guard let mean = row.number("testAccuracy") else { return "diverged" }
        let deviation = row.number("testAccuracyStd").map { " ± \(percent($0))" } ?? ""
        return percent(mean) + deviation
      },
    ]
    if rows.contains(where: { $0.text("paper")?.isEmpty == false }) {
      columns.append(ResultTable.Column("paper", isNumber: true) { $0.text("paper") ?? "" })
    }
    columns += [
      .number("best epoch, %", "bestTestAccuracy", percent),
      .number("test loss", "testLoss") { ProgressText.short($0) },
      .number("train loss", "trainLoss") { ProgressText.short($0) },
    ]
    if rows.contains(where: { ($0.number("diverged") ?? 0) > 0 }) {
      columns.append(.number("diverged", "diverged") { NumberText.fixed($0, digits: 0) })
    }
    let padding = rows.compactMap { $0.number("paddedFraction") }.max()
    let notes = [
      "After the last epoch, mean ± standard deviation over n seeds; best epoch: the mean of each seed's best.",
      SeedGroup.testSetNote(groups),
      padding.map { "Padding: \(percent($0)) % of all places in training batches, at most." },
    ]
    return ResultTable(
      title: "\(card.locus): \(networkName) on \(dataTitle)", columns: columns, rows: rows,
      notes: notes.compactMap { $0 })
  }

  private static func percent(_ share: Double) -> String { NumberText.fixed(share * 100, digits: 2) }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    let sources = Settings.vectorsInPaper.filter { source in groups.contains { $0.label("vector") == source } }
    func group(_ source: String, _ method: String) -> SeedGroup? {
      groups.first { $0.label("vector") == source && $0.method == method }
    }
    let confidence = Confidence(comparisons: 2 * max(1, sources.count))
    let spread = SeedGroup.accuracySpread(groups)
    var signs: [Int] = []
    var clauses: [String] = []
    for source in sources {
      for other in [defaultMethod, "orthogonal"] {
        guard let ours = group(source, "idinit"), let theirs = group(source, other) else { continue }
        let result = ours.compared(with: theirs, spread, confidence)
        signs.append(result.sign)
        clauses.append("With \(source), less that of \(other): \(result.text).")
      }
      if let sentence = steadiest(groups.filter { $0.label("vector") == source }, source) { clauses.append(sentence) }
    }
    guard !signs.isEmpty else { return Verdict(.notJudged, "IDInit or the others are missing") }
    if let single = Verdict.ofOneSeed(groups) { return single }
    let absent = Settings.vectorsInPaper.filter { !sources.contains($0) }
    if !absent.isEmpty { clauses.append("Not run: \(absent.joined(separator: ", ")), which the claim is about too.") }
    return Verdict(
      signs: signs, expected: 2 * Settings.vectorsInPaper.count,
      reason: "IDInit's accuracy over the seeds (\(confidence.text(spread))).", points: clauses)
  }

  /// Whose accuracy varies least over seeds: seen, not judged.
  private static func steadiest(_ groups: [SeedGroup], _ source: String) -> String? {
    let deviations = groups.compactMap { group in
      group.statistics("testAccuracy").deviation.map { (method: group.method, value: $0) }
    }
    guard deviations.count > 1, let least = deviations.min(by: { $0.value < $1.value }) else { return nil }
    return "With \(source), \(least.method) varies least over seeds: \(percent(least.value)) points."
  }
}

extension SentenceRecipeSettings {
  /// What the paper has figures for.
  static let vectorsInPaper = [Vectors.glove.rawValue, Vectors.word2vec.rawValue]
}
