import Testing

@testable import IDInit

@Suite("The head and the first layers")
struct HeadTests {
  private func block(_ s: inout GraphSketch, _ x: GraphSketch.ID, _ name: String) throws -> GraphSketch.ID {
    let width = s.graph[x].shape.last ?? 0
    let inner = try s.relu(try s.linear(x, "\(name).1", out: 2 * width))
    return try s.add(x, try s.linear(inner, "\(name).2", out: width))
  }

  @Test("through pooling, dropout, a pooler's successor and log-probabilities; several heads are several")
  func several() throws {
    var s = GraphSketch()
    let x = try block(&s, try s.linear(try s.input("x", [2, 5, 6]), "in", out: 8), "a")
    let pooled = try s.call("aten.mean.dim", [.value(x), .integers([1])], [2, 8])
    let pooler = try s.node("aten.tanh.default", [try s.linear(pooled, "pooler", out: 8)], [2, 8])
    let dropped = try s.call("aten.dropout.default", [.value(pooler), .real(0.1), .boolean(true)], [2, 8])
    let logits = try s.node("aten._log_softmax.default", [try s.linear(dropped, "classes", out: 3)], [2, 3])
    let boxes = try s.node("aten.sigmoid.default", [try s.linear(x, "boxes", out: 4)], [2, 5, 4])
    try s.output(logits, boxes)
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["classes.weight"] == .head && structure.roles["boxes.weight"] == .head)
    #expect(structure.roles["pooler.weight"] == .hidden)
    #expect(structure["boxes.weight"]?.reason == "last classification layer")
  }

  @Test("what the network also returns but uses further has no head; a loss leads to its logits")
  func features() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 6]), "in", out: 8)
    let k = try s.linear(x, "k", out: 8)
    let y = try s.attention(try s.linear(x, "q", out: 8), k, try s.linear(x, "v", out: 8))
    let z = try s.add(x, try s.linear(y, "o", out: 8))
    let logits = try s.linear(z, "head", out: 4)
    let labels = try s.graph.addInput("labels", shape: [2, 5], dtype: .int64)
    let loss = try s.node("aten.cross_entropy_loss.default", [try s.view(logits, [10, 4]), labels], [])
    try s.output(loss, logits, k, x)
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["head.weight"] == .head)
    #expect(structure.roles["k.weight"] == .key && structure.roles["in.weight"] == .first)
  }

  @Test("a difference from the input leads to the reconstruction, not to the input")
  func reconstruction() throws {
    var s = GraphSketch()
    let x = try s.input("x", [2, 6])
    let h = try block(&s, try s.linear(x, "encoder", out: 4), "a")
    let difference = try s.node("aten.sub.Tensor", [x, try s.linear(h, "decoder", out: 6)], [2, 6])
    try s.output(try s.call("aten.pow.Tensor_Scalar", [.value(difference), .integer(2)], [2, 6]))
    #expect(NetworkStructure(s.graph).roles["decoder.weight"] == .head)
  }

  @Test("two towers that are multiplied are no classifier")
  func towers() throws {
    var s = GraphSketch()
    func tower(_ name: String) throws -> GraphSketch.ID {
      try s.linear(
        try block(&s, try s.linear(try s.input(name, [2, 6]), "\(name).in", out: 8), name), "\(name).out", out: 4)
    }
    let (a, b) = (try tower("a"), try tower("b"))
    try s.output(try s.node("aten.matmul.default", [a, try s.permute(b, [1, 0])], [2, 2]))
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["a.out.weight"] == .hidden && structure.roles["b.out.weight"] == .hidden)
    #expect(structure.roles["a.in.weight"] == .first && structure.roles["b.in.weight"] == .first)
  }

  @Test("a stem's last weight that is also the output's is the stem's; a network that ends with a sum has no head")
  func noHead() throws {
    var s = GraphSketch()
    try s.output(try block(&s, try s.linear(try s.input("x", [2, 6]), "in", out: 8), "a"))
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["a.2.weight"] == .stemLast && !structure.roles.values.contains(.head))
  }

  @Test(
    "a ReLU is a ReLU by what it does: bounded ones count, leaky and smooth ones do not",
    arguments: [
      ("aten.relu_.default", [], true), ("aten.relu6.default", [], true),
      ("aten.hardtanh.default", [.integer(0), .integer(6)], true), ("aten.clamp_min.default", [.integer(0)], true),
      ("aten.clamp.default", [.real(0), .none], true), ("aten.threshold.default", [.integer(0), .integer(0)], true),
      ("aten.hardtanh.default", [], false), ("aten.clamp.default", [.none, .real(0)], false),
      ("aten.threshold.default", [.integer(0), .integer(1)], false), ("aten.leaky_relu.default", [], false),
      ("aten.gelu.default", [], false), ("aten.silu.default", [], false), ("aten.elu.default", [], false),
    ] as [(String, [NetworkGraph.Argument], Bool)])
  func reluFamily(operation: String, arguments: [NetworkGraph.Argument], isReLU: Bool) throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 6]), "in", out: 8)
    let y = try s.call(operation, [.value(x)] + arguments, [2, 8])
    try s.output(try s.relu(try s.linear(y, "out", out: 2)))
    let structure = NetworkStructure(s.graph)
    #expect(structure["in.weight"]?.reluFollows == isReLU)
    #expect(structure["in.weight"]?.reason == (isReLU ? "first layer, ReLU follows" : "first layer"))
    #expect(structure["out.weight"]?.reluFollows == true)
  }

  @Test("a hard swish written out is none: x · clamp(x + 3, 0, 6) / 6")
  func hardSwish() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 6]), "in", out: 8)
    let shifted = try s.call("aten.add.Tensor", [.value(x), .integer(3)], [2, 8])
    let low = try s.call("aten.clamp_min.default", [.value(shifted), .integer(0)], [2, 8])
    let gate = try s.call("aten.clamp_max.default", [.value(low), .integer(6)], [2, 8])
    try s.output(try s.linear(try s.multiply(x, gate), "out", out: 2))
    #expect(NetworkStructure(s.graph)["in.weight"]?.reluFollows == false)
  }

  @Test("a head that is the embedding is told, with what that means for the first loss")
  func tied() throws {
    func graph(isTied: Bool) throws -> NetworkGraph {
      var s = GraphSketch()
      let ids = try s.graph.addInput("ids", shape: [2, 5], dtype: .int64)
      let table = try s.parameter("wte.weight", [20, 8])
      let x = try block(&s, try s.node("aten.embedding.default", [table, ids], [2, 5, 8]), "a")
      let head = isTied ? table : try s.parameter("head.weight", [20, 8])
      try s.output(try s.node("aten.linear.default", [x, head], [2, 5, 20]))
      return s.graph
    }
    for scheme in [IDInitScheme(), ZeroHadamardScheme(), FixupWeightsScheme()] as [any InitializationScheme] {
      let notes = try InitializationPlan(scheme, for: try graph(isTied: true)).notes
      #expect(notes.contains { $0.contains("'wte.weight'") && $0.contains("not ln(classes)") }, "\(scheme.name)")
      let plain = try InitializationPlan(scheme, for: try graph(isTied: false)).notes
      #expect(!plain.contains { $0.contains("ln(classes)") }, "\(scheme.name)")
    }
    // Kaiming's first loss is not ln(classes) with any head.
    #expect(try InitializationPlan(KaimingScheme(), for: try graph(isTied: true)).notes.isEmpty)
  }
}
