import Testing

@testable import IDInit

@Suite("PyTorch's own start, by the layer")
struct TorchLayerTests {
  private static let attention = "torch.nn.modules.activation.MultiheadAttention"
  private static let linear = "torch.nn.modules.linear.Linear"

  /// x + out(attention(one packed projection)), with a head; what owns the projection is of the class `owner`.
  private func network(_ owner: String?, packed: String, out: String) throws -> NetworkGraph {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 5, 6]), "in", out: 8)
    let weight = try s.parameter(packed, [24, 8])
    let bias = try s.parameter("\(packed)_bias", [24])
    let qkv = try s.chunk(try s.node("aten.linear.default", [x, weight, bias], [2, 5, 24]), 3, 2)
    // nn.MultiheadAttention's add_bias_kv: one more key and one more value.
    let extra = try (0..<2).map { try s.parameter("attn.bias_\($0 == 0 ? "k" : "v")", [1, 1, 8]) }
    let longer = try zip(qkv.dropFirst(), extra).map { part, row in
      let spread = try s.call("aten.repeat.default", [.value(row), .integers([2, 1, 1])], [2, 1, 8])
      return try s.call("aten.cat.default", [.values([part, spread]), .integer(1)], [2, 6, 8])
    }
    let attended = try s.attention(qkv[0], longer[0], longer[1])
    try s.output(try s.linear(try s.add(x, try s.linear(attended, out, out: 8)), "head", out: 2))
    if let owner {
      for path in ["in", "head"] { s.graph.setModuleClass(Self.linear, of: path) }
      s.graph.setModuleClass(owner, of: String(packed.prefix { $0 != "." }))
    }
    return s.graph
  }

  private func uniform(_ bound: Double) -> Rule { .uniform(UniformRule(low: -bound, high: bound)) }

  @Test("nn.MultiheadAttention is known by its class: Xavier over the packed matrix, biases 0")
  func attention() throws {
    let graph = try network(Self.attention, packed: "attn.in_proj_weight", out: "attn.out_proj")
    let plan = try InitializationPlan(PyTorchDefaultScheme(), for: graph, seed: 3)
    let packed = try #require(plan["attn.in_proj_weight"])
    #expect(packed.rule == .xavier(XavierRule(.uniform)))
    #expect(packed.parts.map(\.role) == [.query, .key, .value])
    #expect(plan["attn.in_proj_weight_bias"]?.rule == .zero && plan["attn.out_proj.bias"]?.rule == .zero)
    #expect(plan["attn.out_proj.weight"]?.rule == .kaiming(.torchDefault))
    #expect(plan["head.weight"]?.rule == .kaiming(.torchDefault))
    #expect(plan["head.bias"]?.rule == uniform(1 / 8.0.squareRoot()))
    // xavier_normal_ of [1, 1, 8]: fans of 8 each.
    for name in ["attn.bias_k", "attn.bias_v"] {
      #expect(plan[name]?.rule == .normal(NormalRule(std: (2.0 / 16).squareRoot())))
    }
    #expect(plan.notes.isEmpty)
    // √(6/(8 + 24)) for the packed matrix, and not √(6/16) for a matrix of queries alone.
    let values = try #require(try plan.values(as: Double.self)["attn.in_proj_weight"])
    let largest = values.map(\.magnitude).max() ?? 0
    #expect(largest <= (6.0 / 32).squareRoot() && largest > 0.95 * (6.0 / 32).squareRoot())
  }

  @Test("a packed nn.Linear stays nn.Linear's; without classes that is said, and so it is of others' classes")
  func linear() throws {
    let owned = try network(Self.linear, packed: "qkv.weight", out: "proj")
    let plan = try InitializationPlan(PyTorchDefaultScheme(), for: owned)
    #expect(
      plan["qkv.weight"]?.rule == .kaiming(.torchDefault)
        && plan["qkv.weight_bias"]?.rule == uniform(1 / 8.0.squareRoot()))
    #expect(plan["attn.bias_k"]?.rule == nil && plan.notes.isEmpty)

    let unknown = try network(nil, packed: "attn.in_proj_weight", out: "attn.out_proj")
    let blind = try InitializationPlan(PyTorchDefaultScheme(), for: unknown)
    #expect(blind["attn.in_proj_weight"]?.rule == .kaiming(.torchDefault))
    #expect(blind.notes.count == 1 && blind.notes[0].contains("nn.MultiheadAttention's would start by xavier_uniform_"))

    let own = try network("zoo.Attention", packed: "attn.in_proj_weight", out: "attn.out_proj")
    let note = try InitializationPlan(PyTorchDefaultScheme(), for: own).notes
    #expect(
      note.count == 1 && note[0].hasPrefix("'attn.in_proj_weight' belongs to the class zoo.Attention, not PyTorch's"))
  }

  @Test("nn.Transformer draws its matrices by Xavier, whatever the layer")
  func transformer() throws {
    var graph = try network(Self.attention, packed: "attn.in_proj_weight", out: "attn.out_proj")
    graph.setModuleClass("torch.nn.modules.transformer.Transformer", of: "")
    let plan = try InitializationPlan(PyTorchDefaultScheme(), for: graph)
    for name in ["in.weight", "attn.in_proj_weight", "attn.out_proj.weight", "head.weight"] {
      #expect(plan[name]?.rule == .xavier(XavierRule(.uniform)), "\(name)")
    }
    #expect(plan["attn.out_proj.bias"]?.rule == .zero && plan["head.bias"]?.rule == uniform(1 / 8.0.squareRoot()))
  }

  @Test(
    "recurrent layers: everything U(±1/√hidden), an LSTM's projection too",
    arguments: [("lstm", 4), ("gru", 3), ("rnn_tanh", 1)])
  func recurrent(_ name: String, _ gates: Int) throws {
    var s = GraphSketch()
    let x = try s.input("x", [5, 2, 8])
    let isProjected = name == "lstm"
    var parameters = [
      try s.parameter("w_ih", [12 * gates, 8]), try s.parameter("w_hh", [12 * gates, isProjected ? 6 : 12]),
      try s.parameter("b_ih", [12 * gates]), try s.parameter("b_hh", [12 * gates]),
    ]
    if isProjected { parameters.append(try s.parameter("w_hr", [6, 12])) }
    let y = try s.pieces(
      "aten.\(name).input",
      [.value(x), .values([]), .values(parameters), .boolean(true), .integer(1), .real(0), .boolean(false)],
      [[5, 2, isProjected ? 6 : 12]])
    try s.output(try s.linear(y[0], "fc", out: 3))
    let plan = try InitializationPlan(PyTorchDefaultScheme(), for: s.graph)
    for entry in plan.entries where !entry.name.hasPrefix("fc") {
      #expect(entry.rule == uniform(1 / 12.0.squareRoot()), "\(entry.name)")
    }
    #expect(plan["fc.weight"]?.rule == .kaiming(.torchDefault))
  }

  @Test("a cell that was taken apart into products has its gates by its class, also where its state is constant")
  func apart() throws {
    var s = GraphSketch()
    let x = try s.input("x", [2, 8])
    let zeros = try s.call("aten.zeros.default", [.integers([2, 6])], [2, 6])
    let (wih, whh) = (try s.parameter("cell.weight_ih", [24, 8]), try s.parameter("cell.weight_hh", [24, 6]))
    let gates = try s.add(
      try s.node("aten.linear.default", [x, wih], [2, 24]), try s.node("aten.linear.default", [zeros, whh], [2, 24]))
    let parts = try s.chunk(gates, 4, 1)
    let open = try s.node("aten.sigmoid.default", [parts[0]], [2, 6])
    let cell = try s.multiply(open, try s.node("aten.tanh.default", [parts[2]], [2, 6]))
    let out = try s.node("aten.sigmoid.default", [parts[3]], [2, 6])
    try s.output(try s.multiply(out, try s.node("aten.tanh.default", [cell], [2, 6])))
    s.graph.setModuleClass("torch.nn.modules.rnn.LSTMCell", of: "cell")
    let structure = NetworkStructure(s.graph)
    let rows = (0..<4).map { RowSelection(($0 * 6)..<($0 * 6 + 6)) }
    #expect(structure["cell.weight_hh"]?.parts.map(\.geometry.selection) == rows)
    #expect(structure["cell.weight_hh"]?.layer == .recurrent(hiddenSize: 6))
    #expect(structure["cell.weight_ih"]?.layer == .recurrent(hiddenSize: 6))
  }
}
