import Lab

/// Runs that differ in their seeds alone, and what they have in common.
struct SeedGroup {
  /// The labels of its runs but for the seed.
  let labels: Row
  private(set) var runs: [FinishedRun]

  /// The groups of `runs`, in the order of their first runs.
  static func groups(_ runs: [FinishedRun]) -> [SeedGroup] {
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

  func values(_ name: String) -> [Double] { runs.compactMap { $0.results.number(name) } }
  func statistics(_ name: String) -> Statistics { Statistics(values(name)) }

  /// Mean test accuracy and its standard error: what comes from the finite test set and what comes from seeds.
  var accuracy: (mean: Double, error: Double) {
    let statistics = statistics("testAccuracy")
    let mean = statistics.mean ?? .nan
    // One test set serves all seeds, so its share of the error does not shrink with their number.
    let tested = runs.compactMap { $0.results.number("testCount") }.first ?? 1
    let ofTest = mean * (1 - mean) / tested
    let ofSeeds = statistics.deviation.map { $0 * $0 / Double(statistics.count) } ?? 0
    return (mean, (ofTest + ofSeeds).squareRoot())
  }

  /// How two starts compare in test accuracy.
  struct Comparison {
    /// 1: this is more accurate by more than two standard errors; −1: the other is; 0: neither.
    var sign: Int
    /// "+0.42 points, standard error 0.17".
    var text: String
  }

  /// This group's accuracy against that of `other`; nil where both only diverged.
  func compared(with other: SeedGroup) -> Comparison? {
    if finished.isEmpty || other.finished.isEmpty {
      guard finished.isEmpty != other.finished.isEmpty else { return nil }
      return Comparison(
        sign: finished.isEmpty ? -1 : diverged == 0 ? 1 : 0,
        text: "\(finished.isEmpty ? method : other.method) diverged")
    }
    let (a, b) = (accuracy, other.accuracy)
    let difference = a.mean - b.mean
    let error = (a.error * a.error + b.error * b.error).squareRoot()
    var sign = difference > 2 * error ? 1 : difference < -2 * error ? -1 : 0
    var text =
      "\(difference < 0 ? "−" : "+")\(NumberText.fixed(abs(difference) * 100, digits: 2)) points, "
      + "standard error \(NumberText.fixed(error * 100, digits: 2))"
    let lost = [self, other].filter { $0.diverged > 0 }
    if !lost.isEmpty {
      // A mean over the seeds that survived flatters: it can show nothing, unless it is lower all the same.
      if sign > 0 || other.diverged > 0 { sign = 0 }
      let parts = lost.map { "\($0.diverged) of \($0.runs.count) seeds of \($0.method)" }
      text += " over the seeds that did not diverge (\(parts.joined(separator: ", ")) did)"
    }
    return Comparison(sign: sign, text: text)
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

  /// "93.41 ± 0.10", the deviation where there is one; `factor` 100 makes percentages of shares.
  func text(digits: Int, factor: Double = 1) -> String? {
    mean.map {
      NumberText.fixed($0 * factor, digits: digits)
        + (deviation.map { " ± " + NumberText.fixed($0 * factor, digits: digits) } ?? "")
    }
  }
}
