import Testing

@testable import IDInit

@Suite("Attention read off the graph")
struct AttentionTests {
  private func softmax(_ s: inout GraphSketch, _ x: GraphSketch.ID) throws -> GraphSketch.ID {
    try s.call("aten.softmax.int", [.value(x), .integer(-1)], s.graph[x].shape)
  }

  @Test("written out: scaling, masks, position biases, dropout between; norms and heads before")
  func writtenOut() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 8]), "in", out: 8)
    let scale = try s.parameter("q_norm", [8])
    func normed(_ x: GraphSketch.ID) throws -> GraphSketch.ID {
      try s.graph.addNode(
        "aten.rms_norm.default", [.value(x), .integers([8]), .value(scale)], outputs: [("rms_norm", [2, 5, 8])])[0]
    }
    let q = try s.call("aten.mul.Scalar", [.value(try normed(try s.linear(x, "q", out: 8))), .real(0.35)], [2, 5, 8])
    let k = try s.permute(try normed(try s.linear(x, "k", out: 8)), [0, 2, 1])
    let bias = try s.node(
      "aten.embedding.default", [try s.parameter("bias_table", [9, 1]), try s.graph.addBuffer("d", shape: [5, 5])],
      [5, 5])
    let scores = try s.add(try s.node("aten.matmul.default", [q, k], [2, 5, 5]), bias)
    let masked = try s.call(
      "aten.masked_fill.Scalar", [.value(scores), .value(try s.graph.addBuffer("m", shape: [5, 5])), .real(-1e9)],
      [2, 5, 5])
    let p = try s.call(
      "aten.dropout.default", [.value(try softmax(&s, masked)), .real(0.1), .boolean(true)], [2, 5, 5])
    let y = try s.node("aten.matmul.default", [p, try s.linear(x, "v", out: 8)], [2, 5, 8])
    try s.output(try s.linear(try s.add(try s.linear(y, "o", out: 8), x), "head", out: 3))
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["q.weight"] == .query && structure.roles["k.weight"] == .key)
    #expect(structure.roles["v.weight"] == .value && structure.roles["o.weight"] == .attentionOutput)
    #expect(structure.roles["bias_table"] == .embedding && structure.roles["q_norm"] == .normScale)
    #expect(structure.blocks.map(\.last) == [["o.weight"]] && structure.blocks[0].notes.isEmpty)
  }

  @Test("values on the left, as non-local networks have it; 1×1 convolutions as projections")
  func convolutional() throws {
    var s = GraphSketch()
    func convolution(_ x: GraphSketch.ID, _ name: String) throws -> GraphSketch.ID {
      try s.node("aten.conv2d.default", [x, try s.parameter(name, [4, 4, 1, 1])], [2, 4, 3, 3])
    }
    let x = try convolution(try s.input("x", [2, 4, 3, 3]), "in")
    let q = try s.permute(try s.view(try convolution(x, "q"), [2, 4, 9]), [0, 2, 1])
    let k = try s.view(try convolution(x, "k"), [2, 4, 9])
    let p = try softmax(&s, try s.node("aten.bmm.default", [q, k], [2, 9, 9]))
    let v = try s.view(try convolution(x, "v"), [2, 4, 9])
    let y = try s.view(try s.node("aten.bmm.default", [v, try s.permute(p, [0, 2, 1])], [2, 4, 9]), [2, 4, 3, 3])
    try s.output(try s.add(x, try convolution(y, "o")))
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["q"] == .query && structure.roles["k"] == .key && structure.roles["v"] == .value)
    #expect(structure["o"]?.role == .attentionOutput && structure["o"]?.endsStem == true)
  }

  @Test("linear attention, Q (Kᵀ V), and retention, (Q Kᵀ) V", arguments: [false, true])
  func withoutSoftmax(right: Bool) throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 8]), "in", out: 8)
    let q = try s.node("aten.elu.default", [try s.linear(x, "q", out: 8)], [2, 5, 8])
    let k = try s.permute(try s.linear(x, "k", out: 8), [0, 2, 1])
    let v = try s.linear(x, "v", out: 8)
    let y =
      right
      ? try s.node("aten.bmm.default", [q, try s.node("aten.bmm.default", [k, v], [2, 8, 8])], [2, 5, 8])
      : try s.node("aten.bmm.default", [try s.node("aten.bmm.default", [q, k], [2, 5, 5]), v], [2, 5, 8])
    try s.output(try s.add(x, try s.linear(y, "o", out: 8)))
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["q.weight"] == .query && structure.roles["k.weight"] == .key)
    #expect(structure.roles["v.weight"] == .value && structure.roles["o.weight"] == .attentionOutput)
  }

  @Test("without an output projection the values end the stem, also those of another input")
  func noProjection() throws {
    for isCross in [false, true] {
      var s = GraphSketch()
      let x = try s.linear(try s.input("x", [2, 5, 8]), "in", out: 8)
      let memory = isCross ? try s.linear(try s.input("memory", [2, 5, 8]), "encoder", out: 8) : x
      let y = try s.attention(
        try s.linear(x, "q", out: 8), try s.linear(memory, "k", out: 8), try s.linear(memory, "v", out: 8))
      let sum = try s.add(x, y)
      try s.output(try s.linear(try s.relu(try s.linear(sum, "next", out: 8)), "head", out: 2))
      let structure = NetworkStructure(s.graph)
      #expect(structure.blocks.map(\.last) == [["v.weight"]])
      #expect(structure.roles["v.weight"] == .stemLast)
      // What comes after the addition is no projection of the attention.
      #expect(structure.roles["next.weight"] == .hidden)
    }
  }

  @Test("terms between content and positions are scores, not residuals; their weights are named by their partners")
  func relativePositions() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 8]), "in", out: 8)
    let q = try s.linear(x, "q", out: 8), k = try s.linear(x, "k", out: 8)
    let table = try s.parameter("table", [5, 8])
    let pk = try s.view(try s.linear(table, "pos_k", out: 8), [1, 5, 8])
    let pq = try s.view(try s.linear(table, "pos_q", out: 8), [1, 5, 8])
    func product(_ a: GraphSketch.ID, _ b: GraphSketch.ID) throws -> GraphSketch.ID {
      try s.node("aten.matmul.default", [a, try s.permute(b, [0, 2, 1])], [2, 5, 5])
    }
    let scores = try s.add(
      try s.add(try product(q, k), try product(q, pk)), try s.permute(try product(k, pq), [0, 2, 1]))
    let y = try s.node("aten.matmul.default", [try softmax(&s, scores), try s.linear(x, "v", out: 8)], [2, 5, 8])
    try s.output(try s.linear(try s.add(x, try s.linear(y, "o", out: 8)), "head", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["o.weight"]])
    #expect(structure.roles["q.weight"] == .query && structure.roles["k.weight"] == .key)
    #expect(structure.roles["pos_k.weight"] == .key && structure.roles["pos_q.weight"] == .query)
  }

  @Test("a gate's softmax is no attention")
  func routing() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 8]), "in", out: 8)
    let weights = try s.permute(try softmax(&s, try s.linear(x, "router", out: 1)), [0, 2, 1])
    let pooled = try s.node("aten.bmm.default", [weights, try s.linear(x, "values", out: 8)], [2, 1, 8])
    try s.output(try s.linear(try s.view(pooled, [2, 8]), "out", out: 3))
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["router.weight"] == .hidden)
    #expect(structure.roles["values.weight"] == .value && structure.roles["out.weight"] == .attentionOutput)
  }
}
