import Foundation

/// Bins of equal width for natural logarithms.
public struct LogHistogram: Codable, Hashable, Sendable {
  /// The logarithm where the first bin begins.
  public var lowest: Double
  /// The logarithm where the last bin ends.
  public var highest: Double
  /// How many there are.
  public var bins: Int

  func validate(_ key: String) throws(SettingError) {
    try Check.finite(lowest, "\(key).lowest")
    guard highest > lowest, (highest - lowest).isFinite else {
      throw SettingError(
        "\(key).highest", found: "\(highest)",
        expected: "a number above \(key).lowest, \(lowest), by less than 1.8e308")
    }
    try Check.atLeast(1, bins, "\(key).bins", atMost: 10_000)
  }

  /// How many of `values` have their logarithm in each bin; what is outside, a 0 too, goes to the outermost, what is no
  /// number nowhere.
  func counts(_ values: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: bins)
    for value in values where !value.isNaN {
      // A width that is not finite is refused above; a logarithm that is −∞ goes to the first bin.
      let place = (log(max(value, 0)) - lowest) / (highest - lowest) * Double(bins)
      guard !place.isNaN else { continue }
      counts[Int(min(max(place, 0), Double(bins - 1)))] += 1
    }
    return counts
  }
}
