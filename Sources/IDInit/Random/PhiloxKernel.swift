/// Philox for four counters at a time, written so that plain SSE2 or NEON code comes out of it.
///
/// A 32-bit word sits in the low half of a 64-bit lane; the multiplications ignore the upper half, so products can be
/// carried on whole (their low half is the next word) and a round costs eight vector instructions for two blocks.
enum PhiloxKernel {
  typealias Lanes = SIMD2<UInt64>
  typealias Words = SIMD4<UInt32>

  /// Words in a group: four blocks of four.
  static let groupSize = 16

  /// Writes the words of `groups` groups, the first made of the blocks `firstBlock` … `firstBlock` + 3. In a group
  /// word 0 of the four blocks comes first, then word 1 of all four, 2 and 3: no shuffling is needed then.
  @inline(never)
  static func fill(
    _ words: UnsafeMutableRawPointer, groups: Int, firstBlock: UInt64, stream: RandomStream
  ) {
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 20) { keys in
      guard let keys = keys.baseAddress else { return }
      expand(stream.seed, to: keys)
      fill(words, groups: groups, firstBlock: firstBlock, nameHash: stream.nameHash, keys: keys)
    }
  }

  /// The keys of the ten rounds, two a round.
  private static func expand(_ seed: UInt64, to keys: UnsafeMutablePointer<Lanes>) {
    var k0 = UInt32(truncatingIfNeeded: seed)
    var k1 = UInt32(truncatingIfNeeded: seed >> 32)
    for round in 0..<10 {
      keys[2 &* round] = Lanes(repeating: UInt64(k0))
      keys[2 &* round &+ 1] = Lanes(repeating: UInt64(k1))
      k0 &+= Philox.weyl0
      k1 &+= Philox.weyl1
    }
  }

  @inline(__always)
  private static func fill(
    _ words: UnsafeMutableRawPointer, groups: Int, firstBlock: UInt64, nameHash: UInt64,
    keys: UnsafeMutablePointer<Lanes>
  ) {
    let shift = Lanes(repeating: 32)
    let low = Lanes(repeating: 0xFFFF_FFFF)
    var block = firstBlock
    for group in 0..<groups {
      var a0 = Lanes(block, block &+ 2)
      var b0 = Lanes(block &+ 1, block &+ 3)
      var a1 = a0 &>> shift
      var b1 = b0 &>> shift
      var a2 = Lanes(repeating: nameHash)
      var a3 = Lanes(repeating: nameHash >> 32)
      var b2 = a2
      var b3 = a3
      @inline(__always) func round(_ index: Int) {
        let (k0, k1) = (keys[2 &* index], keys[2 &* index &+ 1])
        mix(&a0, &a1, &a2, &a3, k0, k1)
        mix(&b0, &b1, &b2, &b3, k0, k1)
      }
      // Written out: a loop costs a fifth more, in moves between registers.
      round(0); round(1); round(2); round(3); round(4)
      round(5); round(6); round(7); round(8); round(9)
      let out = words + group &* 64
      out.storeBytes(of: (a0 & low) | (b0 &<< shift), as: Lanes.self)
      out.storeBytes(of: (a1 & low) | (b1 &<< shift), toByteOffset: 16, as: Lanes.self)
      out.storeBytes(of: (a2 & low) | (b2 &<< shift), toByteOffset: 32, as: Lanes.self)
      out.storeBytes(of: (a3 & low) | (b3 &<< shift), toByteOffset: 48, as: Lanes.self)
      block &+= 4
    }
  }

  @inline(__always)
  private static func mix(
    _ x0: inout Lanes, _ x1: inout Lanes, _ x2: inout Lanes, _ x3: inout Lanes, _ k0: Lanes, _ k1: Lanes
  ) {
    let low = Lanes(repeating: 0xFFFF_FFFF)
    let p0 = (x0 & low) &* Lanes(repeating: Philox.multiplier0)
    let p1 = (x2 & low) &* Lanes(repeating: Philox.multiplier1)
    x0 = upper(p1) ^ x1 ^ k0
    x2 = upper(p0) ^ x3 ^ k1
    x1 = p1
    x3 = p0
  }

  /// The upper words in the lower halves. A shuffle, where a shift would do, because it need not copy first.
  @inline(__always)
  private static func upper(_ lanes: Lanes) -> Lanes {
    let words = unsafeBitCast(lanes, to: Words.self)
    return unsafeBitCast(Words(words[1], words[1], words[3], words[3]), to: Lanes.self)
  }
}
