import Testing

@testable import IDInit

/// One rule of every kind.
let sampleRules: [Rule] = [
  .identity(IdentityRule(looseness: 0.1)), .identity(IdentityRule(columnOrder: .windowFirst)),
  .nearZeroIdentity(NearZeroIdentityRule(epsilon: 0.5)), .centreTap(CentreTapRule(looseness: 0.1)),
  .xavier(XavierRule(.uniform)), .xavier(XavierRule(.normal)), .kaiming(KaimingRule(.normal)),
  .kaiming(.torchDefault), .hadamard(HadamardRule(looseness: 0.1)), .partialIdentity(PartialIdentityRule()),
  .truncatedNormal(TruncatedNormalRule(mean: 0.5)),
  .truncatedNormal(TruncatedNormalRule(bounds: .absolute(low: 2, high: 3))), .normal(NormalRule(mean: 1, std: 2)),
  .uniform(UniformRule(low: -1, high: 3)), .constant(ConstantRule(0.1)), .zero,
  .orthogonal(OrthogonalRule(arithmetic: .portable)),
]

@Suite struct ReproducibilityTests {
  private func bytes(
    _ rule: Rule, _ geometry: WeightGeometry, _ type: ElementType, range: Range<Int>? = nil, threads: Int = 1
  ) throws -> [UInt8] {
    let count = (range?.count ?? geometry.elementCount) * type.byteCount
    // Filled with a pattern, so that an element that is not written shows.
    var bytes = [UInt8](repeating: 0xA5, count: count)
    try bytes.withUnsafeMutableBytes {
      try rule.fill($0, as: type, range: range, geometry: geometry, seed: 7, name: "w", threads: threads)
    }
    return bytes
  }

  @Test(arguments: sampleRules, ElementType.allCases)
  func anySplitGivesTheSameBytes(rule: Rule, type: ElementType) throws {
    for geometry in sampleGeometries {
      let whole = try bytes(rule, geometry, type)
      #expect(try bytes(rule, geometry, type, threads: 3) == whole)
      for cuts in [[0, 1, 17, 18, 29], [0, 16, 32], [0, 13]] {
        var pieces: [UInt8] = []
        for (index, start) in cuts.enumerated() {
          let end = index + 1 < cuts.count ? cuts[index + 1] : geometry.elementCount
          pieces += try bytes(rule, geometry, type, range: start..<end, threads: 2)
        }
        #expect(pieces == whole, "\(geometry)")
      }
    }
  }

  /// Large enough that the work is really cut for the threads.
  @Test func threadsDoNotMatter() throws {
    let geometry = WeightGeometry.linear(out: 301, in: 211)
    for rule in [
      Rule.kaiming(KaimingRule(.normal)), .xavier(XavierRule(.uniform)), .identity(IdentityRule(looseness: 0.1)),
      .truncatedNormal(TruncatedNormalRule()),
    ] {
      let one = try bytes(rule, geometry, .float32)
      for threads in [2, 3, 5] { #expect(try bytes(rule, geometry, .float32, threads: threads) == one) }
    }
    let tall = WeightGeometry.linear(out: 9001, in: 3)
    let one = try bytes(.identity(IdentityRule(looseness: 0.1)), tall, .float32)
    #expect(try bytes(.identity(IdentityRule(looseness: 0.1)), tall, .float32, threads: 2) == one)
  }

  @Test(arguments: sampleRules)
  func seedsAndNamesDiffer(rule: Rule) throws {
    let geometry = WeightGeometry.linear(out: 6, in: 5)
    let values = try rule.doubles(geometry, seed: 0, name: "a")
    #expect(try rule.doubles(geometry, seed: 0, name: "a") == values)
    let isRandom: Bool
    switch rule {
    case .nearZeroIdentity, .partialIdentity, .constant, .zero: isRandom = false
    default: isRandom = true
    }
    #expect((try rule.doubles(geometry, seed: 1, name: "a") != values) == isRandom)
    #expect((try rule.doubles(geometry, seed: 0, name: "b") != values) == isRandom)
  }

  /// Sixteen-bit weights are the single-precision weights rounded once.
  @Test(arguments: sampleRules)
  func roundedOnce(rule: Rule) throws {
    for geometry in [WeightGeometry.linear(out: 9, in: 7), .convolution(shape: [4, 3, 3])] {
      let half = try rule.values(geometry: geometry, as: Half.self, seed: 0, name: "w")
      let brain = try rule.values(geometry: geometry, as: BFloat16.self, seed: 0, name: "w")
      let double = try rule.doubles(geometry)
      for (index, value) in double.enumerated() {
        // Half a unit of the type, and single precision's own error in the random rules.
        #expect(abs(half[index].asDouble - value) <= abs(value) * 0x1p-11 + 3e-6)
        #expect(abs(brain[index].asDouble - value) <= abs(value) * 0x1p-8 + 3e-6)
      }
    }
  }

  /// Q, K and V of a packed projection, each with a rule of its own; nothing else is touched.
  @Test func rowBlocks() throws {
    for packed in [
      WeightGeometry.linear(out: 12, in: 5), .transposedLinear(in: 5, out: 12), .convolution(shape: [12, 2, 3]),
    ] {
      for rule in sampleRules {
        let block = packed.block(4..<9)
        var values = [Float](repeating: -77, count: packed.elementCount)
        try values.withUnsafeMutableBufferPointer {
          try rule.fill($0, geometry: block, seed: 7, name: "in_proj_weight", threads: 2)
        }
        let layout = MatrixLayout(packed, .channelFirst)
        for row in 0..<12 {
          for column in 0..<layout.columns {
            let isUntouched = values[layout.offset(row: row, column: column)] == -77
            #expect(isUntouched == !(4..<9).contains(row), "\(rule) \(packed.shape)")
          }
        }
        // In pieces too.
        var pieces = [Float](repeating: -77, count: packed.elementCount)
        try pieces.withUnsafeMutableBufferPointer { buffer in
          for start in stride(from: 0, to: buffer.count, by: 7) {
            let range = start..<min(start + 7, buffer.count)
            try rule.fill(
              UnsafeMutableBufferPointer(rebasing: buffer[range]), range: range, geometry: block, seed: 7,
              name: "in_proj_weight")
          }
        }
        #expect(pieces == values)
      }
    }
    // A block is an identity of its own.
    let key = WeightGeometry.linear(out: 9, in: 3).block(4..<7)
    let w = matrix(try Rule.identity(IdentityRule(looseness: 0)).doubles(key), key)
    #expect(w == [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
  }
}
