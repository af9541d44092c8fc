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
    let key0 = UInt32(truncatingIfNeeded: stream.seed)
    let key1 = UInt32(truncatingIfNeeded: stream.seed >> 32)
    let shift = Lanes(repeating: 32)
    let low = Lanes(repeating: 0xFFFF_FFFF)
    var block = firstBlock
    for group in 0..<groups {
      var a0 = Lanes(block, block &+ 2)
      var b0 = Lanes(block &+ 1, block &+ 3)
      var a1 = a0 &>> shift
      var b1 = b0 &>> shift
      var a2 = Lanes(repeating: stream.nameHash)
      var a3 = Lanes(repeating: stream.nameHash >> 32)
      var b2 = a2
      var b3 = a3
      var k0 = key0
      var k1 = key1
      @inline(__always) func round() {
        mix(&a0, &a1, &a2, &a3, UInt64(k0), UInt64(k1))
        mix(&b0, &b1, &b2, &b3, UInt64(k0), UInt64(k1))
        k0 &+= Philox.weyl0
        k1 &+= Philox.weyl1
      }
      // Written out: a loop costs a fifth more, in moves between registers.
      round(); round(); round(); round(); round()
      round(); round(); round(); round(); round()
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
    _ x0: inout Lanes, _ x1: inout Lanes, _ x2: inout Lanes, _ x3: inout Lanes, _ k0: UInt64, _ k1: UInt64
  ) {
    let low = Lanes(repeating: 0xFFFF_FFFF)
    let shift = Lanes(repeating: 32)
    let p0 = (x0 & low) &* Lanes(repeating: Philox.multiplier0)
    let p1 = (x2 & low) &* Lanes(repeating: Philox.multiplier1)
    x0 = (p1 &>> shift) ^ x1 ^ Lanes(repeating: k0)
    x2 = (p0 &>> shift) ^ x3 ^ Lanes(repeating: k1)
    x1 = p1
    x3 = p0
  }
}
