import Testing

@testable import IDInit

@Suite("Rows that lie between others")
struct RowSelectionTests {
  @Test("the rows, counted both ways, against a list")
  func rows() {
    for (start, chunk, stride, count) in [(0, 2, 6, 3), (1, 1, 3, 4), (4, 3, 3, 2), (5, 4, 4, 1), (2, 0, 0, 1)] {
      let selection = RowSelection(start: start, chunk: chunk, stride: stride, count: count)
      let listed = (0..<count).flatMap { run in (0..<chunk).map { start + run * stride + $0 } }
      #expect(selection.rows == listed.count)
      #expect((0..<selection.rows).map { selection[$0] } == listed)
      for row in 0..<30 {
        #expect(selection.rows(before: row) == listed.filter { $0 < row }.count, "\(selection) \(row)")
      }
      var runs: [Range<Int>] = []
      selection.forEachRun(in: 0..<selection.rows) { runs.append($0) }
      #expect(runs.flatMap(Array.init) == Array(0..<selection.rows))
      for range in [0..<7, 3..<11, 12..<20] {
        let own = listed.filter(range.contains)
        let within = selection.within(range)
        if let within { #expect((0..<within.rows).map { within[$0] } == own) }
        if own.isEmpty { #expect(within == nil) }
      }
    }
    // Runs that touch are one.
    #expect(RowSelection(start: 4, chunk: 3, stride: 3, count: 2) == RowSelection(4..<10))
    #expect(RowSelection(4..<10).range == 4..<10)
    #expect(RowSelection(start: 0, chunk: 1, stride: 2, count: 2).range == nil)
  }

  @Test("marked rows make a selection only if they are regular")
  func marked() {
    func selection(_ rows: Int...) -> RowSelection? {
      RowSelection(marked: (0..<12).map { rows.contains($0) })
    }
    #expect(selection(2, 3, 4) == RowSelection(2..<5))
    #expect(selection(0, 1, 4, 5, 8, 9) == RowSelection(start: 0, chunk: 2, stride: 4, count: 3))
    #expect(selection(1, 4, 7, 10) == RowSelection(start: 1, chunk: 1, stride: 3, count: 4))
    #expect(selection(0, 1, 4) == nil)
    #expect(selection(0, 2, 5) == nil)
    #expect(selection() == nil)
  }

  @Test(arguments: [
    RowSelection(start: 0, chunk: 2, stride: 1, count: 3), RowSelection(start: 8, chunk: 2, stride: 3, count: 2),
    RowSelection(start: -3, chunk: 1, stride: 2, count: 2),
    RowSelection(start: 0, chunk: 1, stride: Int.max, count: 3),
    RowSelection(start: Int.max, chunk: Int.max, stride: Int.max, count: 2),
  ])
  func unsound(selection: RowSelection) {
    let geometry = WeightGeometry.linear(out: 12, in: 4).selecting(selection)
    #expect(throws: RuleError.self) { try geometry.validate("w") }
    _ = (geometry.rows, geometry.fanOut, geometry.torchFanOut)
  }

  /// Geometries with parts that together are all rows: heads that hold Q, K and V, and stacks of matrices.
  static let packed: [(whole: WeightGeometry, parts: [RowSelection])] = {
    let perHead = (0..<3).map { RowSelection(start: $0 * 2, chunk: 2, stride: 6, count: 4) }
    let perRow = (0..<3).map { RowSelection(start: $0, chunk: 1, stride: 3, count: 8) }
    let stack = (0..<4).map { RowSelection(($0 * 6)..<(($0 + 1) * 6)) }
    let halves = (0..<8).map { RowSelection(($0 * 3)..<(($0 + 1) * 3)) }
    let turns = (0..<4).flatMap { e in (0..<2).map { RowSelection(start: e * 6 + $0, chunk: 1, stride: 2, count: 3) } }
    let experts = WeightGeometry(shape: [20, 6], outAxis: 1, inAxis: 0, groups: 4)
    return [
      (.linear(out: 24, in: 5), perHead), (.transposedLinear(in: 5, out: 24), perHead),
      (.convolution(shape: [24, 2, 3]), perRow), (.convolution(shape: [24, 1, 3, 3], groups: 24), perHead),
      (.linear(out: 24, in: 5), stack), (experts, stack), (experts, halves), (experts, turns),
    ]
  }()

  /// Each part writes its own rows and nothing else, whole or in pieces, on one thread or several, and together the
  /// parts are the weight.
  @Test("every rule writes the parts of a packed weight, and only those", arguments: sampleRules)
  func fill(rule: Rule) throws {
    for (whole, parts) in Self.packed {
      let layout = MatrixLayout(whole, .channelFirst)
      var owner = [Int](repeating: -1, count: whole.elementCount)
      for (number, part) in parts.enumerated() {
        let geometry = whole.selecting(part)
        try geometry.validate("w")
        for row in 0..<part.rows {
          for column in 0..<layout.columns { owner[layout.offset(row: part[row], column: column)] = number }
        }
        var values = [Double](repeating: -77, count: whole.elementCount)
        try values.withUnsafeMutableBufferPointer {
          try rule.fill($0, geometry: geometry, seed: 3, name: "qkv", threads: 3)
        }
        for place in values.indices { #expect((values[place] == -77) == (owner[place] != number), "\(rule) \(part)") }
        var pieces = [Double](repeating: -77, count: whole.elementCount)
        try pieces.withUnsafeMutableBufferPointer { buffer in
          for start in stride(from: 0, to: buffer.count, by: 7) {
            let range = start..<min(start + 7, buffer.count)
            try rule.fill(
              UnsafeMutableBufferPointer(rebasing: buffer[range]), range: range, geometry: geometry, seed: 3,
              name: "qkv")
          }
        }
        #expect(pieces == values)
      }
      #expect(!owner.contains(-1))
    }
  }

  @Test("each part is an identity of its own")
  func identities() throws {
    for (whole, parts) in Self.packed {
      for part in parts {
        let geometry = whole.selecting(part)
        let w = matrix(try Rule.identity(IdentityRule(looseness: 0)).doubles(geometry), geometry)
        let columns = geometry.columns
        #expect(w == (0..<part.rows).map { m in (0..<columns).map { $0 == m % columns ? 1 : 0 } })
      }
    }
  }

  @Test("Q and K of one weight draw different numbers, also where they are drawn as wholes")
  func independence() throws {
    let whole = WeightGeometry.linear(out: 24, in: 8)
    for rule in [Rule.orthogonal(OrthogonalRule(arithmetic: .portable)), .normal(NormalRule(mean: 0, std: 1))] {
      let parts = (0..<3).map { whole.selecting(RowSelection(start: $0 * 2, chunk: 2, stride: 6, count: 4)) }
      let matrices = try parts.map { matrix(try rule.doubles($0, name: "qkv"), $0) }
      #expect(matrices[0] != matrices[1] && matrices[1] != matrices[2] && matrices[0] != matrices[2])
    }
  }

  @Test("a stack of kernels, or rows of two matrices at once, are refused")
  func refusals() {
    let experts = WeightGeometry(shape: [20, 6], outAxis: 1, inAxis: 0, groups: 4)
    #expect(throws: RuleError.self) { try experts.block(4..<8).validate() }
    #expect(throws: RuleError.self) {
      try WeightGeometry.transposedConvolution(shape: [4, 3, 2], groups: 2).block(0..<3).validate()
    }
  }
}
