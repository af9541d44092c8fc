import Testing

@testable import IDInit

@Suite struct PhiloxTests {
  /// kat_vectors of Random123 1.14, philox4x32 with 10 rounds.
  @Test(
    arguments: [
      (
        [0, 0, 0, 0], [0, 0],
        [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
      ),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func publishedVectors(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    let block = Philox.block(counter: SIMD4(counter), key: SIMD2(key))
    #expect(block == SIMD4(expected))
  }

  /// The vector kernel is the scalar generator in the documented order, beyond 32 bits of counter too.
  @Test(arguments: [0, 4, 0xFFFF_FFFC, 0x1_0000_0000, 0xFFFF_FFFF_FFFF_FFFC] as [UInt64])
  func kernelEqualsBlocks(firstBlock: UInt64) {
    let stream = RandomStream(seed: 0x0123_4567_89AB_CDEF, name: "layer1.0.conv2.weight")
    var words = [UInt32](repeating: 0, count: 48)
    words.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      PhiloxKernel.fill(base, groups: 3, firstBlock: firstBlock, stream: stream)
    }
    for index in 0..<48 {
      let (group, position) = index.quotientAndRemainder(dividingBy: 16)
      let block = stream.block(firstBlock &+ UInt64(4 * group + position % 4))
      #expect(words[index] == block[position / 4], "word \(index)")
    }
  }

  @Test func nameHashIsFNV1a() {
    // Published values of 64-bit FNV-1a for "" and "a" and "foobar".
    #expect(RandomStream(seed: 0, name: "").nameHash == 0xcbf2_9ce4_8422_2325)
    #expect(RandomStream(seed: 0, name: "a").nameHash == 0xaf63_dc4c_8601_ec8c)
    #expect(RandomStream(seed: 0, name: "foobar").nameHash == 0x8594_4171_f739_67e8)
  }

  /// Fixed for ever: a change of these numbers changes every user's weights.
  @Test func streamIsFrozen() {
    let stream = RandomStream(seed: 42, name: "weight")
    var normals = [Float](repeating: 0, count: 4)
    normals.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    let bits = (0..<4).map { stream.word(at: $0) }
    #expect(bits == frozenWords)
    #expect(normals.map(\.bitPattern) == frozenNormals)
  }

  private var frozenWords: [UInt32] { [1_703_034_971, 2_693_275_525, 1_108_678_961, 1_186_403_826] }
  private var frozenNormals: [UInt32] { [3_196_627_585, 3_212_027_426, 3_197_004_106, 1_037_815_748] }
}
