import Lab

extension Figure14 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let rows = SeedGroup.groups(runs).map { group -> Row in
      var row = group.labels
      row["n"] = .int(group.finished.count)
      for name in [
        "zerosAtStart", "zerosLeast", "zeros", "nearlyZeroAtStart", "nearlyZeroLeast", "nearlyZero", "testAccuracy",
      ] {
        row[name] = group.statistics(name).mean.map(JSONValue.double) ?? .null
      }
      return row
    }
    let percent = { (value: Double) in NumberText.fixed(value * 100, digits: 1) }
    return ResultTable(
      title: "Figure 14: zeros among the first convolution's weights, %",
      columns: [
        .text("start", "method"), .number("n", "n") { NumberText.fixed($0, digits: 0) },
        .number("0 at start", "zerosAtStart", percent), .number("0 at end", "zeros", percent),
        .number("near 0 at start", "nearlyZeroAtStart", percent),
        .number("least", "nearlyZeroLeast", percent), .number("at end", "nearlyZero", percent),
        .number("test accuracy, %", "testAccuracy", percent),
      ], rows: rows,
      notes: [
        "Near 0: below histogram.nearlyZero; least: in the epoch that has the fewest. Histograms of every epoch are in each "
          + "record's metrics.jsonl."
      ])
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    func values(_ method: String, _ name: String) -> Double? {
      groups.first { $0.method == method }?.statistics(name).mean
    }
    guard let ours = values("idinit", "nearlyZero"), let theirs = values("kaiming", "nearlyZero"),
      let least = values("idinit", "nearlyZeroLeast"), let exact = values("idinit", "zeros")
    else { return Verdict(.notJudged, "IDInit and Kaiming were not both run") }
    func percent(_ value: Double) -> String { NumberText.fixed(value * 100, digits: 1) + " %" }
    let reason =
      "at the end \(percent(ours)) of the weights from IDInit and \(percent(theirs)) from Kaiming are nearly zero (at least "
      + "\(percent(least)) from IDInit in every epoch); \(percent(exact)) from IDInit are exactly zero"
    return Verdict(ours > theirs && least > theirs ? .confirmed : ours > theirs ? .notSeen : .refuted, reason)
  }
}
