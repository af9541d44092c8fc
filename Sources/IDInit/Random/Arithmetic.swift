/// Elementary functions in double precision from +, −, ×, ÷ alone, so that their bits do not depend on the platform's
/// mathematics library. Taylor polynomials: the ranges are small enough after reduction.
enum Arithmetic {
  static let ln2 = 0.693147180559945309417

  /// The natural logarithm of a positive, normal, finite `x`; error below 2 units in the last place.
  @inline(__always)
  static func log(_ x: Double) -> Double {
    // x = 2ᵉ·m with m in [√½, √2).
    let bits = Int64(bitPattern: x.bitPattern) &- 0x3FE6_A09E_667F_3BCD
    let exponent = Double(bits >> 52)
    let m = Double(bitPattern: UInt64(bitPattern: (bits & 0x000F_FFFF_FFFF_FFFF) &+ 0x3FE6_A09E_667F_3BCD))
    let f = m - 1
    // log m = 2·artanh(f / (2 + f))
    let s = f / (2 + f)
    let z = s * s
    var p = 1.0 / 21
    p = p * z + 1.0 / 19
    p = p * z + 1.0 / 17
    p = p * z + 1.0 / 15
    p = p * z + 1.0 / 13
    p = p * z + 1.0 / 11
    p = p * z + 1.0 / 9
    p = p * z + 1.0 / 7
    p = p * z + 1.0 / 5
    p = p * z + 1.0 / 3
    return exponent * ln2 + 2 * (p * z * s + s)
  }

  /// e to the power `x`; 0 below −708, and at most e⁷⁰⁹ above.
  static func exp(_ x: Double) -> Double {
    guard x > -708 else { return 0 }
    let clipped = min(x, 709)
    let scaled = clipped * 1.44269504088896340736
    let k = Int64(scaled + (scaled < 0 ? -0.5 : 0.5))
    // ln 2 in two parts, the first with trailing zeros, so that k·high is exact.
    let r = (clipped - Double(k) * 0.693147180369123816490) - Double(k) * 1.90821492927058770002e-10
    var p = 1.0 / 6_227_020_800
    p = p * r + 1.0 / 479_001_600
    p = p * r + 1.0 / 39_916_800
    p = p * r + 1.0 / 3_628_800
    p = p * r + 1.0 / 362_880
    p = p * r + 1.0 / 40_320
    p = p * r + 1.0 / 5_040
    p = p * r + 1.0 / 720
    p = p * r + 1.0 / 120
    p = p * r + 1.0 / 24
    p = p * r + 1.0 / 6
    p = p * r + 1.0 / 2
    p = p * r + 1
    p = p * r + 1
    return p * Double(bitPattern: UInt64(bitPattern: (k + 1023) << 52))
  }

  /// Sine and cosine for |x| ≤ π/2, to 4e-16.
  @inline(__always)
  static func sineAndCosine(_ x: Double) -> (Double, Double) {
    let y = x * x
    var s = 1.0 / 51_090_942_171_709_440_000
    s = s * y - 1.0 / 121_645_100_408_832_000
    s = s * y + 1.0 / 355_687_428_096_000
    s = s * y - 1.0 / 1_307_674_368_000
    s = s * y + 1.0 / 6_227_020_800
    s = s * y - 1.0 / 39_916_800
    s = s * y + 1.0 / 362_880
    s = s * y - 1.0 / 5_040
    s = s * y + 1.0 / 120
    s = s * y - 1.0 / 6
    var c = 1.0 / 2_432_902_008_176_640_000
    c = c * y - 1.0 / 6_402_373_705_728_000
    c = c * y + 1.0 / 20_922_789_888_000
    c = c * y - 1.0 / 87_178_291_200
    c = c * y + 1.0 / 479_001_600
    c = c * y - 1.0 / 3_628_800
    c = c * y + 1.0 / 40_320
    c = c * y - 1.0 / 720
    c = c * y + 1.0 / 24
    c = c * y - 0.5
    return (s * y * x + x, c * y + 1)
  }
}
