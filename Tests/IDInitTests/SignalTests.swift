import Testing

@testable import IDInit

@Suite("What carries signal")
struct SignalTests {
  /// The names of the values that carry signal.
  private func activations(_ s: GraphSketch) -> Set<String> {
    let topology = GraphReading(s.graph).path.topology
    return Set(topology.valueOfVertex.map { s.graph[$0].name })
  }

  @Test("a mask computed from tokens or given as numbers is no signal, nor are labels")
  func masks() throws {
    var s = GraphSketch()
    let tokens = try s.graph.addInput("tokens", shape: [2, 3], dtype: .int64)
    let given = try s.graph.addInput("given", shape: [2, 3, 3], dtype: .float32)
    let labels = try s.graph.addInput("labels", shape: [2, 3], dtype: .int64)
    let x = try s.call(
      "aten.embedding.default", [.value(try s.parameter("e", [9, 4])), .value(tokens)], [2, 3, 4], dtype: .float32)
    let isText = try s.call("aten.ne.Scalar", [.value(tokens), .integer(0)], [2, 3], dtype: .bool)
    let number = try s.call("aten.to.dtype", [.value(isText), .string("float32")], [2, 3], dtype: .float32)
    let mask = try s.view(number, [2, 1, 3])
    let scores = try s.node(
      "aten.bmm.default", [try s.linear(x, "q", out: 4), try s.permute(try s.linear(x, "k", out: 4), [0, 2, 1])],
      [2, 3, 3])
    let masked = try s.add(try s.add(scores, mask), given)
    let y = try s.node(
      "aten.bmm.default",
      [try s.node("aten.softmax.int", [masked], [2, 3, 3]), try s.linear(x, "v", out: 4)], [2, 3, 4])
    let z = try s.add(x, try s.linear(y, "o", out: 4))
    let loss = try s.node("aten.nll_loss.default", [try s.linear(z, "head", out: 5), labels], [])
    try s.output(loss)
    let found = activations(s)
    for name in ["tokens", "ne", "to", "view", "given", "labels"] { #expect(!found.contains(name), "\(name)") }
    for name in ["embedding", "bmm", "softmax", "nll_loss"] { #expect(found.contains(name), "\(name)") }
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["o.weight"]])
    #expect(structure.roles["head.weight"] == .head)
    #expect(structure.roles["q.weight"] == .query)
  }

  @Test("whole numbers that a weight is applied to are: images in bytes, one-hot vectors, time steps")
  func casts() throws {
    var s = GraphSketch()
    let image = try s.graph.addInput("image", shape: [2, 6], dtype: .uint8)
    let number = try s.call("aten.to.dtype", [.value(image), .string("float32")], [2, 6], dtype: .float32)
    let x = try s.linear(try s.call("aten.div.Tensor", [.value(number), .integer(255)], [2, 6]), "a", out: 4)
    let ids = try s.graph.addInput("ids", shape: [2], dtype: .int64)
    let isOne = try s.call(
      "aten.eq.Tensor", [.value(try s.view(ids, [2, 1])), .value(try s.graph.addBuffer("range", shape: [4]))], [2, 4],
      dtype: .bool)
    let hot = try s.call("aten.to.dtype", [.value(isOne), .string("float32")], [2, 4], dtype: .float32)
    try s.output(try s.add(x, try s.linear(hot, "b", out: 4)))
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["a.weight"] == .first && structure.roles["b.weight"] == .first)
    #expect(activations(s).isSuperset(of: ["image", "to", "ids", "eq", "to_1"]))
  }

  @Test("what only reads shapes, and comparisons, carry nothing")
  func cuts() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "a", out: 4)
    let noise = try s.node("aten.randn_like.default", [x], [2, 4])
    let fresh = try s.call("aten.new_zeros.default", [.value(x), .integers([2, 4])], [2, 4])
    let size = try s.call("aten.sym_size.int", [.value(x), .integer(0)], [], dtype: .int64)
    let isPositive = try s.call("aten.gt.Scalar", [.value(x), .integer(0)], [2, 4], dtype: .bool)
    let gate = try s.call("aten.to.dtype", [.value(isPositive), .string("float32")], [2, 4], dtype: .float32)
    let y = try s.add(try s.add(try s.multiply(x, gate), noise), fresh)
    try s.output(y)
    #expect(activations(s) == ["x", "linear", "mul", "add", "add_1"])
    _ = size
  }

  @Test("an embedding starts a signal, a position table looked up by a constant does not")
  func lookups() throws {
    var s = GraphSketch()
    let tokens = try s.graph.addInput("tokens", shape: [2, 3], dtype: .int64)
    let places = try s.call("aten.arange.default", [.integer(3)], [3], dtype: .int64)
    let words = try s.node("aten.embedding.default", [try s.parameter("word", [9, 4]), tokens], [2, 3, 4])
    let positions = try s.node("aten.embedding.default", [try s.parameter("place", [3, 4]), places], [3, 4])
    let picked = try s.call(
      "aten.index.Tensor", [.value(try s.parameter("kind", [2, 4])), .values([tokens])], [2, 3, 4])
    let x = try s.add(try s.add(words, positions), picked)
    try s.output(try s.linear(x, "out", out: 2))
    #expect(activations(s) == ["embedding", "index", "add", "add_1", "linear"])
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.isEmpty)
    #expect(structure.roles["word"] == .embedding && structure.roles["place"] == .embedding)
    #expect(structure["kind"]?.reason == "looked up by index")
    // An embedding counts as a weight.
    #expect(structure.roles["out.weight"] == .hidden)
  }

  @Test("a write into a view is seen by who reads the tensor later")
  func writes() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "a", out: 4)
    let canvas = try s.call("aten.new_zeros.default", [.value(x), .integers([2, 5])], [2, 5])
    let part = try s.call("aten.slice.Tensor", [.value(canvas), .integer(1), .integer(1), .integer(5)], [2, 4])
    _ = try s.node("aten.copy_.default", [part, x], [2, 4])
    let edge = try s.call("aten.select.int", [.value(canvas), .integer(1), .integer(0)], [2])
    _ = try s.call("aten.fill_.Scalar", [.value(edge), .integer(1)], [2])
    try s.output(try s.linear(canvas, "b", out: 3))
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["a.weight"] == .first && structure.roles["b.weight"] == .hidden)
  }

  @Test("a learned input is a signal: its blocks are found, and it is not the first layer that follows")
  func learnedQueries() throws {
    var s = GraphSketch()
    let memory = try s.linear(try s.input("x", [2, 6]), "in", out: 4)
    let queries = try s.parameter("queries", [2, 4])
    let q = try s.linear(queries, "q", out: 4)
    let y = try s.attention(q, try s.linear(memory, "k", out: 4), try s.linear(memory, "v", out: 4))
    try s.output(try s.linear(try s.add(queries, try s.linear(y, "o", out: 4)), "head", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.shortcut) == ["p_queries"])
    #expect(structure.roles["q.weight"] == .query && structure.roles["o.weight"] == .attentionOutput)
    #expect(structure["queries"]?.reason == "a learned input: weights are applied to it")
  }

  @Test("weights applied to a stored table alone say so")
  func tables() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "a", out: 4)
    let bias = try s.linear(try s.graph.addBuffer("distances", shape: [2, 3]), "mlp", out: 4)
    try s.output(try s.add(x, bias))
    let structure = NetworkStructure(s.graph)
    #expect(structure["mlp.weight"]?.role == .hidden)
    #expect(structure["mlp.weight"]?.reason == "applied to a stored table, not to the input")
    #expect(structure.blocks.isEmpty)
  }

  @Test("what is not returned does not count")
  func deadCode() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "a", out: 4)
    _ = try s.add(x, try s.linear(x, "unused", out: 4))
    let y = try s.add(x, try s.linear(x, "used", out: 4))
    try s.output(y)
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["used.weight"]])
    #expect(structure["unused.weight"]?.reason == "not used by the graph")
  }
}
