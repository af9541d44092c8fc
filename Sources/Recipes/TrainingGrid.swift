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

  /// A row for every variant and method: accuracy as mean ± standard deviation over seeds.
  static func table(_ runs: [FinishedRun], title: String, paper: (String, String) -> String?) -> ResultTable {
    let groups = SeedGroup.groups(runs)
    let rows = groups.map { group -> Row in
      let accuracy = group.statistics("testAccuracy")
      let variant = group.label("variant")
      var row: Row = [
        "variant": .string(variant), "method": .string(group.method), "n": .int(group.finished.count),
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
      row["paper"] = .string(paper(variant, group.method) ?? "")
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
      notes: [
        "Accuracy and loss after the last epoch; to 90 % and to 95 %: the first epoch with that test accuracy.",
        SeedGroup.testSetNote(groups),
      ].compactMap { $0 })
  }

  /// Whether `method` is more accurate than `other` in every variant (``Confidence``).
  static func verdict(_ runs: [FinishedRun], method: String, over other: String, variants: [String]) -> Verdict {
    let groups = SeedGroup.groups(runs)
    let confidence = Confidence(comparisons: variants.count)
    var sentences: [String] = []
    var signs: [Int] = []
    for variant in variants {
      let here = groups.filter { $0.label("variant") == variant }
      func group(_ method: String) -> SeedGroup? { here.first { $0.method == method } }
      guard let ours = group(method), let theirs = group(other) else { continue }
      let comparison = ours.compared(with: theirs, SeedGroup.accuracySpread(here), confidence)
      signs.append(comparison.sign)
      sentences.append("\(variant): \(comparison.text)")
    }
    guard !signs.isEmpty else { return Verdict(.notJudged, "no variant has both \(method) and \(other)") }
    let reason =
      "Test accuracy of \(method) over that of \(other): \(sentences.joined(separator: "; ")) (\(confidence.text))"
    return Verdict(signs: signs, expected: variants.count, reason: reason)
  }
}
