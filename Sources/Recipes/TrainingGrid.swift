import Foundation
import IDInit
import Lab
import Networks
import Torch

/// Classification trainings over variants × methods × seeds: what the recipes of that kind have in common.
enum TrainingGrid {
  struct Point: Sendable {
    var variant: String
    var method: String
    var seed: Int

    var name: String { "\(variant)-\(method)-seed\(seed)" }
    var labels: Row { ["variant": .string(variant), "method": .string(method), "seed": .int(seed)] }
  }

  /// Variant by variant and seed by seed, methods next to each other.
  static func points(variants: [String], methods: [String], seeds: [Int]) -> [Point] {
    variants.flatMap { variant in
      seeds.flatMap { seed in methods.map { Point(variant: variant, method: $0, seed: seed) } }
    }
  }

  // MARK: Results

  private struct Group {
    var variant: String
    var method: String
    var runs: [FinishedRun]

    func values(_ name: String) -> [Double] { runs.compactMap { $0.results.number(name) } }
    var finished: [FinishedRun] { runs.filter { $0.status == .finished } }
  }

  private static func groups(_ runs: [FinishedRun]) -> [Group] {
    var groups: [Group] = []
    for run in runs {
      let (variant, method) = (run.label("variant"), run.label("method"))
      if let index = groups.firstIndex(where: { $0.variant == variant && $0.method == method }) {
        groups[index].runs.append(run)
      } else {
        groups.append(Group(variant: variant, method: method, runs: [run]))
      }
    }
    return groups
  }

  /// A row for every variant and method: accuracy as mean ± standard deviation over seeds.
  static func table(_ runs: [FinishedRun], title: String, paper: (String, String) -> String?) -> ResultTable {
    let rows = groups(runs).map { group -> Row in
      let accuracy = Statistics(group.values("testAccuracy"))
      var row: Row = [
        "variant": .string(group.variant), "method": .string(group.method), "n": .int(group.finished.count),
        "diverged": .int(group.runs.count - group.finished.count),
      ]
      func put(_ name: String, _ value: Double?) { row[name] = value.map(JSONValue.double) ?? .null }
      put("testAccuracy", accuracy.mean)
      put("testAccuracyStd", accuracy.deviation)
      put("testLoss", Statistics(group.values("testLoss")).mean)
      put("trainLoss", Statistics(group.values("trainLoss")).mean)
      // An average over those seeds only that reached it would flatter; all must have.
      for name in ["epochsTo90", "epochsTo95"] {
        let values = group.values(name)
        put(name, values.count == group.runs.count ? Statistics(values).mean : nil)
      }
      row["paper"] = .string(paper(group.variant, group.method) ?? "")
      return row
    }
    let epochs = { (value: Double) in NumberText.fixed(value, digits: value == value.rounded() ? 0 : 1) }
    return ResultTable(
      title: title,
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
      notes: ["Accuracy and loss after the last epoch; to 90 % and to 95 %: the first epoch with that test accuracy."])
  }

  /// Whether `method` is more accurate than `other` in every variant, against the uncertainty that comes from the
  /// finite test set and from seeds: two standard errors.
  static func verdict(_ runs: [FinishedRun], method: String, over other: String, variants: [String]) -> Verdict {
    let groups = groups(runs)
    var sentences: [String] = []
    var signs: [Int] = []
    for variant in variants {
      func group(_ method: String) -> Group? { groups.first { $0.variant == variant && $0.method == method } }
      guard let ours = group(method), let theirs = group(other) else { continue }
      if ours.finished.isEmpty || theirs.finished.isEmpty {
        guard ours.finished.isEmpty != theirs.finished.isEmpty else { continue }
        let isWhole = ours.finished.count == ours.runs.count
        signs.append(ours.finished.isEmpty ? -1 : isWhole ? 1 : 0)
        sentences.append("\(variant): \(ours.finished.isEmpty ? method : other) diverged")
        continue
      }
      let (a, b) = (uncertain(ours), uncertain(theirs))
      let difference = a.mean - b.mean
      let error = (a.error * a.error + b.error * b.error).squareRoot()
      var sign = difference > 2 * error ? 1 : difference < -2 * error ? -1 : 0
      var sentence =
        "\(variant): \(difference < 0 ? "−" : "+")\(NumberText.fixed(abs(difference) * 100, digits: 2)) points, "
        + "standard error \(NumberText.fixed(error * 100, digits: 2))"
      let lost = [ours, theirs].filter { $0.finished.count < $0.runs.count }
      if !lost.isEmpty {
        // A mean over the seeds that survived flatters: it can show nothing, unless it is lower all the same.
        if sign > 0 || theirs.finished.count < theirs.runs.count { sign = 0 }
        let parts = lost.map { "\($0.runs.count - $0.finished.count) of \($0.runs.count) seeds of \($0.method)" }
        sentence += " over the seeds that did not diverge (\(parts.joined(separator: ", ")) did)"
      }
      signs.append(sign)
      sentences.append(sentence)
    }
    guard !signs.isEmpty else { return Verdict(.notJudged, "no variant has both \(method) and \(other)") }
    let reason = "Test accuracy of \(method) over that of \(other): \(sentences.joined(separator: "; "))"
    if signs.contains(-1) { return Verdict(.refuted, reason) }
    return Verdict(signs.count == variants.count && signs.allSatisfy { $0 == 1 } ? .confirmed : .notSeen, reason)
  }

  private static func uncertain(_ group: Group) -> (mean: Double, error: Double) {
    let statistics = Statistics(group.values("testAccuracy"))
    let mean = statistics.mean ?? .nan
    let count = Double(statistics.count)
    // One test set serves all seeds, so its share of the error does not shrink with their number.
    let tested = group.runs.compactMap { $0.results.number("testCount") }.first ?? 1
    let ofTest = mean * (1 - mean) / tested
    let ofSeeds = statistics.deviation.map { $0 * $0 / count } ?? 0
    return (mean, (ofTest + ofSeeds).squareRoot())
  }
}

/// Mean and standard deviation (n − 1) of some values.
struct Statistics {
  let count: Int
  let mean: Double?
  /// Nil for fewer than two values.
  let deviation: Double?

  init(_ values: [Double]) {
    count = values.count
    guard !values.isEmpty else {
      mean = nil
      deviation = nil
      return
    }
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      values.count > 1
      ? (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot() : nil
  }
}
