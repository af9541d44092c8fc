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
    let spread = SeedGroup.accuracySpread(groups)
    let confidence = Confidence(comparisons: others.reduce(0) { $0 + $1.starts.count })
    var signs: [Int] = []
    var reasons: [String] = []
    for (variant, starts) in others {
      let here = groups.filter { $0.label("variant") == variant.rawValue }
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
    // The claim's last words: Xavier for both weights does not train.
    if let both = groups.first(where: {
      $0.label("variant") == Variant.rectangular.rawValue && $0.method == First.default.rawValue
    }) {
      let lost = both.untrained + both.diverged
      signs.append(both.runs.count < 2 ? 0 : lost == both.runs.count ? 1 : lost == 0 ? -1 : 0)
      reasons.append("\(First.default.rawValue) did not train from \(lost) of \(both.runs.count) seeds")
    }
    if let single = Verdict.ofOneSeed(groups) { return single }
    return Verdict(
      signs: signs, expected: confidence.comparisons + 1,
      reason: "test accuracy, \(reasons.joined(separator: ". ")) (\(confidence.text(spread)))"
    )
  }
}
