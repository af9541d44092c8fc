import Foundation
import Lab

extension Figure15 {
  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let rows = SeedGroup.groups(runs).map { group -> Row in
      var row = group.labels
      row["n"] = .int(group.runs.count)
      row["diverged"] = .int(group.diverged)
      // What is known of a run that diverged is known as well: its Jacobians.
      for name in ["chiAtStart", "chiLargest", "chi"] {
        row[name] = Statistics(group.runs.compactMap { $0.results.number(name) }).mean.map(JSONValue.double) ?? .null
      }
      for name in ["trainLoss", "testAccuracy"] {
        row[name] = group.statistics(name).mean.map(JSONValue.double) ?? .null
      }
      row["paper"] = .string(paperFigure(group.method)?.text ?? "")
      return row
    }
    return ResultTable(
      title: "Figure 15: the mean squared singular value χ of the input-output Jacobian",
      columns: [
        .text("start", "method"), .number("n", "n") { NumberText.fixed($0, digits: 0) },
        .number("χ at start", "chiAtStart") { NumberText.three($0) },
        .number("largest χ", "chiLargest") { NumberText.three($0) },
        .number("χ at end", "chi") { NumberText.three($0) },
        ResultTable.Column("paper", isNumber: true) { $0.text("paper") ?? "" },
        ResultTable.Column("train loss", isNumber: true) { row in
          row.number("trainLoss").map { ProgressText.short($0) } ?? "diverged"
        },
        .number("test accuracy, %", "testAccuracy") { NumberText.fixed($0 * 100, digits: 1) },
      ], rows: rows,
      notes: [
        "Means over n seeds; at the start and after every epoch χ is the mean over jacobian.images test images. Histograms "
          + "of the singular values' logarithms are in each record's metrics.jsonl."
      ])
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    guard let ours = groups.first(where: { $0.method == "idinit" }),
      let theirs = groups.first(where: { ["kaiming", "default"].contains($0.method) })
    else { return Verdict(.notJudged, "IDInit and the default, Kaiming, were not both run") }
    if let single = Verdict.ofOneSeed([ours, theirs]) { return single }
    func chi(_ group: SeedGroup, _ name: String) -> [Double] { group.runs.compactMap { $0.results.number(name) } }
    // The paper's "around 1": within a factor of two.
    let isOne = ours.agreement { (0.5...2).contains($0.results.number("chiAtStart") ?? .nan) }
    let isLarge = theirs.agreement { ($0.results.number("chiLargest") ?? 0) > 2000 }
    let isLess = separated(
      ours.runs.map { size($0, "chiByEpoch") }, below: theirs.runs.map { size($0, "chiByEpoch") })
    let isFaster = separated(ours.runs.map(loss), below: theirs.runs.map(loss))
    func text(_ values: [Double]) -> String { values.map { NumberText.three($0) }.joined(separator: ", ") }
    let reason =
      "χ from IDInit (\(ours.seeds)) at the start \(text(chi(ours, "chiAtStart"))), at most "
      + "\(text(chi(ours, "chiLargest"))); from \(theirs.method) (\(theirs.seeds)) \(text(chi(theirs, "chiAtStart"))), at most "
      + "\(text(chi(theirs, "chiLargest"))); the training loss after the last epoch \(text(losses(ours))) and "
      + "\(text(losses(theirs)))"
      + " (compared are geometric means over epochs; clear: ranks apart, at 5 % for both comparisons together)"
    return Verdict(signs: [isOne, isLarge, isLess, isFaster], expected: 4, reason: reason)
  }

  /// Of χ and of losses.
  private static let comparisons = 2.0

  /// The mean over epochs of the logarithm. What is not finite, or was never noted, is larger than anything.
  private static func size(_ run: FinishedRun, _ name: String) -> Double {
    let all = (run.results[name]?.elements ?? []).map { $0.number ?? .nan }
    guard !all.isEmpty, all.allSatisfy(\.isFinite) else { return .infinity }
    return all.reduce(0) { $0 + log($1) } / Double(all.count)
  }

  /// ``size(_:_:)`` of the training loss; who diverged has lost.
  private static func loss(_ run: FinishedRun) -> Double {
    run.status == .finished ? size(run, "trainLossByEpoch") : .infinity
  }

  /// A training that diverged has lost.
  private static func losses(_ group: SeedGroup) -> [Double] {
    group.runs.map { $0.status == .finished ? $0.results.number("trainLoss") ?? .infinity : .infinity }
  }

  /// 1: every seed's value is below every seed's of the others; −1: above; 0: neither, or of so few seeds that it shows
  /// nothing.
  ///
  /// What spans twenty decades has no standard deviation to go by, so ranks are compared (Wilcoxon): were there no
  /// difference, the two groups would lie apart, either way round, with the probability 2 / (n + m over n). With five seeds
  /// of each it is 0.8 %, with three 10 %.
  static func separated(_ values: [Double], below others: [Double]) -> Int {
    guard let least = values.min(), let most = values.max(), let lower = others.min(), let upper = others.max()
    else { return 0 }
    let orders = (1...values.count).reduce(1.0) { $0 * Double(others.count + $1) / Double($1) }
    guard 2 / orders <= Confidence.level / comparisons else { return 0 }
    return most < lower ? 1 : least > upper ? -1 : 0
  }
}
