import Lab

extension Figure18 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    ImageResults.table(
      runs, title: "Figure 18: accuracy over learning rates and weight decays",
      labels: [("rate", "learningRate"), ("decay", "weightDecay"), ("start", "method")]
    ) { group in
      ImageResults.PaperCells(
        accuracy: paperFigure(group.label("learningRate"), group.label("weightDecay"), group.method)?.text ?? "")
    }
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    let parts: [(what: String, others: [String], takes: (Double) -> Bool)] = [
      ("below 0.1", ["kaiming", "fixup", "rezero"], { $0 < 0.1 }),
      ("above 0.1", ["fixup", "zero-hadamard"], { $0 > 0.1 }),
    ]
    let confidence = Confidence(comparisons: parts.reduce(0) { $0 + $1.others.count })
    let spread = SeedGroup.accuracySpread(groups)
    var signs: [Int] = []
    var reasons: [String] = []
    for part in parts {
      for other in part.others {
        let pairs = pairs("idinit", other, groups, part.takes)
        guard !pairs.isEmpty else {
          reasons.append("\(part.what) IDInit and \(other) not both run")
          continue
        }
        let (ours, theirs) = (Mean(pairs.map(\.0)), Mean(pairs.map(\.1)))
        let difference = Difference(
          value: ours.value - theirs.value, seeds: ours.seeds + theirs.seeds, shared: ours.shared + theirs.shared)
        let result = Comparison(points: difference, spread, confidence)
        signs.append(result.sign)
        reasons.append("\(part.what) \(ours.text) from IDInit and \(theirs.text) from \(other), \(result.text)")
      }
    }
    guard !signs.isEmpty else {
      return Verdict(.notJudged, "no rate below or above 0.1 was run from IDInit and another start")
    }
    if let single = Verdict.ofOneSeed(groups) { return single }
    return Verdict(
      signs: signs, expected: confidence.comparisons,
      reason: "mean accuracy over rates and decays: \(reasons.joined(separator: "; ")) (\(confidence.text(spread)))")
  }

  /// The groups of two starts at the points of the grid at which both were run.
  private static func pairs(
    _ method: String, _ other: String, _ groups: [SeedGroup], _ takes: (Double) -> Bool
  ) -> [(SeedGroup, SeedGroup)] {
    groups.compactMap { group in
      guard group.method == method, takes(group.labels.number("learningRate") ?? .nan) else { return nil }
      var point = group.labels
      point["method"] = .string(other)
      return groups.first { $0.labels.json.means(point.json) }.map { (group, $0) }
    }
  }

  /// The mean accuracy over points of the grid, a diverged training counting as a guess.
  private struct Mean {
    let value: Double
    /// The points' trainings are independent: each has its part of the variance over seeds.
    let seeds: Double
    /// All points have the same test set, so what it is uncertain by is that of one accuracy.
    let shared: Double
    let text: String

    init(_ points: [SeedGroup]) {
      let count = Double(points.count)
      value =
        points.reduce(0) { sum, group in
          sum + (group.values("testAccuracy").reduce(0, +) + 0.1 * Double(group.diverged)) / Double(group.runs.count)
        } / count
      seeds = points.reduce(0) { $0 + 1 / Double($1.runs.count) } / (count * count)
      shared = points.first { !$0.finished.isEmpty }?.testVariance(of: value) ?? 0
      let diverged = points.reduce(0) { $0 + $1.diverged }
      text = NumberText.fixed(value * 100, digits: 1) + " %" + (diverged > 0 ? " (\(diverged) diverged)" : "")
    }
  }
}
