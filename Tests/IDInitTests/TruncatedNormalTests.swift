import Foundation
import TestSupport
import Testing

@testable import IDInit

@Suite struct TruncatedNormalTests {
  private func draw(_ rule: TruncatedNormalRule, count: Int) throws -> [Double] {
    try Rule.truncatedNormal(rule).values(
      geometry: .elements(shape: [count]), as: Double.self, seed: 0, name: "w")
  }

  /// Intervals for every kind of proposal: wide, narrow about 0, one-sided, tails on either side, far tails.
  static let intervals: [(Double, Double)] = [
    (-2, 2), (-1, 3), (0, 3), (-0.3, 0.4), (-1, 1), (0, 0.5), (1, 1.2), (1, 4), (2, 9), (-3, -1), (-9, -2), (-4, 0),
    (6, 7), (8, 8.01), (-12, -10),
  ]

  /// Mass and moments of the tail, scaled by the density at the nearer end so that nothing underflows: Simpson's rule
  /// with 20,000 steps, error far below the sampling error.
  private func integral(_ a: Double, _ b: Double, _ f: (Double) -> Double) -> Double {
    let reference = a > 0 ? a : (b < 0 ? b : 0)
    let (lower, upper) = (max(a, reference - 12), min(b, reference + 12))
    let steps = 20_000
    let h = (upper - lower) / Double(steps)
    var sum = 0.0
    for i in 0...steps {
      let x = lower + Double(i) * h
      let weight = i == 0 || i == steps ? 1.0 : (i % 2 == 1 ? 4 : 2)
      sum += weight * f(x) * exp((reference - x) * (reference + x) / 2)
    }
    return sum * h / 3
  }

  @Test(arguments: intervals)
  func momentsAndBounds(a: Double, b: Double) throws {
    let sample = try draw(TruncatedNormalRule(bounds: .absolute(low: a, high: b)), count: 20_000)
    #expect(sample.allSatisfy { $0 >= a && $0 <= b })
    let mass = integral(a, b) { _ in 1 }
    let mean = integral(a, b) { $0 } / mass
    let variance = integral(a, b) { ($0 - mean) * ($0 - mean) } / mass
    let fourth = integral(a, b) { pow($0 - mean, 4) } / mass
    let m = Moments(sample)
    let n = Double(sample.count)
    #expect(abs(m.mean - mean) < 4 * (variance / n).squareRoot())
    #expect(abs(m.variance - variance) < 4 * ((fourth - variance * variance) / n).squareRoot())
  }

  @Test func distributionBetweenTwoDeviations() throws {
    // Through the float path, whose redraws are its own.
    let sample = try Rule.truncatedNormal(TruncatedNormalRule(mean: 3, std: 0.5)).values(
      geometry: .elements(shape: [60_000]), as: Float.self, seed: 0, name: "w"
    ).map { (Double($0) - 3) / 0.5 }
    let mass = StandardNormal.cdf(2) - StandardNormal.cdf(-2)
    func cdf(_ x: Double) -> Double { min(1, max(0, (StandardNormal.cdf(x) - StandardNormal.cdf(-2)) / mass)) }
    #expect(KolmogorovSmirnov(sample, cdf: cdf).pValue > 1e-3)
    #expect(KolmogorovSmirnov(sample.map { $0 * 1.05 }, cdf: cdf).pValue < 1e-6)
    #expect(sample.allSatisfy { abs($0) <= 2 })
    // The number that LeCun's initialisers divide by.
    #expect(abs(Moments(sample).variance.squareRoot() - 0.87962566) < 0.01)
  }

  @Test(arguments: [(6.0, 7.0), (-7, -6), (1, 4), (2.0, .infinity), (-.infinity, -3.0)])
  func tailDistribution(a: Double, b: Double) throws {
    let sample = try draw(TruncatedNormalRule(bounds: .absolute(low: a, high: b)), count: 20_000)
    // From the nearer tail, so that nothing cancels.
    func tail(_ x: Double) -> Double { StandardNormal.cdf(-abs(x)) }
    let (near, far) = a > 0 ? (a, b) : (b, a)
    func cdf(_ x: Double) -> Double {
      let outer = (tail(near) - tail(x)) / (tail(near) - tail(far))
      return a > 0 ? outer : 1 - outer
    }
    #expect(KolmogorovSmirnov(sample, cdf: cdf).pValue > 1e-3)
  }

  /// PyTorch's habit: bounds of ±2 with std 0.02 cut nothing off, and no value is thrown to a bound
  /// (pytorch/pytorch#145498).
  @Test func wideBoundsCutNothing() throws {
    let geometry = WeightGeometry.elements(shape: [20_000])
    let rule = TruncatedNormalRule(std: 0.02, bounds: .absolute(low: -2, high: 2))
    let sample = try Rule.truncatedNormal(rule).values(geometry: geometry, as: Float.self, seed: 0, name: "w")
    #expect(sample.allSatisfy { abs($0) < 0.2 })
    let normal = try Rule.normal(NormalRule(std: 0.02)).values(geometry: geometry, as: Float.self, seed: 0, name: "w")
    #expect(zip(sample, normal).allSatisfy { abs($0 - $1) < 1e-8 })
  }

  @Test func limits() {
    #expect(TruncatedNormalRule(mean: 1, std: 0.5).limits == (0, 2))
    #expect(TruncatedNormalRule(mean: 1, std: 0.5, bounds: .absolute(low: -4, high: 7)).limits == (-4, 7))
  }

  /// Single-precision values keep within bounds that single precision does not have.
  @Test func roundingStaysInside() throws {
    let rule = TruncatedNormalRule(std: 1, bounds: .absolute(low: 0.1, high: 0.1 + 1e-7))
    let sample = try Rule.truncatedNormal(rule).values(
      geometry: .elements(shape: [100]), as: Float.self, seed: 0, name: "w")
    #expect(sample.allSatisfy { Double($0) >= 0.1 && Double($0) <= 0.1 + 1e-7 })
  }
}
