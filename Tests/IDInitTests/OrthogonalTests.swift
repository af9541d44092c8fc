import Foundation
import TestSupport
import Testing

@testable import IDInit

@Suite struct OrthogonalTests {
  static let shapes = matrixShapes + [(40, 100), (100, 40), (130, 130), (3, 200)]

  /// QᵀQ = gain²·I on the shorter side.
  private func worst(_ w: [[Double]], gain: Double) -> Double {
    let (rows, columns) = (w.count, w[0].count)
    let count = min(rows, columns)
    var worst = 0.0
    for a in 0..<count {
      for b in 0...a {
        var sum = 0.0
        for k in 0..<max(rows, columns) { sum += rows >= columns ? w[k][a] * w[k][b] : w[a][k] * w[b][k] }
        worst = max(worst, abs(sum / (gain * gain) - (a == b ? 1 : 0)))
      }
    }
    return worst
  }

  @Test(arguments: shapes, OrthogonalRule.Arithmetic.allCases)
  func orthonormal(shape: (Int, Int), arithmetic: OrthogonalRule.Arithmetic) throws {
    let geometry = WeightGeometry.linear(out: shape.0, in: shape.1)
    let rule = Rule.orthogonal(OrthogonalRule(gain: 1.7, arithmetic: arithmetic))
    // Rounding errors of some 10 units, growing slowly with the size.
    #expect(worst(matrix(try rule.doubles(geometry), geometry), gain: 1.7) < 2e-14)
    let single = try rule.values(geometry: geometry, as: Float.self, seed: 0, name: "w", threads: 2).map(Double.init)
    #expect(worst(matrix(single, geometry), gain: 1.7) < 1e-5)
  }

  @Test(arguments: sampleGeometries)
  func geometries(geometry: WeightGeometry) throws {
    let rule = Rule.orthogonal(OrthogonalRule())
    #expect(worst(matrix(try rule.doubles(geometry), geometry), gain: 1) < 1e-14)
    // The matrix is the same wherever it is stored.
    let linear = WeightGeometry.linear(out: geometry.rows, in: geometry.columns)
    #expect(matrix(try rule.doubles(geometry), geometry) == matrix(try rule.doubles(linear), linear))
  }

  /// A check that the check works: Gaussian matrices are far from orthogonal.
  @Test func gaussianIsNot() throws {
    let geometry = WeightGeometry.linear(out: 20, in: 20)
    let w = try Rule.normal(NormalRule(std: 20.0.squareRoot() / 20)).doubles(geometry)
    #expect(worst(matrix(w, geometry), gain: 1) > 0.1)
  }

  /// The portable way and the library's are the same matrix up to rounding.
  @Test func sameMatrixEitherWay() throws {
    let geometry = WeightGeometry.linear(out: 70, in: 90)
    let portable = try Rule.orthogonal(OrthogonalRule(arithmetic: .portable)).doubles(geometry)
    let automatic = try Rule.orthogonal(OrthogonalRule()).doubles(geometry)
    for (a, b) in zip(portable, automatic) { #expect(abs(a - b) < 1e-13) }
  }

  /// The Q of a Gaussian matrix whose R has a positive diagonal, by Gram and Schmidt: PyTorch's construction. For
  /// n = 1 column the two constructions read the same numbers, so even the values agree.
  @Test func oneColumnIsTheNormalisedGaussian() throws {
    let q = try Rule.orthogonal(OrthogonalRule()).doubles(.linear(out: 50, in: 1))
    let x = try Rule.normal(NormalRule()).doubles(.linear(out: 50, in: 1))
    let norm = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for (a, b) in zip(q, x) { #expect(abs(a - b / norm) < 1e-14) }
  }

  /// Haar measure: each entry of an n × n matrix has mean 0, variance 1/n, and the Beta distribution of its square;
  /// for n = 3 an entry is uniform on (−1, 1) (Archimedes), whichever entry it is. Determinants of both signs occur.
  @Test func entriesOfThreeByThreeAreUniform() throws {
    var entries = [[Double]](repeating: [], count: 9)
    var positive = 0
    for seed in 0..<1500 {
      let q = try Rule.orthogonal(OrthogonalRule()).values(
        geometry: .linear(out: 3, in: 3), as: Double.self, seed: UInt64(seed), name: "w")
      for (index, value) in q.enumerated() { entries[index].append(value) }
      let determinant =
        q[0] * (q[4] * q[8] - q[5] * q[7]) - q[1] * (q[3] * q[8] - q[5] * q[6]) + q[2] * (q[3] * q[7] - q[4] * q[6])
      if determinant > 0 { positive += 1 }
    }
    for (index, sample) in entries.enumerated() {
      #expect(KolmogorovSmirnov(sample) { ($0 + 1) / 2 }.pValue > 1e-4, "entry \(index)")
      // Power: a sign that is always positive, or a scale of 0.9, would be seen.
      #expect(KolmogorovSmirnov(sample.map(abs)) { ($0 + 1) / 2 }.pValue < 1e-6)
      #expect(KolmogorovSmirnov(sample.map { $0 * 0.9 }) { ($0 + 1) / 2 }.pValue < 1e-2)
    }
    #expect(abs(positive - 750) < 4 * 20)
  }

  @Test func blocksDiffer() throws {
    let packed = WeightGeometry.linear(out: 12, in: 4)
    let rule = Rule.orthogonal(OrthogonalRule())
    let q = matrix(try rule.doubles(packed.block(0..<4)), packed.block(0..<4))
    let k = matrix(try rule.doubles(packed.block(4..<8)), packed.block(4..<8))
    #expect(worst(q, gain: 1) < 1e-14 && worst(k, gain: 1) < 1e-14)
    #expect(q != k)
  }

  @Test func librarysProductsAgree() {
    // Odd sizes, all transpositions that are used; threads do not change the portable bits.
    let (m, n, k) = (37, 53, 300)
    let a = (0..<(m * k)).map { Double(($0 * 29) % 17) - 8 }
    let b = (0..<(k * n)).map { Double(($0 * 31) % 13) - 6 }
    for (ta, tb) in [(false, false), (true, false), (false, true), (true, true)] {
      var one = [Double](repeating: 0.5, count: m * n)
      var many = one
      PortableProduct.multiply(
        transposeA: ta, transposeB: tb, m: m, n: n, k: k, scale: 3, a, ta ? m : k, b, tb ? k : n, &one, n, threads: 1)
      PortableProduct.multiply(
        transposeA: ta, transposeB: tb, m: m, n: n, k: k, scale: 3, a, ta ? m : k, b, tb ? k : n, &many, n, threads: 3)
      #expect(one == many)
      for i in stride(from: 0, to: m, by: 5) {
        for j in 0..<n {
          var sum = 0.0
          for p in 0..<k { sum += (ta ? a[p * m + i] : a[i * k + p]) * (tb ? b[j * k + p] : b[p * n + j]) }
          #expect(one[i * n + j] == 0.5 + 3 * sum)
        }
      }
    }
  }
}
