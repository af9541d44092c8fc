import Testing

@testable import IDInit

@Suite("Weights as operations apply them")
struct WeightOperationTests {
  @Test("through views: transposes, batches, heads, kernels stored as matrices")
  func views() throws {
    var s = GraphSketch()
    let x = try s.input("x", [2, 3, 4])
    // einsum and DenseGeneral: [in, heads, size]
    let heads = try s.parameter("heads", [4, 2, 5])
    let y = try s.call(
      "aten.einsum.default", [.string("btd,dhk->bthk"), .values([x, heads])], [2, 3, 2, 5])
    // what a matrix product on three axes is taken apart into
    let wide = try s.parameter("wide", [7, 10])
    let batch = try s.call(
      "aten.expand.default", [.value(try s.permute(wide, [1, 0])), .integers([2, 10, 7])], [2, 10, 7])
    let z = try s.node("aten.bmm.default", [try s.view(y, [2, 3, 10]), batch], [2, 3, 7])
    // a kernel stored as a matrix, and one in Keras' order
    let flat = try s.parameter("flat", [6, 21])
    let c = try s.node("aten.conv1d.default", [try s.permute(z, [0, 2, 1]), try s.view(flat, [6, 7, 3])], [2, 6, 1])
    let keras = try s.parameter("keras", [3, 6, 8])
    let d = try s.node("aten.conv1d.default", [c, try s.permute(keras, [2, 1, 0])], [2, 8, 1])
    let split = try s.parameter("split", [2, 4, 8])
    try s.output(try s.node("aten.linear.default", [try s.view(d, [2, 8]), try s.view(split, [8, 8])], [2, 8]))
    let structure = NetworkStructure(s.graph)
    #expect(structure["heads"]?.geometry == .transposedLinear(in: 4, out: 10))
    #expect(structure["wide"]?.geometry == .linear(out: 7, in: 10))
    #expect(structure["flat"]?.geometry == .convolution(shape: [6, 7, 3]))
    #expect(structure["keras"]?.geometry == WeightGeometry(shape: [3, 6, 8], outAxis: 2, inAxis: 1, windowAxes: [0]))
    #expect(structure["split"]?.geometry == .linear(out: 8, in: 8))
    for parameter in structure.parameters {
      #expect(parameter.geometry?.elementCount == parameter.shape.reduce(1, *), "\(parameter.name)")
    }
  }

  @Test("constant factors and casts are followed; sums and functions make another tensor")
  func factors() throws {
    var s = GraphSketch()
    let x = try s.input("x", [2, 4])
    let scaled = try s.call("aten.mul.Tensor", [.value(try s.parameter("scaled", [4, 4])), .real(0.5)], [4, 4])
    let y = try s.node("aten.linear.default", [x, scaled], [2, 4])
    let exponential = try s.node("aten.exp.default", [try s.parameter("log", [4, 4])], [4, 4])
    let z = try s.node("aten.matmul.default", [y, exponential], [2, 4])
    let a = try s.parameter("lora.a", [2, 4]), b = try s.parameter("lora.b", [4, 2])
    let merged = try s.add(try s.parameter("base", [4, 4]), try s.node("aten.mm.default", [b, a], [4, 4]))
    try s.output(try s.node("aten.linear.default", [z, merged], [2, 4]))
    let structure = NetworkStructure(s.graph)
    #expect(structure.roles["scaled"] == .first)
    for name in ["log", "base", "lora.a", "lora.b"] {
      #expect(structure.roles[name] == .other, "\(name)")
      #expect(structure[name]?.geometry == nil && structure[name]?.reason.isEmpty == false)
    }
  }

  /// `torch.nn.utils.parametrizations.weight_norm`, whole and taken apart, and weight standardisation.
  @Test("a normalised weight has a direction; its length carries the zero, so that it ends no stem", arguments: 0..<3)
  func normalised(form: Int) throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "in", out: 4)
    let v = try s.parameter("v", [4, 4])
    let g = try s.parameter("g", [4, 1])
    let w: GraphSketch.ID
    switch form {
    case 0: w = try s.node("aten._weight_norm.default", [v, g], [4, 4])
    case 1:
      let length = try s.node("aten.linalg_vector_norm.default", [v], [4, 1])
      w = try s.multiply(v, try s.node("aten.div.Tensor", [g, length], [4, 1]))
    default:
      let centred = try s.node("aten.sub.Tensor", [v, try s.node("aten.mean.dim", [v], [4, 1])], [4, 4])
      w = try s.node("aten.div.Tensor", [centred, try s.node("aten.std.dim", [v], [4, 1])], [4, 4])
      _ = try s.multiply(x, g)
    }
    try s.output(try s.add(x, try s.node("aten.linear.default", [x, w], [2, 4])))
    let structure = NetworkStructure(s.graph)
    #expect(structure["v"]?.endsStem == false)
    #expect(structure["v"]?.reason == "normalised: only its direction matters")
    #expect(structure.blocks.map(\.last) == [[]])
    #expect(
      structure.blocks.first?.notes == [
        "the stem's last weight is normalised, so that its length cannot carry the zero"
      ])
    if form < 2 {
      #expect(structure["g"]?.reason == "the length of a normalised weight")
      #expect(structure["g"]?.multiplies == true)
    }
  }

  @Test("recurrent layers: gates by rows, both directions, projections, biases", arguments: [false, true])
  func recurrent(bidirectional: Bool) throws {
    var s = GraphSketch()
    let x = try s.input("x", [5, 2, 8])
    let h = try s.graph.addBuffer("h", shape: [2, 2, 12])
    var parameters: [GraphSketch.ID] = []
    for layer in 0..<2 {
      for direction in bidirectional ? ["", "_reverse"] : [""] {
        parameters += [
          try s.parameter("w_ih_\(layer)\(direction)", [48, layer == 0 ? 8 : 12]),
          try s.parameter("w_hh_\(layer)\(direction)", [48, 12]), try s.parameter("b_ih_\(layer)\(direction)", [48]),
          try s.parameter("b_hh_\(layer)\(direction)", [48]),
        ]
      }
    }
    let results = try s.pieces(
      "aten.lstm.input",
      [
        .value(x), .values([h, h]), .values(parameters), .boolean(true), .integer(2), .real(0), .boolean(false),
        .boolean(bidirectional), .boolean(false),
      ], [[5, 2, 12], [2, 2, 12], [2, 2, 12]])
    try s.output(try s.linear(results[0], "fc", out: 3))
    let structure = NetworkStructure(s.graph)
    let gates = (0..<4).map { RowSelection(($0 * 12)..<($0 * 12 + 12)) }
    #expect(structure["w_ih_0"]?.parts.map(\.geometry.selection) == gates)
    #expect(structure["w_hh_1"]?.parts.map(\.geometry.selection) == gates)
    #expect(structure.roles["w_ih_0"] == .first && structure.roles["w_hh_0"] == .hidden)
    #expect(structure.roles["w_ih_1"] == .hidden && structure.roles["fc.weight"] == .hidden)
    #expect(structure["b_hh_1"]?.role == .bias)
    #expect(structure["b_hh_1"]?.weight == .linear(out: 48, in: 12))
    if bidirectional {
      #expect(structure.roles["w_ih_0_reverse"] == .first)
      #expect(structure["w_hh_1_reverse"]?.parts.count == 4)
    }
  }

  @Test("cells, a GRU's three gates, an LSTM with projection, and an Elman network of ReLUs")
  func cells() throws {
    var s = GraphSketch()
    let x = try s.input("x", [2, 8])
    let h = try s.graph.addBuffer("h", shape: [2, 12])
    func cell(_ name: String, _ x: GraphSketch.ID, _ state: NetworkGraph.Argument, _ rows: Int, _ s: inout GraphSketch)
      throws -> GraphSketch.ID
    {
      let width = s.graph[x].shape[1]
      return try s.call(
        "aten.\(name).default",
        [
          .value(x), state, .value(try s.parameter("\(name).w_ih", [rows, width])),
          .value(try s.parameter("\(name).w_hh", [rows, 12])), .value(try s.parameter("\(name).b_ih", [rows])),
        ], [2, 12])
    }
    let a = try cell("lstm_cell", x, .values([h, h]), 48, &s)
    let b = try cell("gru_cell", a, .value(h), 36, &s)
    let c = try cell("rnn_relu_cell", b, .value(h), 12, &s)
    try s.output(c)
    let structure = NetworkStructure(s.graph)
    #expect(structure["lstm_cell.w_ih"]?.parts.count == 4 && structure["lstm_cell.w_ih"]?.role == .first)
    #expect(structure["gru_cell.w_hh"]?.parts.count == 3)
    #expect(structure["gru_cell.w_hh"]?.reason == "3 gates in one matrix")
    #expect(structure["rnn_relu_cell.w_hh"]?.parts.isEmpty == true)
    #expect(structure["rnn_relu_cell.w_ih"]?.reluFollows == true)
    #expect(structure["gru_cell.b_ih"]?.role == .bias)

    var p = GraphSketch()
    let y = try p.input("x", [5, 2, 8])
    let weights = [
      try p.parameter("w_ih", [48, 8]), try p.parameter("w_hh", [48, 6]), try p.parameter("b_ih", [48]),
      try p.parameter("b_hh", [48]), try p.parameter("w_hr", [6, 12]),
    ]
    let results = try p.pieces(
      "aten.lstm.input",
      [.value(y), .values([]), .values(weights), .boolean(true), .integer(1), .real(0), .boolean(false)], [[5, 2, 6]])
    try p.output(results[0])
    let projected = NetworkStructure(p.graph)
    #expect(projected["w_hr"]?.parts.isEmpty == true && projected["w_hr"]?.geometry == .linear(out: 6, in: 12))
    #expect(projected["w_hh"]?.parts.count == 4)
  }

  @Test("a residual around a recurrent layer: all weights of its last layer carry the zero")
  func residualRecurrent() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 8]), "in", out: 12)
    let parameters = [
      try s.parameter("w_ih_0", [36, 12]), try s.parameter("w_hh_0", [36, 12]), try s.parameter("w_ih_1", [36, 12]),
      try s.parameter("w_hh_1", [36, 12]),
    ]
    let y = try s.pieces(
      "aten.gru.input",
      [
        .value(x), .value(try s.graph.addBuffer("h", shape: [2, 2, 12])), .values(parameters), .boolean(false),
        .integer(2), .real(0), .boolean(false), .boolean(false), .boolean(true),
      ], [[2, 5, 12], [2, 2, 12]])
    try s.output(try s.add(x, y[0]))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["w_ih_1", "w_hh_1"]])
    #expect(structure.blocks[0].stemWeights == ["w_ih_0", "w_hh_0", "w_ih_1", "w_hh_1"])
    #expect(structure.roles["w_ih_0"] == .hidden)
  }

  @Test("experts: a stack of matrices is planned matrix by matrix, however it is stored")
  func stacks() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [6, 4]), "in", out: 4)
    let spread = try s.call(
      "aten.expand.default", [.value(try s.view(x, [1, 6, 4])), .integers([3, 6, 4])], [3, 6, 4])
    let up = try s.parameter("up", [3, 4, 10])
    let both = try s.node("aten.bmm.default", [spread, up], [3, 6, 10])
    let halves = try s.chunk(both, 2, 2)
    let inner = try s.multiply(try s.node("aten.silu.default", [halves[0]], [3, 6, 5]), halves[1])
    let down = try s.parameter("down", [3, 4, 5])
    let y = try s.call(
      "aten.einsum.default", [.string("enf,edf->end"), .values([inner, down])], [3, 6, 4])
    let gate = try s.view(try s.node("aten.softmax.int", [try s.linear(x, "router", out: 3)], [6, 3]), [3, 6, 1])
    let sum = try s.call("aten.sum.dim_IntList", [.value(try s.multiply(y, gate)), .integers([0])], [6, 4])
    try s.output(try s.linear(try s.add(x, sum), "head", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure["up"]?.geometry == WeightGeometry(shape: [12, 10], outAxis: 1, inAxis: 0, groups: 3))
    #expect(
      structure["up"]?.parts.map(\.geometry.selection) == (0..<6).map { RowSelection(($0 * 5)..<($0 * 5 + 5)) })
    #expect(structure["up"]?.reason == "a stack of 3 matrices; two matrices in one, one gates the other")
    #expect(structure["down"]?.geometry == .linear(out: 12, in: 5))
    #expect(structure["down"]?.parts.map(\.role) == [.stemLast, .stemLast, .stemLast])
    #expect(structure.blocks.map(\.last) == [["down"]])
    #expect(structure.roles["router.weight"] == .hidden)
    let plan = try InitializationPlan(IDInitScheme(), for: structure)
    try plan.validate()
    // Each expert's down is IDIZ of its own 4 × 5 matrix.
    let values = try plan.values(as: Double.self)["down"] ?? []
    for expert in 0..<3 {
      for row in 0..<4 {
        for column in 0..<5 {
          let expected = column == row ? 1e-6 : column == 4 ? -1e-6 : 0
          #expect(values[(expert * 4 + row) * 5 + column] == expected)
        }
      }
    }
  }

  @Test("what no rule follows is kept and says why")
  func unsupported() throws {
    var s = GraphSketch()
    let x = try s.input("x", [2, 4])
    let form = try s.parameter("form", [3, 4, 4])
    let y = try s.node("aten.bilinear.default", [x, x, form], [2, 3])
    let table = try s.parameter("table", [3, 5])
    let z = try s.call(
      "aten.einsum.default", [.string("bi,ij,jk->bk"), .values([y, table, try s.parameter("other", [5, 3])])], [2, 3])
    try s.output(try s.linear(z, "out", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure["form"]?.reason == "a bilinear form: no matrix")
    #expect(structure["table"]?.reason == "one of 3 factors of an einsum")
    #expect(structure["form"]?.role == .other)
  }

  @Test("an alias is described as its original, and says so")
  func ties() throws {
    var s = GraphSketch()
    let tokens = try s.graph.addInput("tokens", shape: [2, 3], dtype: .int64)
    let alias = try s.parameter("embed.weight", [11, 4])
    let table = try s.parameter("head.weight", [11, 4])
    try s.graph.tie("embed.weight", to: "head.weight")
    var x = try s.node("aten.embedding.default", [table, tokens], [2, 3, 4])
    x = try s.add(x, try s.linear(x, "fc", out: 4))
    try s.output(try s.node("aten.linear.default", [x, table], [2, 3, 11]))
    let structure = NetworkStructure(s.graph)
    #expect(structure.parameters.map(\.name) == ["embed.weight", "head.weight", "fc.weight", "fc.bias"])
    #expect(structure.roles["embed.weight"] == .embedding && structure.roles["head.weight"] == .embedding)
    #expect(structure["embed.weight"]?.tiedTo == "head.weight" && structure["head.weight"]?.tiedTo == nil)
    #expect(structure["head.weight"]?.reason == "looked up by embedding; also the output layer")
    #expect(structure["embed.weight"]?.reason == "tied to head.weight; looked up by embedding; also the output layer")
    _ = alias
  }
}
