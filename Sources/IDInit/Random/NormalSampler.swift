/// Box and Muller's transformation of 64 random bits into two normal deviates.
///
/// 40 bits make the radius √(−2 ln u), u = (n + ½)·2⁻⁴⁰, so |z| reaches 7.5 and the tails are those of the normal
/// distribution; 24 bits make the angle. Two of those mirror a point of the quarter |θ| ≤ π/4 (in 2²² steps) about
/// the axes, which covers the circle evenly without a reduction of large angles.
enum BoxMuller {
  typealias Floats = SIMD4<Float>
  typealias Ints = SIMD4<Int32>
  typealias Words = SIMD4<UInt32>

  /// π/2 · 2⁻²², one step of the angle.
  static let angleStep = 1.57079632679489661923 * 0x1p-22

  /// The two deviates in double precision.
  static func pair(_ first: UInt32, _ second: UInt32) -> (Double, Double) {
    let n = (UInt64(first) << 8) | UInt64(second >> 24)
    let radius = (-2 * Arithmetic.log((Double(n) + 0.5) * 0x1p-40)).squareRoot()
    let step = Int32(bitPattern: second << 10) >> 10
    let (sine, cosine) = Arithmetic.sineAndCosine((Double(step) + 0.5) * angleStep)
    let mirrored = second & 0x0040_0000 == 0 ? cosine : -cosine
    let swapped = second & 0x0080_0000 != 0
    return swapped ? (radius * sine, radius * mirrored) : (radius * mirrored, radius * sine)
  }

  /// The same in single precision, four pairs at a time, as `std`·z + `mean`.
  @inline(__always)
  static func pairs(_ first: Words, _ second: Words, mean: Float, std: Float) -> (Floats, Floats) {
    // n + ½ of 40 bits, rounded once: both parts are exact.
    let high = Floats(unsafeBitCast(first &>> Words(repeating: 8), to: Ints.self))
    let lowBits = ((first & Words(repeating: 0xFF)) &<< Words(repeating: 8)) | (second &>> Words(repeating: 24))
    let low = Floats(unsafeBitCast(lowBits, to: Ints.self))
    let n = high * Floats(repeating: 65536) + (low + Floats(repeating: 0.5))

    // −2 ln(n·2⁻⁴⁰), with n = 2ᵉ·m, m in [√½, √2) and ln m = 2 artanh((m − 1) / (m + 1)).
    let bits = unsafeBitCast(n, to: Ints.self) &- Ints(repeating: 0x3F35_04F3)
    let exponent = Floats((bits &>> Ints(repeating: 23)) &- Ints(repeating: 40))
    let m = unsafeBitCast((bits & Ints(repeating: 0x007F_FFFF)) &+ Ints(repeating: 0x3F35_04F3), to: Floats.self)
    let f = m - Floats(repeating: 1)
    let s = f / (f + Floats(repeating: 2))
    let z = s * s
    var p = Floats(repeating: 1.0 / 9) * z + Floats(repeating: 1.0 / 7)
    p = p * z + Floats(repeating: 1.0 / 5)
    p = p * z + Floats(repeating: 1.0 / 3)
    p = (p * z) * s + s
    let square = exponent * Floats(repeating: -1.3862943611198906) + p * Floats(repeating: -4)

    // Its root by Newton's method for 1/√x from a guess on the exponent. (`squareRoot()` of a vector becomes four
    // calls on x86.) Three steps leave the error of single precision; 0 stays 0.
    let halved = square * Floats(repeating: 0.5)
    var inverse = unsafeBitCast(
      Words(repeating: 0x5F37_59DF) &- (unsafeBitCast(square, to: Words.self) &>> Words(repeating: 1)),
      to: Floats.self)
    inverse = inverse * (Floats(repeating: 1.5) - halved * inverse * inverse)
    inverse = inverse * (Floats(repeating: 1.5) - halved * inverse * inverse)
    inverse = inverse * (Floats(repeating: 1.5) - halved * inverse * inverse)
    let radius = square * inverse * Floats(repeating: std)

    let step = unsafeBitCast(second &<< Words(repeating: 10), to: Ints.self) &>> Ints(repeating: 10)
    let x = (Floats(step) + Floats(repeating: 0.5)) * Floats(repeating: Float(angleStep))
    let y = x * x
    var sine = y * Floats(repeating: 1 / 362_880.0) - Floats(repeating: 1 / 5_040.0)
    sine = sine * y + Floats(repeating: 1 / 120.0)
    sine = sine * y - Floats(repeating: 1 / 6.0)
    sine = (sine * y) * x + x
    var cosine = y * Floats(repeating: 1 / 40_320.0) - Floats(repeating: 1 / 720.0)
    cosine = cosine * y + Floats(repeating: 1 / 24.0)
    cosine = cosine * y - Floats(repeating: 0.5)
    cosine = cosine * y + Floats(repeating: 1)

    let sign = (second &<< Words(repeating: 9)) & Words(repeating: 0x8000_0000)
    let swap = unsafeBitCast(
      unsafeBitCast(second &<< Words(repeating: 8), to: Ints.self) &>> Ints(repeating: 31), to: Words.self)
    let a = unsafeBitCast(cosine, to: Words.self) ^ sign
    let b = unsafeBitCast(sine, to: Words.self)
    let difference = (a ^ b) & swap
    let mean = Floats(repeating: mean)
    return (
      unsafeBitCast(a ^ difference, to: Floats.self) * radius + mean,
      unsafeBitCast(b ^ difference, to: Floats.self) * radius + mean
    )
  }
}

/// The normal distribution.
struct NormalSampler: ElementSampler {
  var mean: Double
  var std: Double

  func floats(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    PhiloxKernel.fill(out, groups: groups, firstBlock: UInt64(firstGroup) &* 4, stream: stream)
    let (mean, std) = (Float(mean), Float(std))
    for half in 0..<(groups &* 2) {
      let place = out + half &* 32
      let (a, b) = BoxMuller.pairs(
        place.loadUnaligned(as: SIMD4<UInt32>.self),
        place.loadUnaligned(fromByteOffset: 16, as: SIMD4<UInt32>.self),
        mean: mean, std: std)
      place.storeBytes(of: a, as: SIMD4<Float>.self)
      place.storeBytes(of: b, toByteOffset: 16, as: SIMD4<Float>.self)
    }
  }

  func doubles(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    for group in 0..<groups {
      let place = out + group &* (PhiloxKernel.groupSize * 8)
      for lane in 0..<4 {
        let words = stream.block(UInt64(firstGroup &+ group) &* 4 &+ UInt64(lane))
        let (z0, z1) = BoxMuller.pair(words.x, words.y)
        let (z2, z3) = BoxMuller.pair(words.z, words.w)
        place.storeBytes(of: z0 * std + mean, toByteOffset: lane &* 8, as: Double.self)
        place.storeBytes(of: z1 * std + mean, toByteOffset: lane &* 8 &+ 32, as: Double.self)
        place.storeBytes(of: z2 * std + mean, toByteOffset: lane &* 8 &+ 64, as: Double.self)
        place.storeBytes(of: z3 * std + mean, toByteOffset: lane &* 8 &+ 96, as: Double.self)
      }
    }
  }
}
