import Lab

extension Figure16 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let rows = SeedGroup.groups(runs).map { group -> Row in
      var row = group.labels
      row["n"] = .int(group.runs.count)
      row["diverged"] = .int(group.diverged)
      func put(_ name: String, _ values: [Double]) {
        row[name] = Statistics(values).mean.map(JSONValue.double) ?? .null
      }
      put("testAccuracy", group.values("testAccuracy"))
      put("divergedInEpoch", group.runs.filter { $0.status == .diverged }.compactMap { $0.results.number("epoch") })
      for name in ["inputStd", "outputStdAtStart", "outputStdLargest", "outputStd"] {
        put(name, group.runs.compactMap { $0.results.number(name) })
      }
      return row
    }
    let three = { (value: Double) in NumberText.three(value) }
    return ResultTable(
      title: "Figure 16: Res-112, accuracy and the standard deviation of the logits",
      columns: [
        .text("start", "method"), .number("n", "n") { NumberText.fixed($0, digits: 0) },
        ResultTable.Column("test accuracy, %", isNumber: true) { row in
          row.number("testAccuracy").map { NumberText.fixed($0 * 100, digits: 1) } ?? "diverged"
        },
        ResultTable.Column("diverged", isNumber: true) { row in
          guard let count = row.number("diverged"), count > 0, let epoch = row.number("divergedInEpoch") else {
            return "no"
          }
          return
            "\(NumberText.fixed(count, digits: 0)), epoch \(NumberText.fixed(epoch, digits: epoch == epoch.rounded() ? 0 : 1))"
        },
        .number("std of input", "inputStd", three), .number("of logits at start", "outputStdAtStart", three),
        .number("largest", "outputStdLargest", three), .number("at end", "outputStd", three),
      ], rows: rows,
      notes: [
        "Means over n seeds; of a training that diverged, standard deviations are those before the epoch in which it did. All "
          + "epochs are in each record's metrics.jsonl."
      ])
  }

  /// The test accuracy by `failing`, or after the last epoch if there are fewer.
  private static func accuracy(_ run: FinishedRun) -> Double? {
    let all = (run.results["testAccuracyByEpoch"]?.elements ?? []).compactMap(\.number)
    return all.count > failing ? all[failing] : all.last
  }

  /// Whether an accuracy is more than a guess, by three standard errors of a guess's.
  private static func isLearnt(_ accuracy: Double?, _ run: FinishedRun) -> Bool {
    let error = (0.1 * 0.9 / (run.results.number("testCount") ?? run.settings["data"]?["testCount"]?.number ?? 1))
      .squareRoot()
    return (accuracy ?? 0) > 0.1 + 3 * error
  }

  static func trains(_ run: FinishedRun) -> Bool {
    run.status == .finished && isLearnt(run.results.number("testAccuracy"), run)
  }

  static func fails(_ run: FinishedRun) -> Bool {
    run.status == .diverged && (run.results.number("epoch") ?? .infinity) <= Double(failing)
      || !isLearnt(accuracy(run), run)
  }

  /// A hundred times the input's size is no scale to train at; the paper gives no number.
  static func explodes(_ run: FinishedRun) -> Bool {
    let size = run.results.number("outputStdLargest") ?? .nan
    return run.status == .diverged || size > 100 * (run.results.number("inputStd") ?? 1)
  }

  /// Whether the last epoch has changed the outputs' standard deviation by less than a factor of two.
  static func isStable(_ run: FinishedRun) -> Bool {
    let all = (run.results["outputStdByEpoch"]?.elements ?? []).compactMap(\.number)
    guard run.status == .finished, all.count > 2 else { return false }
    let ratio = all[all.count - 1] / all[all.count - 2]
    return ratio > 0.5 && ratio < 2
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    guard let ours = groups.first(where: { $0.method == "idinit" }) else {
      return Verdict(.notJudged, "IDInit was not run")
    }
    let others = ["kaiming", "fixup-weights"].compactMap { method in groups.first { $0.method == method } }
    guard others.count == 2 else { return Verdict(.notJudged, "Kaiming and Fixup's weights were not both run") }
    if let single = Verdict.ofOneSeed([ours] + others) { return single }
    var signs = [ours.agreement(trains), ours.agreement(isStable)]
    for other in others {
      let failing = other.agreement(fails)
      // One that fails without exploding does not show why.
      signs.append(failing > 0 ? max(0, other.agreement(explodes)) : failing)
    }
    let reason = ([ours] + others).map { group -> String in
      let accuracy = group.statistics("testAccuracy").text(digits: 1, factor: 100).map { ", \($0) %" } ?? ""
      let largest = group.runs.compactMap { $0.results.number("outputStdLargest") }.max() ?? .nan
      return
        "\(group.method) (\(group.seeds)): \(group.runs.count(where: trains)) train\(accuracy), \(group.diverged) diverged, "
        + "\(group.runs.count(where: fails)) failed by epoch \(failing), outputs up to \(NumberText.three(largest))"
    }.joined(separator: "; ")
    let single = ([ours] + others).contains { $0.runs.count < 2 } ? "; one seed of some" : ""
    return Verdict(signs: signs, expected: 4, reason: reason + single)
  }
}
