import Lab

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

/// How much a value varies between runs that differ in their seeds alone: one standard deviation for all groups of an
/// experiment, since a group has few seeds or one.
struct SeedSpread {
  let deviation: Double
  /// Those of the deviation: a group of n seeds adds n − 1.
  let degrees: Int

  /// Nil where no group has two values.
  init?(_ groups: [[Double]]) {
    let several = groups.filter { $0.count > 1 }
    degrees = several.reduce(0) { $0 + $1.count - 1 }
    guard degrees > 0 else { return nil }
    let squares = several.reduce(0) { sum, values in
      let deviation = Statistics(values).deviation ?? 0
      return sum + deviation * deviation * Double(values.count - 1)
    }
    deviation = (squares / Double(degrees)).squareRoot()
  }
}
