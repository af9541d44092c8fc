import Foundation
import Lab

/// Runs that differ in their seeds alone, and what they have in common.
public struct SeedGroup {
  /// The labels of its runs but for the seed.
  public let labels: Row
  /// The runs, a seed each.
  public private(set) var runs: [FinishedRun]

  /// The groups of `runs`, in the order of their first runs.
  public static func groups(_ runs: [FinishedRun]) -> [SeedGroup] {
    var groups: [SeedGroup] = []
    for run in runs {
      var labels = run.labels
      labels["seed"] = nil
      if let index = groups.firstIndex(where: { $0.labels.json.means(labels.json) }) {
        groups[index].runs.append(run)
      } else {
        groups.append(SeedGroup(labels: labels, runs: [run]))
      }
    }
    return groups
  }

  func label(_ name: String) -> String { labels[name].map { $0.text ?? $0.line } ?? "" }
  var method: String { label("method") }

  var finished: [FinishedRun] { runs.filter { $0.status == .finished } }
  var diverged: Int { runs.count - finished.count }

  /// Of the runs that finished: what a diverged run leaves is half-way, or from before the first step.
  func values(_ name: String) -> [Double] { finished.compactMap { $0.results.number(name) } }
  func statistics(_ name: String) -> Statistics { Statistics(values(name)) }

  /// "one seed", "3 seeds".
  var seeds: String { runs.count == 1 ? "one seed" : "\(runs.count) seeds" }

  /// 1: something holds in every seed; −1: in none; 0: in some, or there is but one seed, which shows nothing of others.
  func agreement(_ holds: (FinishedRun) -> Bool) -> Int {
    let count = runs.count(where: holds)
    return runs.count < 2 ? 0 : count == runs.count ? 1 : count == 0 ? -1 : 0
  }
}

// MARK: Accuracy

extension SeedGroup {
  /// How many classes the data have: all sets of images here have ten.
  private var classes: Int {
    let name = runs.first?.settings["data"]?["name"]?.text
    return name.flatMap(SentenceDataSettings.Name.init(rawValue:))?.classCount ?? 10
  }

  /// Runs that finished with a training loss of a guess, within 1 %, or a greater one.
  var untrained: Int { values("trainLoss").count { $0 >= 0.99 * log(Double(classes)) } }

  /// The variance of a test accuracy that its finite test set makes; one test set serves all seeds.
  ///
  /// Binomial; where all or none are right that is 0, which is no certainty, and Wilson's (at one standard error) stands.
  func testVariance(of accuracy: Double) -> Double {
    let count = values("testCount").first ?? 1
    guard accuracy == 0 || accuracy == 1 else { return accuracy * (1 - accuracy) / count }
    // Half of 1/n / (1 + 1/n), squared.
    return 1 / (4 * (count + 1) * (count + 1))
  }

  /// The standard error of the mean accuracy that the test set makes alone, if there is any accuracy.
  var testSetError: Double? { statistics("testAccuracy").mean.map { max(0, testVariance(of: $0)).squareRoot() } }

  /// What a table says of the test set's error; nil without accuracies.
  static func testSetNote(_ groups: [SeedGroup]) -> String? {
    guard let error = groups.compactMap(\.testSetError).max(),
      let count = groups.compactMap({ $0.values("testCount").first }).first
    else { return nil }
    return "The test set of \(ProgressText.thousands(count)) alone makes an accuracy uncertain by "
      + "\(NumberText.fixed(error * 100, digits: error < 0.0001 ? 3 : error < 0.001 ? 2 : 1)) points (standard error, at most)."
  }

  /// What test accuracies vary by over seeds. Groups that never trained tell nothing about those that did.
  static func accuracySpread(_ groups: [SeedGroup]) -> SeedSpread? {
    SeedSpread(groups.filter { $0.untrained < $0.finished.count }.map { $0.values("testAccuracy") })
  }

  /// This group's test accuracy against that of `other`.
  ///
  /// - Parameters:
  ///   - other: Another group of the experiment.
  ///   - spread: The experiment's; nil where no group has two seeds.
  ///   - confidence: That of the verdict.
  /// - Returns: Which is more accurate, if it is clear.
  func compared(with other: SeedGroup, _ spread: SeedSpread?, _ confidence: Confidence) -> Comparison {
    let lost = [self, other].filter { $0.diverged > 0 }
    let whole = lost.filter { $0.finished.isEmpty }
    if let first = whole.first {
      let text = whole.map { "\($0.method) diverged (\($0.seeds))" }.joined(separator: ", ")
      // One seed that diverges says little: others of the same start may not.
      let isClear = lost.count == 1 && first.runs.count > 1
      return Comparison(sign: !isClear ? 0 : finished.isEmpty ? -1 : 1, text: text, isMeasured: false)
    }
    let (ours, theirs) = (statistics("testAccuracy"), other.statistics("testAccuracy"))
    let (a, b) = (ours.mean ?? .nan, theirs.mean ?? .nan)
    let difference = Difference(
      value: a - b, seeds: 1 / Double(ours.count) + 1 / Double(theirs.count),
      shared: testVariance(of: a) + other.testVariance(of: b))
    var result = Comparison(points: difference, spread, confidence)
    let single = [self, other].filter { $0.runs.count == 1 }
    if spread != nil, !single.isEmpty {
      result.text += single.count == 2 ? ", one seed each" : ", one seed of \(single[0].method)"
    }
    if !lost.isEmpty {
      // A mean over the seeds that survived flatters: it can show nothing, unless it is lower all the same.
      if result.sign > 0 || other.diverged > 0 { result.sign = 0 }
      let parts = lost.map { "\($0.diverged) of \($0.runs.count) seeds of \($0.method)" }
      result.text += " over the seeds that did not diverge (\(parts.joined(separator: ", ")) did)"
    }
    return result
  }
}
