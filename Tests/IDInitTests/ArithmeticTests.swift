import Foundation
import Testing

@testable import IDInit

/// The functions that must not depend on the platform, against the platform's.
@Suite struct ArithmeticTests {
  private func ulps(_ a: Double, _ b: Double) -> Double { abs(a - b) / max(b.ulp, .leastNormalMagnitude) }

  @Test func logarithm() {
    for index in 1...20_000 {
      let x = Double(index) * 0x1p-14
      // Near 1 the logarithm is small, and e·ln 2 + log m has cancelled nothing there (e = 0).
      #expect(ulps(IDInit.Arithmetic.log(x), Foundation.log(x)) <= 3 || abs(IDInit.Arithmetic.log(x)) < 1e-300)
    }
    for exponent in -1000...1000 {
      let x = 1.3 * pow(2, Double(exponent))
      #expect(ulps(IDInit.Arithmetic.log(x), Foundation.log(x)) <= 3)
    }
  }

  @Test func exponential() {
    for index in -7000...7000 {
      let x = Double(index) * 0.1
      #expect(abs(IDInit.Arithmetic.exp(x) / Foundation.exp(x) - 1) < 1e-15)
    }
    #expect(IDInit.Arithmetic.exp(-.infinity) == 0)
    #expect(IDInit.Arithmetic.exp(0) == 1)
  }

  @Test func sineAndCosine() {
    for index in -5000...5000 {
      let x = Double(index) / 5000 * .pi / 2
      let (s, c) = IDInit.Arithmetic.sineAndCosine(x)
      #expect(abs(s - sin(x)) <= 4e-16)
      #expect(abs(c - cos(x)) <= 4e-16)
    }
  }

  /// Single precision's error of a deviate with this radius: a few units of 2⁻²⁴ for values up to 8, and u, which is
  /// rounded to 2⁻²⁵ near 1, where the radius is √(2 − 2u).
  private func tolerance(_ radius: Double) -> Double { 4e-6 + min(3.5e-4, 0x1p-24 / radius) }

  /// The single-precision transformation gives what the double-precision one gives.
  @Test func singleAgreesWithDouble() {
    let stream = RandomStream(seed: 1, name: "agreement")
    var values = [Float](repeating: 0, count: 4096)
    values.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    for (index, value) in values.enumerated() {
      let (z, other) = (stream.normal(at: index), stream.normal(at: index ^ 4))
      #expect(abs(Double(value) - z) < tolerance((z * z + other * other).squareRoot()), "element \(index)")
    }
  }

  /// The corners: smallest and greatest radius, the ends and the middle of the angle, both signs.
  @Test func cornersOfBoxMuller() {
    let firsts: [UInt32] = [0, 1, 0xFF, 0x100, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FF00, 0xFFFF_FFFF]
    let seconds: [UInt32] = [
      0, 1, 0x001F_FFFF, 0x0020_0000, 0x003F_FFFF, 0x0040_0000, 0x0080_0000, 0x00C0_0000, 0x00FF_FFFF, 0xFF00_0000,
      0xFFFF_FFFF,
    ]
    for first in firsts {
      for second in seconds {
        let (x, y) = BoxMuller.pair(first, second)
        var words = [UInt32](repeating: first, count: 4) + [UInt32](repeating: second, count: 4)
        words.withUnsafeMutableBytes { bytes in
          if let base = bytes.baseAddress { BoxMuller.transform(base, octets: 1, mean: 0, std: 1) }
        }
        let (a, b) = (Double(Float(bitPattern: words[3])), Double(Float(bitPattern: words[7])))
        let n = Double(UInt64(first >> 1) << 8 | UInt64(second >> 24)) + 0.5
        let radius = (-2 * Foundation.log(n * 0x1p-39)).squareRoot()
        #expect(abs(a - x) < tolerance(radius), "\(first) \(second): \(a) \(x)")
        #expect(abs(b - y) < tolerance(radius), "\(first) \(second): \(b) \(y)")
        #expect(abs((x * x + y * y).squareRoot() - radius) < 1e-9)
      }
    }
    #expect(BoxMuller.pair(0, 0).0 > 7.4)
  }
}
