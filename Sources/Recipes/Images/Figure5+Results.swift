import Lab

extension Figure5 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let rows = SeedGroup.groups(runs).map { group -> Row in
      let shares = group.finished.flatMap { run in
        run.results.cells.filter { $0.key.hasPrefix("unmoved.") }.compactMap(\.value.number)
      }
      var row = group.labels
      row["n"] = .int(group.finished.count)
      for (name, value) in [
        ("unmoved", group.statistics("unmoved").mean), ("mostUnmoved", shares.max()),
        ("testAccuracy", group.statistics("testAccuracy").mean),
      ] {
        row[name] = value.map(JSONValue.double) ?? .null
      }
      row["paper"] = .string(paperFigure(group.method)?.text ?? "")
      return row
    }
    let percent = { (value: Double) in NumberText.fixed(value * 100, digits: 1) }
    return ResultTable(
      title: "Figure 5: elements of the blocks' last weights that training has not moved",
      columns: [
        .text("last scale", "variant"), .text("start", "method"),
        .number("n", "n") { NumberText.fixed($0, digits: 0) }, .number("not moved, %", "unmoved", percent),
        .number("in the worst block", "mostUnmoved", percent),
        ResultTable.Column("paper", isNumber: true) { $0.text("paper") ?? "" },
        .number("test accuracy, %", "testAccuracy", percent),
      ], rows: rows,
      notes: ["Shares of every block and epoch are in each record's metrics.jsonl."])
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    var reasons: [String] = []
    var signs: [Int] = []
    for variant in Variant.allCases.map(\.rawValue) {
      func group(_ method: String) -> SeedGroup? {
        groups.first { $0.label("variant") == variant && $0.method == method && !$0.finished.isEmpty }
      }
      guard let zero = group("idinit-zero"), let nearZero = group("idinit") else { continue }
      func unmoved(_ run: FinishedRun) -> Double { run.results.number("unmoved") ?? .nan }
      // Shares near 0 or 1 have no deviation to judge by: every seed must have it.
      let stuck = zero.agreement { unmoved($0) > 0.5 }
      let moved = nearZero.agreement { unmoved($0) < 0.01 }
      let sign = moved < 0 ? -1 : stuck > 0 && moved > 0 ? 1 : 0
      signs.append(sign)
      func text(_ group: SeedGroup) -> String {
        (group.statistics("unmoved").text(digits: 1, factor: 100) ?? "–") + " % from \(group.method)"
          + " (\(group.seeds))"
      }
      let word = sign > 0 ? "as claimed" : sign < 0 ? "against the claim" : "not clear"
      reasons.append("\(variant), \(word): \(text(zero)), \(text(nearZero))")
    }
    guard !reasons.isEmpty else { return Verdict(.notJudged, "zero and IDIZC were not both run to the end") }
    if let single = Verdict.ofOneSeed(groups) { return single }
    // The paper does not say which of the variants its figure shows: one is enough, if the other does not contradict.
    let decisive = signs.filter { $0 != 0 }
    return Verdict(
      signs: decisive, expected: max(1, decisive.count),
      reason: "elements not moved, by variant: " + reasons.joined(separator: "; "))
  }
}
