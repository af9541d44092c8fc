import Foundation

/// Mean and spread of the values that a quantity has over seeds; what cannot be shown is only counted.
struct SeedStatistics {
  /// Values that count.
  let n: Int
  /// Values that were left out.
  let omitted: Int
  /// NaN if nothing counts.
  let mean: Double
  let least: Double
  let most: Double
  /// Over n − 1; nil for fewer than two values.
  let deviation: Double?

  init(_ values: [Double], where isShown: (Double) -> Bool = \.isFinite) {
    let shown = values.filter(isShown)
    n = shown.count
    omitted = values.count - shown.count
    // Divided first: the sum of a few huge losses must not overflow.
    let mean = shown.isEmpty ? .nan : shown.reduce(0) { $0 + $1 / Double(shown.count) }
    self.mean = mean
    least = shown.min() ?? .nan
    most = shown.max() ?? .nan
    let squares = shown.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = shown.count > 1 ? (squares / Double(shown.count - 1)).squareRoot() : nil
    self.deviation = deviation.flatMap { $0.isFinite ? $0 : nil }
  }
}
