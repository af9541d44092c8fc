import Foundation
import TestSupport
import Testing

@testable import IDInit

private func draw(_ rule: Rule, count: Int, seed: UInt64 = 0, name: String = "w") throws -> [Double] {
  try rule.values(geometry: .elements(shape: [count]), as: Float.self, seed: seed, name: name).map(Double.init)
}

@Suite struct DistributionTests {
  static let normals = Result { try draw(.normal(NormalRule()), count: 400_000) }

  @Test func normalMoments() throws {
    let sample = try Self.normals.get()
    let m = Moments(sample)
    let n = Double(sample.count)
    // Four standard errors: 1/√n, √(2/n), √(6/n), √(24/n).
    #expect(abs(m.mean) < 4 / n.squareRoot())
    #expect(abs(m.variance - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(m.skewness) < 4 * (6 / n).squareRoot())
    #expect(abs(m.kurtosis - 3) < 4 * (24 / n).squareRoot())
  }

  @Test func normalDistribution() throws {
    let sample = Array(try Self.normals.get().prefix(100_000))
    #expect(KolmogorovSmirnov(sample, cdf: StandardNormal.cdf).pValue > 1e-3)
    // The test has power: a scale that is wrong by 5 % is seen, either way, and so is a shift of 0.03.
    #expect(KolmogorovSmirnov(sample.map { $0 * 1.05 }, cdf: StandardNormal.cdf).pValue < 1e-6)
    #expect(KolmogorovSmirnov(sample.map { $0 * 0.95 }, cdf: StandardNormal.cdf).pValue < 1e-6)
    #expect(KolmogorovSmirnov(sample.map { $0 + 0.03 }, cdf: StandardNormal.cdf).pValue < 1e-6)
  }

  @Test(arguments: [2.0, 3, 4])
  func normalTails(bound: Double) throws {
    let sample = try Self.normals.get()
    let expected = Double(sample.count) * 2 * StandardNormal.cdf(-bound)
    let above = Double(sample.count { $0 > bound })
    let below = Double(sample.count { $0 < -bound })
    // Poisson counts: four standard errors, for both tails and for their difference.
    #expect(abs(above + below - expected) < 4 * expected.squareRoot())
    #expect(abs(above - below) < 4 * expected.squareRoot())
    if bound < 4 {
      // With a scale 5 % too large the tail would be far outside.
      let wrong = Double(sample.count) * 2 * StandardNormal.cdf(-bound / 1.05)
      #expect(abs(wrong - expected) > 4 * expected.squareRoot())
    }
  }

  /// Both halves of a pair, and each of the sixteen places of a group, are normal by themselves.
  @Test func everyPlaceOfAGroupIsNormal() throws {
    let sample = try Self.normals.get()
    for place in 0..<16 {
      let part = stride(from: place, to: 160_000, by: 16).map { sample[$0] }
      #expect(KolmogorovSmirnov(part, cdf: StandardNormal.cdf).pValue > 1e-4, "place \(place)")
    }
  }

  @Test func uniformDistribution() throws {
    let sample = try draw(.uniform(UniformRule(low: -3, high: 5)), count: 100_000)
    #expect(sample.allSatisfy { $0 >= -3 && $0 <= 5 })
    #expect(KolmogorovSmirnov(sample) { ($0 + 3) / 8 }.pValue > 1e-3)
    #expect(KolmogorovSmirnov(sample.map { ($0 - 1) * 1.05 + 1 }) { min(1, max(0, ($0 + 3) / 8)) }.pValue < 1e-6)
    let m = Moments(sample)
    // Variance 64/12, kurtosis 9/5; the variance's standard error is √((1.8 − 1)/n) of it.
    #expect(abs(m.mean - 1) < 4 * (64.0 / 12 / 100_000).squareRoot())
    #expect(abs(m.variance / (64.0 / 12) - 1) < 4 * (0.8 / 100_000).squareRoot())
  }

  @Test func streamsAreIndependent() throws {
    let count = 40_000
    let base = try draw(.normal(NormalRule()), count: count, seed: 0, name: "layer.0.weight")
    let others = [
      try draw(.normal(NormalRule()), count: count, seed: 0, name: "layer.1.weight"),
      try draw(.normal(NormalRule()), count: count, seed: 1, name: "layer.0.weight"),
      try draw(.normal(NormalRule()), count: count, seed: 1 << 32, name: "layer.0.weight"),
      try draw(.normal(NormalRule()), count: count, seed: 0, name: ""),
    ]
    for other in others {
      #expect(other != base)
      #expect(abs(correlation(base, other)) < 4 / Double(count).squareRoot())
    }
    // Neighbours, the two halves of a pair (4 apart), and neighbouring groups.
    for lag in [1, 2, 3, 4, 8, 12, 16] {
      let pairs = correlation(Array(base.dropLast(lag)), Array(base.dropFirst(lag)))
      #expect(abs(pairs) < 4 / Double(count - lag).squareRoot(), "lag \(lag)")
      let squares = correlation(base.dropLast(lag).map { $0 * $0 }, base.dropFirst(lag).map { $0 * $0 })
      #expect(abs(squares) < 4 / Double(count - lag).squareRoot(), "squares at lag \(lag)")
    }
  }

  @Test func doublesAreTheSameDeviates() throws {
    let geometry = WeightGeometry.elements(shape: [500])
    for rule in [
      Rule.normal(NormalRule(mean: 1, std: 2)), .uniform(UniformRule(low: -1, high: 2)),
      .truncatedNormal(TruncatedNormalRule(mean: 1, std: 2)),
    ] {
      let single = try rule.values(geometry: geometry, as: Float.self, seed: 3, name: "w")
      let double = try rule.values(geometry: geometry, as: Double.self, seed: 3, name: "w")
      for (s, d) in zip(single, double) { #expect(abs(Double(s) - d) < 1e-5) }
      #expect(zip(single, double).contains { Double($0) != $1 })
    }
  }

  @Test(arguments: [(Distribution.uniform, 1.0), (.normal, 1), (.uniform, 5.0 / 3), (.normal, 5.0 / 3)])
  func xavierScale(distribution: Distribution, gain: Double) throws {
    let rule = XavierRule(distribution, gain: gain)
    let sample = try Rule.xavier(rule).values(
      geometry: .linear(out: 300, in: 200), as: Float.self, seed: 0, name: "w"
    ).map(Double.init)
    let std = gain * (2.0 / 500).squareRoot()
    try expectScale(sample, distribution, std: std)
  }

  @Test(arguments: Distribution.allCases, [FanMode.fanIn, .fanOut])
  func kaimingScale(distribution: Distribution, mode: FanMode) throws {
    let rule = KaimingRule(distribution, mode: mode, nonlinearity: .relu)
    let sample = try Rule.kaiming(rule).values(
      geometry: .convolution(shape: [64, 100, 3, 3]), as: Float.self, seed: 0, name: "w"
    ).map(Double.init)
    let fan = mode == .fanIn ? 900.0 : 576
    try expectScale(sample, distribution, std: (2 / fan).squareRoot())
  }

  private func expectScale(_ sample: [Double], _ distribution: Distribution, std: Double) throws {
    func cdf(_ x: Double) -> Double {
      switch distribution {
      case .normal: StandardNormal.cdf(x / std)
      case .uniform: min(1, max(0, 0.5 + x / (2 * 3.0.squareRoot() * std)))
      }
    }
    #expect(KolmogorovSmirnov(sample, cdf: cdf).pValue > 1e-3)
    #expect(KolmogorovSmirnov(sample.map { $0 * 1.05 }, cdf: cdf).pValue < 1e-6)
  }

  /// The looseness of IDI is normal noise of the given standard deviation on the diagonal.
  @Test func loosenessIsNormal() throws {
    let values = try Rule.identity(IdentityRule(gain: 2, looseness: 0.25)).values(
      geometry: .linear(out: 30_000, in: 1), as: Double.self, seed: 0, name: "w")
    let sample = values.map { ($0 - 2) / 0.25 }
    #expect(KolmogorovSmirnov(sample, cdf: StandardNormal.cdf).pValue > 1e-3)
    #expect(KolmogorovSmirnov(sample.map { $0 * 1.05 }, cdf: StandardNormal.cdf).pValue < 1e-3)
  }
}
