import Lab

extension Figure7 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    ImageResults.table(
      runs, title: "Figure 7: All-Conv on CIFAR-10 by epochs of warm-up",
      labels: [("warm-up", "warmup"), ("start", "method")])
  }

  /// Whether a group does more than guess, by three standard errors of a guess's accuracy, in every seed.
  private static func trains(_ group: SeedGroup) -> Bool {
    let count = group.values("testCount").first ?? 1
    let error = (0.1 * 0.9 / count).squareRoot()
    return group.diverged == 0 && group.values("testAccuracy").allSatisfy { $0 > 0.1 + 3 * error }
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    func group(_ warmup: Int, _ method: String) -> SeedGroup? {
      groups.first { $0.label("warmup") == "\(warmup)" && $0.method == method }
    }
    guard let ours = group(0, "idinit") else { return Verdict(.notJudged, "IDInit was not run without warm-up") }
    let others = ["kaiming", "idinit-centre-tap"].compactMap { group(0, $0) }
    guard others.count == 2 else { return Verdict(.notJudged, "not all three starts were run without warm-up") }
    func state(_ group: SeedGroup) -> String {
      guard let mean = group.statistics("testAccuracy").mean else { return "\(group.method) diverges" }
      let percent = NumberText.fixed(mean * 100, digits: 1)
      return "\(group.method) \(trains(group) ? "trains" : "does not train") (\(percent) %)"
    }
    var reason = "without warm-up " + ([ours] + others).map(state).joined(separator: ", ")
    var signs = [trains(ours) ? 1 : -1] + others.map { trains($0) ? -1 : 1 }
    let warmups = groups.filter { $0.method == "idinit" && $0.label("warmup") != "0" }.map { $0.label("warmup") }
    for warmup in warmups {
      let here = groups.filter { $0.label("warmup") == warmup }
      guard let idinit = here.first(where: { $0.method == "idinit" }) else { continue }
      for other in here where ["kaiming", "idinit-centre-tap"].contains(other.method) {
        guard let result = idinit.compared(with: other) else { continue }
        signs.append(result.sign)
        reason += "; with \(warmup) epochs of it, against \(other.method): \(result.text)"
      }
    }
    if signs.contains(-1) { return Verdict(.refuted, reason) }
    return Verdict(signs.allSatisfy { $0 == 1 } ? .confirmed : .notSeen, reason)
  }
}
