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
        .number("near 0, least", "nearlyZeroLeast", percent), .number("near 0 at end", "nearlyZero", percent),
        .number("test accuracy, %", "testAccuracy", percent),
      ], rows: rows,
      notes: [
        "Near 0: below histogram.nearlyZero; least: in the epoch that has the fewest. Histograms of every epoch are in each "
          + "record's metrics.jsonl."
      ])
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    guard let ours = groups.first(where: { $0.method == "idinit" }),
      let theirs = groups.first(where: { $0.method == "kaiming" }), !ours.finished.isEmpty, !theirs.finished.isEmpty
    else { return Verdict(.notJudged, "IDInit and Kaiming were not both run to the end") }
    let epochs = min(epochs(ours), epochs(theirs))
    guard epochs > 0 else { return Verdict(.notJudged, "the runs have not noted what is nearly zero in every epoch") }
    if let single = Verdict.ofOneSeed([ours, theirs]) { return single }
    let confidence = Confidence(comparisons: epochs)
    var signs: [Int] = []
    var least: (difference: Double, epoch: Int)?
    // Epoch 0 is the start, which no training has made.
    for epoch in 1...epochs {
      let (a, b) = (values(ours, epoch), values(theirs, epoch))
      let value = (Statistics(a).mean ?? .nan) - (Statistics(b).mean ?? .nan)
      if value < least?.difference ?? .infinity { least = (value, epoch) }
      guard let spread = SeedSpread([a, b]) else {
        signs.append(0)
        continue
      }
      let difference = Difference(value: value, seeds: 1 / Double(a.count) + 1 / Double(b.count))
      let limit = confidence.judged(difference, spread).limit
      signs.append(value > limit ? 1 : value < -limit ? -1 : 0)
    }
    func points(_ value: Double) -> String {
      (value < 0 ? "−" : "+") + NumberText.fixed(abs(value) * 100, digits: 1) + " points"
    }
    var reason = "nearly zero from IDInit (\(ours.seeds)) beside Kaiming (\(theirs.seeds)): "
    reason += "clearly more after \(signs.count { $0 > 0 }) of \(epochs) epochs, clearly fewer after "
    reason += "\(signs.count { $0 < 0 })"
    if let least { reason += "; least \(points(least.difference)), after epoch \(least.epoch)" }
    let exact = ours.statistics("zeros").text(digits: 1, factor: 100) ?? "–"
    reason += "; exactly zero from IDInit at the end: \(exact) %"
    return Verdict(
      signs: signs, expected: epochs,
      reason: "\(reason) (\(confidence.text(SeedSpread([values(ours, epochs), values(theirs, epochs)]))))")
  }

  /// How many epochs all runs of a group have noted, but for the start.
  private static func epochs(_ group: SeedGroup) -> Int {
    (group.finished.map { ($0.results["nearlyZeroByEpoch"]?.elements?.count ?? 0) - 1 }.min() ?? 0)
  }

  private static func values(_ group: SeedGroup, _ epoch: Int) -> [Double] {
    group.finished.compactMap { $0.results["nearlyZeroByEpoch"]?.elements?[epoch].number }
  }
}
