import Testing

@testable import IDInit

@Suite("Matrices packed in one weight")
struct PackedWeightsTests {
  /// x + attention(q, k, v) W_O, with Q, K and V taken from `packed` as the body says.
  private func structure(
    rows: Int, transposed: Bool = false, bias: Bool = true,
    _ take: (inout GraphSketch, GraphSketch.ID) throws -> (GraphSketch.ID, GraphSketch.ID, GraphSketch.ID)
  ) throws -> NetworkStructure {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 6]), "in", out: 8)
    let packed: GraphSketch.ID
    if transposed {
      // GPT-2's Conv1D.
      let flat = try s.call(
        "aten.addmm.default",
        [
          .value(try s.parameter("packed.bias", [rows])), .value(try s.view(x, [10, 8])),
          .value(try s.parameter("packed.weight", [8, rows])),
        ], [10, rows])
      packed = try s.view(flat, [2, 5, rows])
    } else {
      packed = try s.linear(x, "packed", out: rows, bias: bias)
    }
    let (q, k, v) = try take(&s, packed)
    let y = try s.attention(q, k, v)
    let merged = try s.view(try s.permute(y, [0, 2, 1, 3]), [2, 5, 8])
    try s.output(try s.linear(try s.add(x, try s.linear(merged, "o", out: 8)), "head", out: 2))
    return NetworkStructure(s.graph)
  }

  private func parts(_ structure: NetworkStructure) -> [ParameterRole: RowSelection?] {
    Dictionary(uniqueKeysWithValues: (structure["packed.weight"]?.parts ?? []).map { ($0.role, $0.geometry.selection) })
  }

  private func heads(_ s: inout GraphSketch, _ x: GraphSketch.ID, _ count: Int) throws -> GraphSketch.ID {
    let width = s.graph[x].shape[2] / count
    return try s.permute(try s.view(x, [2, 5, count, width]), [0, 2, 1, 3])
  }

  @Test("one after the other: chunk, split, reshape(B, N, 3, H, d), unflatten and select", arguments: 0..<5)
  func blocks(form: Int) throws {
    let structure = try structure(rows: 24, transposed: form == 0) { s, x in
      switch form {
      case 0, 1:
        let thirds =
          form == 0
          ? try s.pieces(
            "aten.split.Tensor", [.value(x), .integer(8), .integer(2)], Array(repeating: [2, 5, 8], count: 3))
          : try s.chunk(x, 3, 2)
        return (try heads(&s, thirds[0], 2), try heads(&s, thirds[1], 2), try heads(&s, thirds[2], 2))
      case 2:
        let all = try s.permute(try s.view(x, [2, 5, 3, 2, 4]), [2, 0, 3, 1, 4])
        let apart = try s.pieces("aten.unbind.int", [.value(all)], Array(repeating: [2, 2, 5, 4], count: 3))
        return (apart[0], apart[1], apart[2])
      case 3:
        let split = try s.call(
          "aten.unflatten.int", [.value(x), .integer(-1), .integers([3, 8])], [2, 5, 3, 8])
        let front = try s.call(
          "aten.squeeze.dim",
          [
            .value(
              try s.call(
                "aten.transpose.int",
                [
                  .value(try s.call("aten.unsqueeze.default", [.value(split), .integer(0)], [1, 2, 5, 3, 8])),
                  .integer(0),
                  .integer(-2),
                ], [3, 2, 5, 1, 8])), .integer(-2),
          ], [3, 2, 5, 8])
        return (
          try heads(&s, try s.select(front, 0, 0), 2), try heads(&s, try s.select(front, 0, 1), 2),
          try heads(&s, try s.select(front, 0, -1), 2)
        )
      default:
        func slice(_ from: Int, _ to: Int) throws -> GraphSketch.ID {
          let piece = try s.call(
            "aten.slice.Tensor", [.value(x), .integer(2), .integer(from), .integer(to)], [2, 5, 8])
          return try heads(&s, piece, 2)
        }
        return (try slice(0, 8), try slice(8, 16), try slice(16, Int.max))
      }
    }
    #expect(
      parts(structure) == [.query: RowSelection(0..<8), .key: RowSelection(8..<16), .value: RowSelection(16..<24)])
    #expect(structure["packed.weight"]?.role == .query)
    #expect(structure["packed.weight"]?.reason == "query, key and value in one matrix")
    #expect(structure["packed.bias"]?.role == .bias && structure["packed.bias"]?.weight?.rows == 24)
    #expect(structure["o.weight"]?.role == .attentionOutput && structure["o.weight"]?.endsStem == true)
  }

  @Test("head by head: (H, 3, d), (H, 3d) and (H, d, 3)")
  func interleaved() throws {
    let bloom = try structure(rows: 24) { s, x in
      let all = try s.view(x, [2, 5, 2, 3, 4])
      let apart = try (0..<3).map { try s.permute(try s.select(all, -2, $0), [0, 2, 1, 3]) }
      return (apart[0], apart[1], apart[2])
    }
    let neox = try structure(rows: 24) { s, x in
      let thirds = try s.chunk(try s.permute(try s.view(x, [2, 5, 2, 12]), [0, 2, 1, 3]), 3, 3)
      return (thirds[0], thirds[1], thirds[2])
    }
    for structure in [bloom, neox] {
      #expect(
        parts(structure) == [
          .query: RowSelection(start: 0, chunk: 4, stride: 12, count: 2),
          .key: RowSelection(start: 4, chunk: 4, stride: 12, count: 2),
          .value: RowSelection(start: 8, chunk: 4, stride: 12, count: 2),
        ])
    }
    let last = try structure(rows: 24) { s, x in
      let all = try s.permute(try s.view(x, [2, 5, 2, 4, 3]), [4, 0, 2, 1, 3])
      return (try s.select(all, 0, 0), try s.select(all, 0, 1), try s.select(all, 0, 2))
    }
    #expect(parts(last)[.key] == RowSelection(start: 1, chunk: 1, stride: 3, count: 8))
  }

  @Test("grouped queries: sizes that differ, keys and values repeated for their heads")
  func grouped() throws {
    let structure = try structure(rows: 16) { s, x in
      let apart = try s.pieces(
        "aten.split_with_sizes.default", [.value(x), .integers([8, 4, 4]), .integer(-1)],
        [[2, 5, 8], [2, 5, 4], [2, 5, 4]])
      func repeated(_ x: GraphSketch.ID) throws -> GraphSketch.ID {
        let one = try s.permute(try s.view(x, [2, 5, 1, 4]), [0, 2, 1, 3])
        let spread = try s.call(
          "aten.expand.default", [.value(try s.view(one, [2, 1, 1, 5, 4])), .integers([2, 1, 2, 5, 4])],
          [2, 1, 2, 5, 4])
        return try s.view(spread, [2, 2, 5, 4])
      }
      return (try heads(&s, apart[0], 2), try repeated(apart[1]), try repeated(apart[2]))
    }
    #expect(
      parts(structure) == [.query: RowSelection(0..<8), .key: RowSelection(8..<12), .value: RowSelection(12..<16)])
  }

  @Test("rotations leave rows where they are, also of a part of each head")
  func rotary() throws {
    let structure = try structure(rows: 24) { s, x in
      let thirds = try s.chunk(x, 3, 2)
      let cosine = try s.graph.addBuffer("cos", shape: [5, 2])
      func rotated(_ x: GraphSketch.ID) throws -> GraphSketch.ID {
        let parts = try s.chunk(try heads(&s, x, 2), 2, 3)
        let turned = try s.node("aten.neg.default", [parts[0]], [2, 2, 5, 2])
        let sum = try s.add(try s.multiply(parts[0], cosine), try s.multiply(turned, cosine))
        return try s.call("aten.cat.default", [.values([sum, parts[1]]), .integer(-1)], [2, 2, 5, 4])
      }
      return (try rotated(thirds[0]), try rotated(thirds[1]), try heads(&s, thirds[2], 2))
    }
    #expect(parts(structure)[.query] == RowSelection(0..<8))
    #expect(structure.blocks.count == 1)
  }

  @Test("a stretch that a stored index picks: keys before values among what is left")
  func picked() throws {
    let structure = try structure(rows: 16) { s, x in
      let all = try s.view(x, [2, 5, 4, 4])
      let q = try s.call("aten.slice.Tensor", [.value(all), .integer(2), .integer(0), .integer(-2)], [2, 5, 2, 4])
      func pick(_ name: String) throws -> GraphSketch.ID {
        let index = try s.graph.addBuffer(name, shape: [1], dtype: .int64)
        let one = try s.call("aten.index.Tensor", [.value(all), .values([index])], [2, 5, 1, 4])
        return try s.permute(one, [0, 2, 1, 3])
      }
      return (try s.permute(q, [0, 2, 1, 3]), try pick("minus_two"), try pick("minus_one"))
    }
    #expect(
      parts(structure) == [.query: RowSelection(0..<8), .key: RowSelection(8..<12), .value: RowSelection(12..<16)])
  }

  @Test("what feeds queries and keys at once is one matrix, and says so")
  func shared() throws {
    let structure = try structure(rows: 16) { s, x in
      let halves = try s.chunk(x, 2, 2)
      let both = try heads(&s, halves[0], 2)
      return (both, both, try heads(&s, halves[1], 2))
    }
    #expect(structure["packed.weight"]?.parts.isEmpty == true)
    #expect(structure["packed.weight"]?.role == .query)
    #expect(
      structure["packed.weight"]?.reason == "holds several matrices whose rows cannot be told apart: treated as one")
  }

  @Test("attention and a gated unit in one matrix")
  func fused() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 6]), "in", out: 8)
    let all = try s.pieces(
      "aten.split_with_sizes.default",
      [.value(try s.linear(x, "packed", out: 44)), .integers([8, 8, 8, 20]), .integer(2)],
      [[2, 5, 8], [2, 5, 8], [2, 5, 8], [2, 5, 20]])
    let a = try s.linear(try s.attention(all[0], all[1], all[2]), "o", out: 8)
    let halves = try s.chunk(all[3], 2, 2)
    let m = try s.linear(
      try s.multiply(try s.node("aten.gelu.default", [halves[0]], [2, 5, 10]), halves[1]), "down", out: 8)
    try s.output(try s.linear(try s.add(x, try s.add(a, m)), "head", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure["packed.weight"]?.parts.map(\.role) == [.query, .key, .value, .hidden, .hidden])
    #expect(structure["packed.weight"]?.parts.last?.geometry.selection == RowSelection(34..<44))
    #expect(structure["packed.weight"]?.reason == "query, key, value and others in one matrix")
    #expect(structure.blocks.map(\.last) == [["o.weight", "down.weight"]])
  }

  @Test("a cross-attention that slices one parameter: queries of one input, keys and values of another")
  func sliced() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 6]), "in", out: 8)
    let memory = try s.linear(try s.input("memory", [2, 7, 6]), "encoder", out: 8)
    let packed = try s.parameter("in_proj_weight", [24, 8])
    let apart = try s.pieces(
      "aten.split_with_sizes.default", [.value(packed), .integers([8, 16])], [[8, 8], [16, 8]])
    let q = try s.node("aten.linear.default", [x, apart[0]], [2, 5, 8])
    let kv = try s.chunk(try s.node("aten.linear.default", [memory, apart[1]], [2, 7, 16]), 2, 2)
    try s.output(
      try s.linear(try s.add(x, try s.linear(try s.attention(q, kv[0], kv[1]), "o", out: 8)), "head", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure["in_proj_weight"]?.geometry == .linear(out: 24, in: 8))
    #expect(structure["in_proj_weight"]?.parts.map(\.role) == [.query, .key, .value])
    #expect(
      structure["in_proj_weight"]?.parts.map(\.geometry.selection)
        == [RowSelection(0..<8), RowSelection(8..<16), RowSelection(16..<24)])
  }

  @Test("gated units: halves multiplied, in turn, or by aten.glu; the gates of a cell written out")
  func gates() throws {
    var s = GraphSketch()
    var x = try s.linear(try s.input("x", [2, 8]), "in", out: 8)
    let halves = try s.chunk(try s.linear(x, "halves", out: 16), 2, 1)
    x = try s.multiply(try s.node("aten.silu.default", [halves[0]], [2, 8]), halves[1])
    let both = try s.linear(x, "turns", out: 16)
    func every(_ start: Int) throws -> GraphSketch.ID {
      try s.call(
        "aten.slice.Tensor", [.value(both), .integer(1), .integer(start), .integer(Int.max), .integer(2)], [2, 8])
    }
    x = try s.multiply(try every(0), try every(1))
    x = try s.call("aten.glu.default", [.value(try s.linear(x, "glu", out: 16))], [2, 8])
    let h = try s.linear(x, "state", out: 8)
    let cell = try s.chunk(try s.add(try s.linear(x, "ih", out: 32), try s.linear(h, "hh", out: 32)), 4, 1)
    func apply(_ name: String, _ x: GraphSketch.ID) throws -> GraphSketch.ID {
      try s.node("aten.\(name).default", [x], [2, 8])
    }
    let new = try s.add(
      try s.multiply(try apply("sigmoid", cell[1]), h),
      try s.multiply(try apply("sigmoid", cell[0]), try apply("tanh", cell[2])))
    try s.output(try s.multiply(try apply("sigmoid", cell[3]), try apply("tanh", new)))
    let structure = NetworkStructure(s.graph)
    func selections(_ name: String) -> [RowSelection?]? { structure[name]?.parts.map(\.geometry.selection) }
    #expect(selections("halves.weight") == [RowSelection(0..<8), RowSelection(8..<16)])
    #expect(structure["halves.weight"]?.reason == "two matrices in one, one gates the other")
    #expect(
      selections("turns.weight")
        == [
          RowSelection(start: 0, chunk: 1, stride: 2, count: 8), RowSelection(start: 1, chunk: 1, stride: 2, count: 8),
        ])
    #expect(selections("glu.weight") == [RowSelection(0..<8), RowSelection(8..<16)])
    let gates = (0..<4).map { RowSelection(($0 * 8)..<($0 * 8 + 8)) }
    #expect(selections("ih.weight") == gates && selections("hh.weight") == gates)
    #expect(structure.blocks.isEmpty)
  }

  @Test("other splits hold no matrices of their own: channel shuffles, spatial gates, conditioning")
  func splits() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 8]), "in", out: 8)
    // half of the channels through a weight
    let halves = try s.chunk(x, 2, 1)
    let y = try s.call(
      "aten.cat.default", [.values([halves[0], try s.linear(halves[1], "half", out: 4)]), .integer(1)], [2, 8])
    // one half gates the other through a weight
    let gate = try s.chunk(try s.linear(y, "spatial", out: 16), 2, 1)
    let z = try s.multiply(gate[0], try s.linear(gate[1], "mix", out: 8))
    // shift and scale of another value
    let condition = try s.chunk(try s.linear(try s.input("c", [2, 8]), "condition", out: 16), 2, 1)
    try s.output(try s.add(try s.multiply(z, condition[0]), condition[1]))
    let structure = NetworkStructure(s.graph)
    for parameter in structure.parameters { #expect(parameter.parts.isEmpty, "\(parameter.name)") }
    #expect(structure.blocks.isEmpty)
  }
}
