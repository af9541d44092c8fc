import Lab

extension Figure7 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    ImageResults.table(
      runs, title: "Figure 7: All-Conv on CIFAR-10 by epochs of warm-up",
      labels: [("warm-up", "warmup"), ("start", "method")])
  }

  private static let others = ["kaiming", "idinit-centre-tap"]

  /// Whether a run does more than guess, by three standard errors of a guess's accuracy.
  private static func trains(_ run: FinishedRun) -> Bool {
    let error = (0.1 * 0.9 / (run.results.number("testCount") ?? 1)).squareRoot()
    return run.status == .finished && run.results.number("testAccuracy") ?? 0 > 0.1 + 3 * error
  }

  /// "kaiming trains from 1 of 5 seeds, 23.0 %"; "kaiming does not train, one seed, 10.0 %".
  private static func state(_ group: SeedGroup) -> String {
    let (count, all) = (group.runs.count(where: trains), group.runs.count)
    let word =
      all == 1
      ? "\(group.finished.isEmpty ? "diverges" : count == 1 ? "trains" : "does not train"), one seed"
      : "trains from \(count) of \(all) seeds" + (group.diverged > 0 ? ", \(group.diverged) diverged" : "")
    let mean = group.statistics("testAccuracy").mean.map { ", " + NumberText.fixed($0 * 100, digits: 1) + " %" } ?? ""
    return "\(group.method) \(word)\(mean)"
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    func group(_ warmup: String, _ method: String) -> SeedGroup? {
      groups.first { $0.label("warmup") == warmup && $0.method == method }
    }
    guard let ours = group("0", "idinit") else { return Verdict(.notJudged, "IDInit was not run without warm-up") }
    let without = others.compactMap { group("0", $0) }
    guard without.count == others.count else {
      return Verdict(.notJudged, "not all three starts were run without warm-up")
    }
    if let single = Verdict.ofOneSeed(groups) { return single }
    var warmups: [String] = []
    for warmup in groups.map({ $0.label("warmup") }) where !warmups.contains(warmup) { warmups.append(warmup) }
    let confidence = Confidence(comparisons: warmups.count * others.count)
    let spread = SeedGroup.accuracySpread(groups)
    // Only IDInit trains, as states; what is but just above a guess must also be better than what is but just below.
    var signs = [ours.agreement(trains)] + without.map { -$0.agreement(trains) }
    var reason = "without warm-up " + ([ours] + without).map(state).joined(separator: "; ")
    for warmup in warmups {
      reason += warmup == "0" ? "; there" : "; with \(warmup) epochs of it"
      for other in others {
        guard let idinit = group(warmup, "idinit"), let other = group(warmup, other) else {
          signs.append(0)
          reason += ", IDInit and \(other) not both run"
          continue
        }
        let result = idinit.compared(with: other, spread, confidence)
        signs.append(result.sign)
        reason += ", IDInit against \(other.method) \(result.text)"
      }
    }
    if warmups.count == 1 { reason += "; not run with warm-up" }
    // States, and at least one warm-up beside none.
    return Verdict(
      signs: signs, expected: 1 + others.count + max(2, warmups.count) * others.count,
      reason: "\(reason) (\(confidence.text(spread)))")
  }
}
