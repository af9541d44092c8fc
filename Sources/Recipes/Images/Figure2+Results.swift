import Lab

extension Figure2 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    ImageResults.table(
      runs, title: "Figure 2: by the first weight of each block, the last one at 0",
      labels: [("weights", "variant"), ("first weight", "method")])
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    let others: [(variant: Variant, starts: [First])] = [
      (.square, [.random, .hadamard]), (.rectangular, [.random, .hadamard, .partialIdentity, .default]),
    ]
    let confidence = Confidence(comparisons: others.reduce(0) { $0 + $1.starts.count })
    var signs: [Int] = []
    var reasons: [String] = []
    for (variant, starts) in others {
      let here = groups.filter { $0.label("variant") == variant.rawValue }
      let spread = SeedGroup.accuracySpread(here)
      guard let ours = here.first(where: { $0.method == First.idinit.rawValue }) else { continue }
      var parts: [String] = []
      for start in starts {
        guard let other = here.first(where: { $0.method == start.rawValue }) else { continue }
        let result = ours.compared(with: other, spread, confidence)
        signs.append(result.sign)
        parts.append("\(start.rawValue) \(result.text)")
      }
      if let one = here.first(where: { $0.method == First.identity1.rawValue }) {
        let accuracy = one.statistics("testAccuracy").text(digits: 1, factor: 100) ?? "–"
        parts.append("blocks of one weight reach \(accuracy) %")
      }
      let own = ours.statistics("testAccuracy").text(digits: 1, factor: 100).map { "\($0) %" } ?? "diverged"
      reasons.append("\(variant.rawValue): idinit \(own) (\(ours.seeds)), against \(parts.joined(separator: "; "))")
    }
    guard !signs.isEmpty else { return Verdict(.notJudged, "idinit and another first weight were not both run") }
    if let single = Verdict.ofOneSeed(groups) { return single }
    return Verdict(
      signs: signs, expected: confidence.comparisons,
      reason: "test accuracy, \(reasons.joined(separator: ". ")) (\(confidence.text(SeedGroup.accuracySpread(groups))))"
    )
  }
}
