import Foundation

/// Student's t distribution with a whole number of degrees of freedom, or the normal one, its limit.
enum StudentT {
  /// The t that a value exceeds in size with the probability `level`: 2.776 at 5 % with 4 degrees of freedom.
  ///
  /// By bisection of the finite sums for the probability (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4).
  ///
  /// - Parameters:
  ///   - level: A probability, both sides together, in (0, 1).
  ///   - degrees: At least 1; nil for the normal distribution.
  /// - Returns: The positive quantile, within 1e-9 of itself for levels from 1e-6 up.
  static func limit(_ level: Double, degrees: Int?) -> Double {
    guard let degrees else {
      return bisected(0...40) { erfc($0 / 2.squareRoot()) > level }
    }
    let angle = bisected(0...(Double.pi / 2)) { 1 - within($0, degrees) > level }
    return Double(degrees).squareRoot() * tan(angle)
  }

  /// The probability of a size up to √degrees · tan(angle).
  private static func within(_ angle: Double, _ degrees: Int) -> Double {
    let (sine, cosine) = (sin(angle), cos(angle))
    let isOdd = degrees % 2 == 1
    // The first term, and from term to term one factor and a cosine squared.
    var term = isOdd ? cosine : 1
    var sum = degrees == 1 ? 0 : term
    for step in stride(from: isOdd ? 3 : 2, to: degrees, by: 2) {
      term *= Double(step - 1) / Double(step) * cosine * cosine
      sum += term
    }
    return isOdd ? 2 / Double.pi * (angle + sine * sum) : sine * sum
  }

  /// Where `isBelow` turns from true to false.
  private static func bisected(_ range: ClosedRange<Double>, _ isBelow: (Double) -> Bool) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if isBelow(middle) { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
