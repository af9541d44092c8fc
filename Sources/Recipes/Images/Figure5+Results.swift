import Lab

extension Figure5 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let rows = SeedGroup.groups(runs).map { group -> Row in
      let shares = group.runs.flatMap { run in
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
    var (seen, contradicted) = (false, false)
    for variant in Variant.allCases.map(\.rawValue) {
      func share(_ method: String) -> Double? {
        groups.first { $0.label("variant") == variant && $0.method == method }?.statistics("unmoved").mean
      }
      guard let zero = share("idinit-zero"), let nearZero = share("idinit") else { continue }
      reasons.append(
        "\(variant): \(NumberText.fixed(zero * 100, digits: 1)) % from zero, "
          + "\(NumberText.fixed(nearZero * 100, digits: 1)) % from IDIZC")
      if zero > 0.5, nearZero < 0.01 { seen = true }
      if nearZero > 0.01 { contradicted = true }
    }
    guard !reasons.isEmpty else { return Verdict(.notJudged, "zero and IDIZC were not both run") }
    let reason = "elements not moved: " + reasons.joined(separator: "; ")
    return Verdict(contradicted ? .refuted : seen ? .confirmed : .notSeen, reason)
  }
}
