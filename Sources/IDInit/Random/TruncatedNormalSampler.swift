/// The normal distribution conditioned on an interval, exactly, by rejection (Robert, "Simulation of truncated normal
/// variables", Statistics and Computing 5, 1995). Each element has its own sequence of proposals (attempt k reads
/// the block of index element + k·2⁴⁸), so a value depends on (seed, name, index) only. No distribution function is
/// inverted, so the tails are right however far out the interval lies.
struct TruncatedNormalSampler: ElementSampler {
  /// How candidates are drawn; at least 0.4 of them are accepted whatever the interval.
  enum Proposal { case normal, uniform, exponential(rate: Double) }

  let mean: Double
  let std: Double
  /// The interval in standard deviations from the mean, mirrored if `isMirrored` so that the nearer end is `a`.
  let a: Double
  let b: Double
  let isMirrored: Bool
  let proposal: Proposal
  let low: Double
  let high: Double

  init(mean: Double, std: Double, low: Double, high: Double) {
    self.mean = mean
    self.std = std
    self.low = low
    self.high = high
    let (lower, upper) = ((low - mean) / std, (high - mean) / std)
    isMirrored = upper < 0
    a = isMirrored ? -upper : lower
    b = isMirrored ? -lower : upper
    let width = b - a
    if a <= 0 {
      proposal = width > 2.5066282746310002 ? .normal : .uniform
    } else {
      let root = (a * a + 4).squareRoot()
      // Written so that nothing cancels for large a: a² − a·√(a²+4) = −4a/(a + √(a²+4)).
      let limit = 2 / (a + root) * Arithmetic.exp(0.5 - a / (a + root))
      proposal = width <= limit ? .uniform : .exponential(rate: (a + root) / 2)
    }
  }

  func floats(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    let count = groups &* PhiloxKernel.groupSize
    let first = firstGroup &* PhiloxKernel.groupSize
    guard case .normal = proposal else {
      for index in 0..<count {
        let value = Float(value(at: first &+ index, stream))
        out.storeBytes(of: clipped(value), toByteOffset: index &* 4, as: Float.self)
      }
      return
    }
    NormalSampler(mean: 0, std: 1).floats(out, groups: groups, firstGroup: firstGroup, stream)
    let (a, b) = (Float(a), Float(b))
    let (mean, std) = (Float(mean), Float(std))
    let (least, most) = singleBounds
    for index in 0..<count {
      let z = out.loadUnaligned(fromByteOffset: index &* 4, as: Float.self)
      guard z < a || z > b else { continue }
      out.storeBytes(of: Float(redrawn(at: first &+ index, stream)), toByteOffset: index &* 4, as: Float.self)
    }
    for index in 0..<count {
      let value = out.loadUnaligned(fromByteOffset: index &* 4, as: Float.self) * std + mean
      let above = value < least ? least : value
      out.storeBytes(of: above > most ? most : above, toByteOffset: index &* 4, as: Float.self)
    }
  }

  func doubles(_ out: UnsafeMutableRawPointer, groups: Int, firstGroup: Int, _ stream: RandomStream) {
    let first = firstGroup &* PhiloxKernel.groupSize
    for index in 0..<(groups &* PhiloxKernel.groupSize) {
      let value = value(at: first &+ index, stream)
      out.storeBytes(of: max(low, min(high, value)), toByteOffset: index &* 8, as: Double.self)
    }
  }

  /// The value of one element in double precision.
  private func value(at index: Int, _ stream: RandomStream) -> Double {
    if case .normal = proposal {
      let z = stream.normal(at: index)
      return (z >= a && z <= b ? z : redrawn(at: index, stream)) * std + mean
    }
    let z = redrawn(at: index, stream)
    return (isMirrored ? -z : z) * std + mean
  }

  /// The first accepted proposal of attempt 1, 2, …. (Attempt 0 is the element's own normal deviate.)
  private func redrawn(at index: Int, _ stream: RandomStream) -> Double {
    for attempt in 1..<UInt64(1 << 15) {
      let words = stream.block(UInt64(index) &+ attempt << 48)
      switch proposal {
      case .normal:
        let (z0, z1) = BoxMuller.pair(words.x, words.y)
        if z0 >= a, z0 <= b { return z0 }
        if z1 >= a, z1 <= b { return z1 }
        let (z2, z3) = BoxMuller.pair(words.z, words.w)
        if z2 >= a, z2 <= b { return z2 }
        if z3 >= a, z3 <= b { return z3 }
      case .uniform:
        let z = a + (b - a) * Self.unit(words.x, words.y)
        // The density relative to its greatest value in the interval.
        let nearest = a > 0 ? a : 0
        if Self.unit(words.z, words.w) <= Arithmetic.exp((nearest - z) * (nearest + z) / 2) { return z }
      case .exponential(let rate):
        // An exponential variate beyond a, conditioned on staying within b.
        let reach = 1 - Arithmetic.exp(-rate * (b - a))
        let step = -Arithmetic.log(1 - reach * Self.unit(words.x, words.y)) / rate
        let z = a + step
        let distance = z - rate
        if Self.unit(words.z, words.w) <= Arithmetic.exp(-distance * distance / 2) { return z }
      }
    }
    // 32,767 rejections in a row at a rate below 0.6 do not happen.
    return a > 0 ? a : 0
  }

  /// A number in (0, 1) with 53 bits.
  private static func unit(_ high: UInt32, _ low: UInt32) -> Double {
    (Double((UInt64(high) << 32 | UInt64(low)) >> 11) + 0.5) * 0x1p-53
  }

  /// The bounds in single precision, rounded inwards.
  private var singleBounds: (Float, Float) {
    let (least, most) = (Float(low), Float(high))
    return (Double(least) < low ? least.nextUp : least, Double(most) > high ? most.nextDown : most)
  }

  private func clipped(_ value: Float) -> Float {
    let (least, most) = singleBounds
    return max(least, min(most, value))
  }
}
