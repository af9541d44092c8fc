/// The random numbers of one parameter: a function of (seed, name, index) and of nothing else.
///
/// Philox's counter is (block index, 64-bit hash of the name), its key the seed. Element `i` takes word
/// `(i mod 16) / 4` of block `4·⌊i/16⌋ + i mod 4`: sixteen neighbours share four blocks in an order that vector units
/// like. All arithmetic behind the values is additions, multiplications, divisions and square roots in a fixed order
/// without fused operations, so the bits are the same on every platform, with any number of threads.
public struct RandomStream: Hashable, Sendable {
  /// Philox's key.
  public let seed: UInt64
  /// FNV-1a of the name's UTF-8 bytes: the upper half of Philox's counter.
  public let nameHash: UInt64

  /// The stream of the parameter of that name.
  public init(seed: UInt64, name: String) {
    self.seed = seed
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    nameHash = hash
  }

  /// The four words of one block.
  public func block(_ index: UInt64) -> SIMD4<UInt32> {
    Philox.block(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
        UInt32(truncatingIfNeeded: nameHash), UInt32(truncatingIfNeeded: nameHash >> 32)),
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
  }

  /// The random word of element `index`.
  public func word(at index: Int) -> UInt32 {
    let (group, position) = index.quotientAndRemainder(dividingBy: 16)
    return block(UInt64(group * 4 + position % 4))[position / 4]
  }

  /// A number of the uniform distribution on (−1, 1) for element `index`, with 32 random bits.
  public func symmetricUniform(at index: Int) -> Double {
    UniformSampler.symmetric(word(at: index))
  }

  /// A standard normal deviate for element `index`, in double precision.
  public func normal(at index: Int) -> Double {
    let (group, position) = index.quotientAndRemainder(dividingBy: 16)
    let words = block(UInt64(group * 4 + position % 4))
    let pair = position < 8 ? BoxMuller.pair(words.x, words.y) : BoxMuller.pair(words.z, words.w)
    return position & 4 == 0 ? pair.0 : pair.1
  }

  /// Writes the uniform deviates of elements `first`, `first` + 1, … on (`low`, `high`).
  public func fillUniform(
    _ values: UnsafeMutableBufferPointer<Float>, from first: Int = 0, low: Double = 0, high: Double = 1
  ) {
    guard let base = values.baseAddress else { return }
    UniformSampler(low: low, high: high).write(
      UnsafeMutableRawPointer(base), as: .float32, first..<(first + values.count), self)
  }

  /// Writes the normal deviates of elements `first`, `first` + 1, ….
  public func fillNormal(
    _ values: UnsafeMutableBufferPointer<Float>, from first: Int = 0, mean: Double = 0, std: Double = 1
  ) {
    guard let base = values.baseAddress else { return }
    NormalSampler(mean: mean, std: std).write(
      UnsafeMutableRawPointer(base), as: .float32, first..<(first + values.count), self)
  }
}
