/// How long steps of known kinds still take: as long as others of their kind took, else as long as the mean of all.
struct StepTimes {
  private var seconds: [String: [Double]] = [:]
  private var spent = 0.0

  /// One step is done.
  mutating func add(_ kind: String, seconds taken: Double) {
    seconds[kind, default: []].append(taken)
    spent += taken
  }

  /// - Parameter kinds: Those of the steps that are not done yet.
  /// - Returns: The share of the time that is over, and the seconds left; nil before the first step is done.
  func estimate(left kinds: [String]) -> (fraction: Double, secondsLeft: Double?) {
    let known = seconds.values.flatMap { $0 }
    guard !known.isEmpty else { return (0, nil) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let left = kinds.reduce(0) { $0 + mean(seconds[$1] ?? known) }
    return (spent + left > 0 ? spent / (spent + left) : 0, left)
  }
}
