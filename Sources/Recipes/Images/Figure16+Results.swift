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

  /// Neither by `failing` nor at the end has it learnt anything: who only starts slowly does not fail.
  static func fails(_ run: FinishedRun) -> Bool {
    run.status == .diverged && (run.results.number("epoch") ?? .infinity) <= Double(failing)
      || !isLearnt(accuracy(run), run) && !trains(run)
  }

  /// A hundred times the input's size is no scale to train at; the paper gives no number.
  static func explodes(_ run: FinishedRun) -> Bool {
    if run.status == .diverged, (run.results.number("epoch") ?? .infinity) <= Double(failing) { return true }
    let limit = 100 * (run.results.number("inputStd") ?? 1)
    return outputs(run).prefix(failing + 1).contains { $0 > limit || $0.isNaN }
  }

  /// The outputs' standard deviation at the start and after every epoch.
  private static func outputs(_ run: FinishedRun) -> [Double] {
    (run.results["outputStdByEpoch"]?.elements ?? []).map { $0.number ?? .nan }
  }

  /// Whether the outputs' standard deviation, after the paper's four epochs (or half of fewer), stays within a factor of
  /// ten, which is ours, the paper has none: the last epochs alone, where the rate is nearly 0, would always be stable.
  static func isStable(_ run: FinishedRun) -> Bool {
    let all = outputs(run)
    let late = all.dropFirst(min(failing, all.count / 2))
    guard run.status == .finished, late.count > 1, late.allSatisfy(\.isFinite), let least = late.min(),
      let most = late.max()
    else { return false }
    return least > 0 && most < 10 * least
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
