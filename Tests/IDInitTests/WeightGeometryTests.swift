import Testing

@testable import IDInit

@Suite struct WeightGeometryTests {
  @Test func sizes() {
    let linear = WeightGeometry.linear(out: 3, in: 5)
    #expect(linear.shape == [3, 5])
    #expect((linear.rows, linear.columns, linear.fanIn, linear.fanOut) == (3, 5, 5, 3))

    let gpt = WeightGeometry.transposedLinear(in: 768, out: 2304)
    #expect(gpt.shape == [768, 2304])
    #expect((gpt.rows, gpt.columns, gpt.fanIn, gpt.fanOut) == (2304, 768, 768, 2304))
    // torch.nn.init looks at the stored shape.
    #expect((gpt.torchFanIn, gpt.torchFanOut) == (2304, 768))

    let kernel = WeightGeometry.convolution(shape: [16, 3, 5, 7])
    #expect((kernel.rows, kernel.columns, kernel.windowCount) == (16, 105, 35))
    #expect((kernel.fanIn, kernel.fanOut) == (105, 560))

    let depthwise = WeightGeometry.convolution(shape: [64, 1, 3, 3], groups: 64)
    #expect((depthwise.rows, depthwise.columns) == (64, 9))
    #expect((depthwise.fanIn, depthwise.fanOut) == (9, 9))
    #expect((depthwise.torchFanIn, depthwise.torchFanOut) == (9, 576))

    let transposed = WeightGeometry.transposedConvolution(shape: [64, 4, 2, 2], groups: 4)
    #expect((transposed.rows, transposed.channels, transposed.columns) == (16, 16, 64))
    #expect((transposed.fanIn, transposed.fanOut) == (64, 16))
  }

  /// The map from the matrix to the storage is one to one, in both orders.
  @Test(arguments: sampleGeometries, ColumnOrder.allCases)
  func everyElementOnce(geometry: WeightGeometry, order: ColumnOrder) throws {
    try geometry.validate()
    let layout = MatrixLayout(geometry, order)
    #expect(layout.rows * layout.columns == geometry.elementCount)
    var seen = [Int](repeating: 0, count: geometry.elementCount)
    for row in 0..<layout.rows {
      for column in 0..<layout.columns { seen[layout.offset(row: row, column: column)] += 1 }
    }
    #expect(seen.allSatisfy { $0 == 1 })
  }

  /// Against indices written out by hand.
  @Test func columnOrders() {
    let kernel = WeightGeometry.convolution(shape: [2, 3, 2, 2])
    // Channel-first is PyTorch's own flattening.
    for row in 0..<2 { for column in 0..<12 { #expect(kernel.offset(row: row, column: column) == row * 12 + column) } }
    // Window-first: column = position · 3 + channel, stored at [row][channel][position].
    for row in 0..<2 {
      for position in 0..<4 {
        for channel in 0..<3 {
          #expect(
            kernel.offset(row: row, column: position * 3 + channel, order: .windowFirst)
              == row * 12 + channel * 4 + position)
        }
      }
    }
    let gpt = WeightGeometry.transposedLinear(in: 3, out: 4)
    #expect(gpt.offset(row: 2, column: 1) == 1 * 4 + 2)
    // [in 4, out/g 3, k 2], 2 groups: output 4 is the second of group 1, whose inputs are 2 and 3.
    let transposed = WeightGeometry.transposedConvolution(shape: [4, 3, 2], groups: 2)
    #expect(transposed.offset(row: 4, channel: 1, position: 1) == (3 * 3 + 1) * 2 + 1)
    #expect(transposed.offset(row: 4, column: 1 * 2 + 1) == (3 * 3 + 1) * 2 + 1)
  }

  @Test func rowMajorDetection() {
    #expect(MatrixLayout(.linear(out: 3, in: 4), .channelFirst).isRowMajor)
    #expect(MatrixLayout(.convolution(shape: [3, 4, 2, 2]), .channelFirst).isRowMajor)
    #expect(!MatrixLayout(.convolution(shape: [3, 4, 2, 2]), .windowFirst).isRowMajor)
    #expect(MatrixLayout(.convolution(shape: [3, 4, 1, 1]), .windowFirst).isRowMajor)
    #expect(!MatrixLayout(.transposedLinear(in: 3, out: 4), .channelFirst).isRowMajor)
    for geometry in sampleGeometries {
      for order in ColumnOrder.allCases {
        let layout = MatrixLayout(geometry, order)
        let inOrder = (0..<layout.rows).allSatisfy { row in
          (0..<layout.columns).allSatisfy { layout.offset(row: row, column: $0) == row * layout.columns + $0 }
        }
        #expect(layout.isRowMajor == inOrder, "\(geometry) \(order)")
      }
    }
  }

  @Test func blocks() {
    let packed = WeightGeometry.linear(out: 9, in: 4)
    let key = packed.block(3..<6)
    #expect((key.rows, key.columns, key.fanIn, key.fanOut, key.torchFanOut) == (3, 4, 4, 3, 3))
    #expect(key.offset(row: 0, column: 1) == 13)
    #expect(key.whole == packed)
    let gpt = WeightGeometry.transposedLinear(in: 4, out: 9).block(3..<6)
    #expect(gpt.offset(row: 0, column: 1) == 1 * 9 + 3)
    #expect((gpt.torchFanIn, gpt.torchFanOut) == (3, 4))
  }

  @Test(arguments: [
    (WeightGeometry(shape: [3], outAxis: 0, inAxis: 1), "at least 2 axes"),
    (WeightGeometry.convolution(shape: [5]), "at least 2 axes"),
    (WeightGeometry.convolution(shape: []), "at least 2 axes"),
    (WeightGeometry.linear(out: -1, in: 4), "axis 0 of shape [-1, 4] is -1"),
    (WeightGeometry.linear(out: 1 << 40, in: 1 << 40), "more elements than memory"),
    (
      WeightGeometry(shape: [0, 1 << 60, 1 << 60], outAxis: 0, inAxis: 1, windowAxes: [2]),
      "more elements than memory"
    ),
    (WeightGeometry.convolution(shape: [6, 2, 3], groups: 4), "4 groups do not divide the 6 outputs"),
    (WeightGeometry.transposedConvolution(shape: [6, 2, 3], groups: 4), "4 groups do not divide the 6 inputs"),
    (WeightGeometry.convolution(shape: [6, 2, 3], groups: 0), "0 groups"),
    (WeightGeometry(shape: [2, 3, 4], outAxis: 0, inAxis: 1), "do not name each axis"),
    (WeightGeometry(shape: [2, 3, 4], outAxis: 0, inAxis: 1, windowAxes: [2, 2]), "do not name each axis"),
    (WeightGeometry(shape: [2, 3], outAxis: 0, inAxis: 5), "do not name each axis"),
    (WeightGeometry.linear(out: 6, in: 4).block(4..<9), "rows 4..<9 lie outside the 6 outputs"),
    (WeightGeometry.linear(out: 6, in: 4).block(-2..<3), "rows -2..<3 lie outside"),
    (WeightGeometry.elements(shape: [4]).block(0..<2), "no row blocks"),
    (WeightGeometry.transposedConvolution(shape: [4, 3, 2], groups: 2).block(0..<2), "not supported"),
  ])
  func unsoundGeometries(geometry: WeightGeometry, message: String) {
    let error = #expect(throws: RuleError.self) { try geometry.validate("layer.weight") }
    #expect(error?.kind == .geometry)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "none")")
    #expect(error?.description.hasPrefix("layer.weight: ") == true)
    // Nothing that is computed from it may crash either.
    _ = (geometry.rows, geometry.columns, geometry.fanIn, geometry.fanOut, geometry.torchFanIn, geometry.torchFanOut)
    #expect(throws: RuleError.self) {
      _ = try Rule.identity(IdentityRule()).values(geometry: geometry, as: Float.self, seed: 0, name: "")
    }
  }
}
