import Lab

extension Figure9 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let groups = SeedGroup.groups(runs)
    let rows = groups.map { group -> Row in
      var row = group.labels
      row["n"] = .int(group.finished.count)
      row["diverged"] = .int(group.diverged)
      func put(_ name: String, _ values: [Double]) {
        let statistics = Statistics(values)
        row[name] = statistics.mean.map(JSONValue.double) ?? .null
        row[name + "Std"] = statistics.deviation.map(JSONValue.double) ?? .null
      }
      put("smoothedTrainLoss", group.finished.compactMap { LossCurve($0)?.last })
      for name in ["testLoss", "testMaskedLoss", "testNextLoss", "testAccuracy", "flops"] {
        put(name, group.values(name))
      }
      put("saved", group.finished.compactMap { saved($0, runs) })
      row["paper"] = .string(paperFigure(group.method)?.text ?? "")
      return row
    }
    func mean(_ title: String, _ cell: String, digits: Int, factor: Double = 1) -> ResultTable.Column {
      ResultTable.Column(title, isNumber: true) { row in
        guard let value = row.number(cell) else { return row.number("n") == 0 ? "diverged" : "–" }
        func text(_ value: Double) -> String { NumberText.fixed(value * factor, digits: digits) }
        return text(value) + (row.number(cell + "Std").map { " ± " + text($0) } ?? "")
      }
    }
    return ResultTable(
      title: "Figure 9: pre-training of BERT",
      columns: [
        .text("start", "method"), .number("n", "n") { NumberText.fixed($0, digits: 0) },
        mean("train loss", "smoothedTrainLoss", digits: 3), mean("test loss", "testLoss", digits: 3),
        mean("hidden words", "testMaskedLoss", digits: 3), mean("second text", "testNextLoss", digits: 3),
        mean("found, %", "testAccuracy", digits: 1, factor: 100),
        .number("operations", "flops") { NumberText.scientific($0) },
        ResultTable.Column("saved, %", isNumber: true) { row in
          row.text("method") == baseline ? "0" : mean("", "saved", digits: 1, factor: 100).text(row)
        },
        ResultTable.Column("paper", isNumber: true) { $0.text("paper") ?? "" },
      ], rows: rows,
      notes: [
        "After the last step, mean ± standard deviation over n seeds. Train loss: the mean over the last "
          + "\(runs.first?.settings["training"]?["smoothedSteps"]?.line ?? "some") steps; test loss: on held-out texts, the sum "
          + "of the two columns behind it; found: of the hidden words in them.",
        "Saved: the share of the default start's operations that is left when this start reaches the default's last train "
          + "loss, with the same seed. Negative: the default reaches this start's last loss first, and saves so much.",
      ])
  }

  /// The start that others are compared with.
  static let baseline = "default"

  /// What a run saves against the default start with the same seed; nil where that was not run, or neither reached the
  /// other's loss.
  private static func saved(_ run: FinishedRun, _ runs: [FinishedRun]) -> Double? {
    guard let curve = LossCurve(run), let other = partner(of: run, in: runs).flatMap({ LossCurve($0) }) else {
      return nil
    }
    return curve.saved(against: other)
  }

  private static func partner(of run: FinishedRun, in runs: [FinishedRun]) -> FinishedRun? {
    runs.first { $0.label("method") == baseline && $0.label("seed") == run.label("seed") }
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let ours = runs.filter { $0.label("method") == "idinit" }
    let pairs = ours.compactMap { run in
      LossCurve(run).flatMap { curve in
        partner(of: run, in: runs).flatMap { LossCurve($0) }.map { (ours: curve, theirs: $0) }
      }
    }
    let diverged = ours.filter { $0.status == .diverged }.count
    guard !pairs.isEmpty else {
      let others = runs.filter { $0.label("method") == baseline && $0.status == .diverged }.count
      if diverged + others > 0 {
        return Verdict(.notJudged, "\(diverged) trainings from IDInit and \(others) from the default diverged")
      }
      return Verdict(.notJudged, "idinit and default were not both run from the same seed")
    }
    let losses = Statistics(pairs.map { $0.ours.last - $0.theirs.last })
    let savings = pairs.map { $0.ours.saved(against: $0.theirs) }
    let saved = Statistics(savings.compactMap { $0 })
    let text =
      "from IDInit \(saved.text(digits: 1, factor: 100).map { "\($0) %" } ?? "nothing") of the computation is saved (paper: "
      + "11.3 %), and the last loss differs by \(losses.text(digits: 3) ?? "–"), over \(pairs.count) "
      + (pairs.count == 1 ? "seed" : "seeds")
    guard pairs.count > 1 else { return Verdict(.notJudged, "one seed each: \(text)") }
    let lost = diverged == 0 ? "" : "; \(diverged) more from IDInit diverged"
    // What survives flatters: where a training of IDInit's diverged, the others can show nothing for it.
    let signs = [sign(savings.map { $0 ?? .nan }), sign(pairs.map { $0.theirs.last - $0.ours.last })]
      .map { diverged > 0 ? min($0, 0) : $0 }
    return Verdict(
      signs: signs, expected: 2,
      reason: "\(text)\(lost) (clear: at 5 % for both comparisons together, by the differences of equal seeds)")
  }

  /// 1 where differences of equal seeds are clearly above 0 on average, −1 where they are clearly below: Student's t.
  private static func sign(_ differences: [Double]) -> Int {
    let statistics = Statistics(differences)
    guard let mean = statistics.mean, let deviation = statistics.deviation, mean.isFinite else { return 0 }
    let t = StudentT.limit(Confidence.level / 2, degrees: differences.count - 1)
    let limit = t * deviation / Double(differences.count).squareRoot()
    return mean > limit ? 1 : mean < -limit ? -1 : 0
  }
}
