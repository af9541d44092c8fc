import Testing

@testable import IDInit

@Suite("The structure read off a graph")
struct NetworkStructureTests {
  @Test("a plain network has a first weight, hidden weights and no head")
  func plain() throws {
    var s = GraphSketch()
    var x = try s.input("x", [2, 784])
    for (i, width) in [512, 512, 10].enumerated() {
      x = try s.linear(x, "layers.\(i)", out: width)
      if i < 2 { x = try s.relu(x) }
    }
    try s.output(x)
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.isEmpty)
    #expect(
      structure.roles == [
        "layers.0.weight": .first, "layers.1.weight": .hidden, "layers.2.weight": .hidden,
        "layers.0.bias": .bias, "layers.1.bias": .bias, "layers.2.bias": .bias,
      ])
    #expect(structure.parameters[0].reluFollows)
    #expect(!structure.parameters[4].reluFollows)
    #expect(structure.parameters[0].geometry == .linear(out: 512, in: 784))
  }

  @Test("a residual network: identity shortcut, last weight of the stem, head")
  func residual() throws {
    var s = GraphSketch()
    var x = try s.linear(try s.input("x", [2, 6]), "stem", out: 4)
    for i in 0..<2 {
      let inner = try s.relu(try s.linear(x, "blocks.\(i).fc1", out: 8))
      x = try s.relu(try s.add(try s.linear(inner, "blocks.\(i).fc2", out: 4), x))
    }
    try s.output(try s.linear(x, "head", out: 3))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["blocks.0.fc2.weight"], ["blocks.1.fc2.weight"]])
    #expect(structure.blocks.map(\.kind) == [.identity, .identity])
    #expect(structure.blocks.map(\.add) == ["add", "add_1"])
    #expect(structure.roles["stem.weight"] == .first)
    #expect(structure.roles["blocks.0.fc1.weight"] == .hidden)
    #expect(structure.roles["blocks.1.fc2.weight"] == .stemLast)
    #expect(structure.roles["head.weight"] == .head)
  }

  @Test("a projection shortcut is the side with at most one weight and fewer than the other")
  func projection() throws {
    var s = GraphSketch()
    let x = try s.relu(try s.linear(try s.input("x", [2, 6]), "stem", out: 4))
    let inner = try s.linear(try s.relu(try s.linear(x, "fc1", out: 8)), "fc2", out: 5)
    let y = try s.add(inner, try s.linear(x, "down", out: 5))
    try s.output(try s.linear(try s.relu(y), "head", out: 3))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.count == 1)
    #expect(structure.blocks[0].kind == .projection)
    #expect(structure.blocks[0].shortcutWeights == ["down.weight"])
    #expect(structure.roles["fc2.weight"] == .stemLast)
    #expect(structure.roles["down.weight"] == .shortcut)
  }

  @Test("two branches of one weight each are a sum, not a residual")
  func parallelBranches() throws {
    var s = GraphSketch()
    let x = try s.relu(try s.linear(try s.input("x", [2, 6]), "stem", out: 4))
    try s.output(try s.add(try s.linear(x, "a", out: 5), try s.linear(x, "b", out: 5)))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.isEmpty)
    #expect(structure.roles["a.weight"] == .hidden)
  }

  @Test("parallel attention and MLP beside one shortcut: both ends carry the zero")
  func parallelStem() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 6]), "stem", out: 4)
    let a = try s.linear(try s.linear(x, "a1", out: 4), "a2", out: 4)
    let b = try s.linear(try s.linear(x, "b1", out: 4), "b2", out: 4)
    try s.output(try s.add(x, try s.add(a, b)))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["a2.weight", "b2.weight"]])
  }

  @Test("two inputs with no common past make no residual, nor do biases and position tables")
  func noResidual() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 6]), "a", out: 4)
    let y = try s.linear(try s.input("y", [2, 6]), "b", out: 4)
    let position = try s.parameter("position", [2, 4])
    try s.output(try s.linear(try s.add(try s.add(x, y), position), "c", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.isEmpty)
    #expect(structure.roles["a.weight"] == .first)
    #expect(structure.roles["b.weight"] == .first)
    #expect(structure.roles["position"] == .other)
  }

  @Test("cross-attention has a second input and is an identity shortcut all the same")
  func crossAttention() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "in", out: 4)
    let memory = try s.linear(try s.input("memory", [2, 4]), "encoder", out: 4)
    let product = try s.node(
      "aten.bmm.default", [try s.linear(x, "q", out: 4), try s.linear(memory, "v", out: 4)], [2, 4])
    try s.output(try s.add(x, try s.linear(product, "o", out: 4)))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["o.weight"]])
    #expect(structure.blocks[0].kind == .identity)
  }

  @Test("a gate computed from the main path does not carry the zero")
  func squeezeExcitation() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "in", out: 4)
    let main = try s.linear(try s.relu(try s.linear(x, "fc1", out: 4)), "fc2", out: 4)
    let gate = try s.node("aten.sigmoid.default", [try s.linear(main, "gate", out: 4)], [2, 4])
    try s.output(try s.linear(try s.add(try s.multiply(main, gate), x), "head", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["fc2.weight"]])
    #expect(structure.roles["gate.weight"] == .hidden)
    #expect(structure.blocks[0].notes.isEmpty)
  }

  @Test("a product of equals is reported as ambiguous")
  func ambiguousProduct() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "in", out: 4)
    let product = try s.multiply(try s.linear(x, "a", out: 4), try s.linear(x, "b", out: 4))
    try s.output(try s.add(product, x))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["a.weight"]])
    #expect(
      structure.blocks[0].notes == ["mul multiplies two paths of equal standing; the zero goes to the first factor"])
    #expect(
      structure.parameters.first { $0.role == .stemLast }?.reason
        == "ends the stem joined at add; mul multiplies two paths of equal standing; the zero goes to the first factor")
  }

  @Test("a nested residual: the longer skip ends where both inner paths end")
  func nested() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "in", out: 4)
    let outer = try s.linear(x, "outer", out: 4)
    let inner = try s.linear(try s.relu(try s.linear(outer, "fc1", out: 4)), "fc2", out: 4)
    try s.output(try s.add(try s.add(inner, outer), x))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["fc2.weight"], ["outer.weight", "fc2.weight"]])
    #expect(structure.roles["outer.weight"] == .stemLast)
  }

  @Test("a stem without a weight is reported")
  func stemWithoutWeight() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "in", out: 4)
    try s.output(try s.add(try s.node("aten.avg_pool1d.default", [x], [2, 4]), x))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks[0].last.isEmpty)
    #expect(structure.blocks[0].notes == ["the stem has no weight that can carry the zero"])
    // With no weight in any stem the walk from the output stops at the addition: there is no head.
    #expect(structure.roles["in.weight"] == .first)
  }

  @Test("decomposed products give the geometry of what they compute")
  func decomposed() throws {
    var s = GraphSketch()
    let x = try s.input("x", [2, 4])
    let w = try s.parameter("fc.weight", [3, 4])
    let b = try s.parameter("fc.bias", [3])
    let permuted = try s.graph.addPermuted(w)
    let y = try s.node("aten.addmm.default", [b, x, permuted], [2, 3])
    let z = try s.node("aten.mm.default", [y, try s.parameter("conv1d.weight", [3, 7])], [2, 7])
    try s.output(z)
    let structure = NetworkStructure(s.graph)
    #expect(structure.parameters[0].geometry == .linear(out: 3, in: 4))
    #expect(structure.parameters[1].role == .bias)
    #expect(structure.parameters[2].geometry == .transposedLinear(in: 3, out: 7))
  }

  @Test("convolutions: groups and transposition are read off the operation")
  func convolutions() throws {
    var graph = NetworkGraph()
    let x = try graph.addInput("x", shape: [1, 4, 8, 8])
    let grouped = try graph.addParameter("a.weight", shape: [4, 1, 3, 3])
    let up = try graph.addParameter("b.weight", shape: [4, 6, 2, 2])
    let y = try graph.addNode(
      "aten.conv2d.default",
      [.value(x), .value(grouped), .none, .integers([1, 1]), .integers([1, 1]), .integers([1, 1]), .integer(4)],
      outputs: [("conv2d", [1, 4, 8, 8])])[0]
    let z = try graph.addNode(
      "aten.convolution.default",
      [
        .value(y), .value(up), .none, .integers([2, 2]), .integers([0, 0]), .integers([1, 1]), .boolean(true),
        .integers([0, 0]), .integer(1),
      ], outputs: [("up", [1, 6, 16, 16])])
    try graph.setOutputs(z)
    let structure = NetworkStructure(graph)
    #expect(structure.parameters[0].geometry == .convolution(shape: [4, 1, 3, 3], groups: 4))
    #expect(structure.parameters[1].geometry == .transposedConvolution(shape: [4, 6, 2, 2], groups: 1))
  }

  @Test("normalisation, embeddings and unused parameters have their roles")
  func otherRoles() throws {
    var s = GraphSketch()
    let tokens = try s.input("tokens", [2, 3])
    let table = try s.parameter("embed.weight", [11, 4])
    let x = try s.node("aten.embedding.default", [table, tokens], [2, 3, 4])
    let scale = try s.parameter("norm.weight", [4])
    let shift = try s.parameter("norm.bias", [4])
    let y = try s.graph.addNode(
      "aten.layer_norm.default", [.value(x), .integers([4]), .value(scale), .value(shift)],
      outputs: [("layer_norm", [2, 3, 4])])[0]
    _ = try s.parameter("unused", [5])
    let tied = try s.node("aten.linear.default", [try s.linear(y, "fc", out: 4), table], [2, 3, 11])
    try s.output(tied)
    let structure = NetworkStructure(s.graph)
    #expect(
      structure.roles == [
        "embed.weight": .embedding, "norm.weight": .normScale, "norm.bias": .normBias, "unused": .other,
        "fc.weight": .hidden, "fc.bias": .bias,
      ])
    #expect(structure.parameters.first { $0.name == "unused" }?.reason == "not used by the graph")
  }
}

extension NetworkGraph {
  mutating func addPermuted(_ id: ValueID) throws -> ValueID {
    try addNode(
      "aten.permute.default", [.value(id), .integers([1, 0])],
      outputs: [("permute", Array(self[id].shape.reversed()))])[0]
  }
}
