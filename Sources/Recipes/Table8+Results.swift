import Lab

extension Table8 {
  /// A row for every variant and method: accuracy as mean ± standard deviation over seeds.
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let groups = SeedGroup.groups(runs)
    let rows = groups.map { group -> Row in
      let accuracy = group.statistics("testAccuracy")
      var row: Row = [
        "variant": .string(group.label("variant")), "method": .string(group.method), "n": .int(group.finished.count),
        "diverged": .int(group.diverged),
      ]
      func put(_ name: String, _ value: Double?) { row[name] = value.map(JSONValue.double) ?? .null }
      put("testAccuracy", accuracy.mean)
      put("testAccuracyStd", accuracy.deviation)
      put("testLoss", group.statistics("testLoss").mean)
      put("trainLoss", group.statistics("trainLoss").mean)
      // An average over those seeds only that reached it would flatter; all must have.
      for name in ["epochsTo90", "epochsTo95"] {
        let values = group.values(name)
        put(name, values.count == group.runs.count ? Statistics(values).mean : nil)
      }
      row["paper"] = .string(paperFigure(group.label("variant"), group.method)?.text ?? "")
      return row
    }
    let epochs = { (value: Double) in NumberText.fixed(value, digits: value == value.rounded() ? 0 : 1) }
    return ResultTable(
      title: "Table 8: Linear-5 on digits",
      columns: [
        .text("variant", "variant"), .text("method", "method"), .number("n", "n") { NumberText.fixed($0, digits: 0) },
        ResultTable.Column("test accuracy", isNumber: true) { row in
          guard let mean = row.number("testAccuracy") else { return "diverged" }
          let deviation = row.number("testAccuracyStd").map { " ± " + NumberText.fixed($0 * 100, digits: 2) } ?? ""
          return NumberText.fixed(mean * 100, digits: 2) + deviation + " %"
        },
        .number("test loss", "testLoss") { NumberText.fixed($0, digits: 4) },
        .number("train loss", "trainLoss") { NumberText.fixed($0, digits: 4) },
        .number("to 90 %", "epochsTo90", epochs), .number("to 95 %", "epochsTo95", epochs),
        ResultTable.Column("paper", isNumber: true) { $0.text("paper") ?? "" },
      ],
      rows: rows,
      notes: [
        "Accuracy and loss after the last epoch; to 90 % and to 95 %: the first epoch with that test accuracy.",
        SeedGroup.testSetNote(groups),
      ].compactMap { $0 })
  }

  /// Whether IDInit is more accurate than the default in every variant (Student's t: `Confidence`).
  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    let variants = Settings.Variant.allCases.map(\.rawValue)
    let confidence = Confidence(comparisons: variants.count)
    var sentences: [String] = []
    var signs: [Int] = []
    for variant in variants {
      let here = groups.filter { $0.label("variant") == variant }
      guard let ours = here.first(where: { $0.method == "idinit" }),
        let theirs = here.first(where: { $0.method == "default" })
      else { continue }
      let comparison = ours.compared(with: theirs, SeedGroup.accuracySpread(here), confidence)
      signs.append(comparison.sign)
      sentences.append("\(variant): \(comparison.text)")
    }
    guard !signs.isEmpty else { return Verdict(.notJudged, "no variant has both idinit and default") }
    if let single = Verdict.ofOneSeed(groups) { return single }
    let reason =
      "Test accuracy of idinit over that of default: \(sentences.joined(separator: "; ")) (\(confidence.text(SeedGroup.accuracySpread(groups))))"
    return Verdict(signs: signs, expected: variants.count, reason: reason)
  }
}
