/// Box and Muller's transformation of 64 random bits into two normal deviates, z = ±√(−2 ln u)·(cos θ, sin θ).
///
/// 39 bits make u = (n + ½)·2⁻³⁹, so |z| reaches 7.4 and the tails are those of the normal distribution; 24 bits make
/// an angle within ±π/2, and one bit the sign of the radius, which covers the other half of the circle.
enum BoxMuller {
  typealias Floats = SIMD4<Float>
  typealias Ints = SIMD4<Int32>
  typealias Words = SIMD4<UInt32>

  /// π·2⁻²⁴, one step of the angle.
  static let angleStep = 3.14159265358979323846 * 0x1p-24

  /// The two deviates in double precision.
  static func pair(_ first: UInt32, _ second: UInt32) -> (Double, Double) {
    let n = UInt64(first >> 1) << 8 | UInt64(second >> 24)
    let radius = (-2 * Arithmetic.log((Double(n) + 0.5) * 0x1p-39)).squareRoot()
    let step = Int32(bitPattern: second << 8) >> 8
    let (sine, cosine) = Arithmetic.sineAndCosine((Double(step) + 0.5) * angleStep)
    let signed = first & 1 == 0 ? radius : -radius
    return (signed * cosine, signed * sine)
  }

  /// The same in single precision, as `std`·z + `mean`, in place: of each eight words the first four and the last four
  /// are the pairs' halves, and so are the deviates.
  ///
  /// In three passes, because in one the chain of dependent operations is longer than a processor looks ahead.
  static func transform(_ words: UnsafeMutableRawPointer, octets: Int, mean: Float, std: Float) {
    logarithms(words, octets)
    radii(words, octets, std)
    rotate(words, octets, mean)
  }

  /// The first half of each pair becomes −ln u, with the sign of the radius as its sign.
  @inline(never)
  private static func logarithms(_ words: UnsafeMutableRawPointer, _ octets: Int) {
    for octet in 0..<octets {
      let place = words + octet &* 32
      let first = place.loadUnaligned(as: Words.self)
      let second = place.loadUnaligned(fromByteOffset: 16, as: Words.self)
      // (n + ½)·2⁻⁸: a part of 31 bits, rounded, and one of 8 bits, exact. Small n stay exact.
      let high = Floats(unsafeBitCast(first &>> Words(repeating: 1), to: Ints.self))
      let low = Floats(unsafeBitCast(second &>> Words(repeating: 24), to: Ints.self))
      let n = high + (low * Floats(repeating: 0x1p-8) + Floats(repeating: 0x1p-9))

      // n·2⁻³¹ = 2ᵉ·m, with m in [√½, √2); 0x3F3504F3 is √½.
      let bits = unsafeBitCast(n, to: Ints.self) &- Ints(repeating: 0x3F35_04F3 + 31 << 23)
      let exponent = Floats(bits &>> Ints(repeating: 23))
      let m = unsafeBitCast((bits & Ints(repeating: 0x007F_FFFF)) &+ Ints(repeating: 0x3F35_04F3), to: Floats.self)
      // ln m = 2 artanh s, s = (m − 1)/(m + 1); scripts/golden/polynomials.py, greatest error 7e-10.
      let f = m - Floats(repeating: 1)
      let s = f / (f + Floats(repeating: 2))
      let z = s * s
      var p = Floats(repeating: 0.149632573) * z + Floats(repeating: 0.199873784)
      p = p * z + Floats(repeating: 0.333334082)
      p = (p * z) * s + s
      let logarithm = exponent * Floats(repeating: -0.693147180559945309) - (p + p)
      let signed = unsafeBitCast(logarithm, to: Words.self) | (first &<< Words(repeating: 31))
      place.storeBytes(of: signed, as: Words.self)
    }
  }

  /// −ln u becomes std·√(−2 ln u), the sign kept.
  @inline(never)
  private static func radii(_ words: UnsafeMutableRawPointer, _ octets: Int, _ std: Float) {
    let sign = Words(repeating: 0x8000_0000)
    let scale = Floats(repeating: std + std)
    for octet in 0..<octets {
      let place = words + octet &* 32
      let signed = place.loadUnaligned(as: Words.self)
      let h = unsafeBitCast(signed & ~sign, to: Floats.self)
      // Newton's method for 1/√(2h) from a guess on the exponent, three steps for single precision's error; 0 gives
      // 0. (`squareRoot()` of a vector becomes four calls on x86.)
      var g = unsafeBitCast(
        Words(repeating: 0x5EF7_59DF) &- (unsafeBitCast(h, to: Words.self) &>> Words(repeating: 1)), to: Floats.self)
      g = g * (Floats(repeating: 1.5) - h * g * g)
      g = g * (Floats(repeating: 1.5) - h * g * g)
      g = g * (Floats(repeating: 1.5) - h * g * g)
      let radius = h * g * scale
      place.storeBytes(of: unsafeBitCast(radius, to: Words.self) ^ (signed & sign), as: Words.self)
    }
  }

  /// Radius and angle become the two deviates.
  @inline(never)
  private static func rotate(_ words: UnsafeMutableRawPointer, _ octets: Int, _ mean: Float) {
    let mean = Floats(repeating: mean)
    for octet in 0..<octets {
      let place = words + octet &* 32
      let radius = place.loadUnaligned(as: Floats.self)
      let second = place.loadUnaligned(fromByteOffset: 16, as: Words.self)
      let step = unsafeBitCast(second &<< Words(repeating: 8), to: Ints.self) &>> Ints(repeating: 8)
      let x = (Floats(step) + Floats(repeating: 0.5)) * Floats(repeating: Float(angleStep))
      let y = x * x
      // scripts/golden/polynomials.py; the greatest errors are 3e-8 (the first coefficient is 1 here) and 5e-8.
      var sine = y * Floats(repeating: 2.5904885e-06) - Floats(repeating: 0.000198008978)
      sine = sine * y + Floats(repeating: 0.00833289982)
      sine = sine * y - Floats(repeating: 0.166666476)
      sine = (sine * y) * x + x
      var cosine = y * Floats(repeating: 2.31539316e-05) - Floats(repeating: 0.00138537043)
      cosine = cosine * y + Floats(repeating: 0.0416635847)
      cosine = cosine * y - Floats(repeating: 0.499999053)
      cosine = cosine * y + Floats(repeating: 0.999999953)
      place.storeBytes(of: cosine * radius + mean, as: Floats.self)
      place.storeBytes(of: sine * radius + mean, toByteOffset: 16, as: Floats.self)
    }
  }
}
