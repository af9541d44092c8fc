import Foundation

/// The Kolmogorov-Smirnov test of a sample against a continuous distribution function.
public struct KolmogorovSmirnov: Sendable {
  /// Greatest distance of the two distribution functions.
  public let distance: Double
  /// Probability of a distance at least as great if the sample is from the distribution.
  public let pValue: Double

  public init(_ sample: [Double], cdf: (Double) -> Double) {
    let sorted = sample.sorted()
    let n = Double(sorted.count)
    var distance = 0.0
    for (index, value) in sorted.enumerated() {
      let expected = cdf(value)
      distance = max(distance, expected - Double(index) / n, Double(index + 1) / n - expected)
    }
    self.distance = distance
    // Kolmogorov's limit with Stephens' correction for finite samples (Numerical Recipes, 14.3).
    let root = n.squareRoot()
    let lambda = (root + 0.12 + 0.11 / root) * distance
    var sum = 0.0
    for k in 1...100 {
      let term = exp(-2 * Double(k * k) * lambda * lambda)
      sum += k % 2 == 1 ? term : -term
      if term < 1e-16 { break }
    }
    pValue = lambda < 0.2 ? 1 : min(1, max(0, 2 * sum))
  }
}

/// The moments of a sample about a point of reference: E[(x − center)^k].
public struct Moments: Sendable {
  public let mean: Double
  public let variance: Double
  public let skewness: Double
  /// 3 for the normal distribution.
  public let kurtosis: Double

  public init(_ sample: [Double]) {
    let n = Double(sample.count)
    let mean = sample.reduce(0, +) / n
    var (m2, m3, m4) = (0.0, 0.0, 0.0)
    for value in sample {
      let d = value - mean
      m2 += d * d
      m3 += d * d * d
      m4 += d * d * d * d
    }
    self.mean = mean
    variance = m2 / n
    skewness = m3 / n / pow(m2 / n, 1.5)
    kurtosis = m4 / n / (m2 / n * m2 / n)
  }
}

/// Pearson's correlation of two samples of one length; its standard error is 1/√n if they are independent.
public func correlation(_ a: [Double], _ b: [Double]) -> Double {
  let (ma, mb) = (Moments(a), Moments(b))
  var sum = 0.0
  for (x, y) in zip(a, b) { sum += (x - ma.mean) * (y - mb.mean) }
  return sum / Double(a.count) / (ma.variance * mb.variance).squareRoot()
}

/// Distribution and density of the standard normal distribution.
public enum StandardNormal {
  public static func cdf(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
  public static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
}
