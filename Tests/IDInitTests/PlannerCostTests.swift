import Testing

@testable import IDInit

/// Graphs that would take quadratic or exponential work if they were followed path by path. There is no clock here: a
/// planner that did so would not come back.
@Suite("Graphs that are made to be slow")
struct PlannerCostTests {
  private func trunk(_ s: inout GraphSketch) throws -> GraphSketch.ID {
    try s.linear(try s.input("x", [2, 4]), "in", out: 4)
  }

  @Test("2^2000 paths")
  func diamonds() throws {
    var s = GraphSketch()
    var x = try trunk(&s)
    for _ in 0..<2000 { x = try s.add(try s.relu(x), try s.relu(x)) }
    try s.output(try s.linear(x, "out", out: 2))
    #expect(NetworkStructure(s.graph).blocks.isEmpty)
  }

  @Test("2000 blocks in a row cost 2000 times one")
  func deep() throws {
    var s = GraphSketch()
    var x = try trunk(&s)
    for index in 0..<2000 { x = try s.add(x, try s.linear(try s.relu(x), "\(index)", out: 4, bias: false)) }
    try s.output(x)
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.count == 2000 && structure.notes.isEmpty)
    #expect(structure.blocks.last?.last == ["1999.weight"])
  }

  @Test("4000 long skips to one value run into the budget, and what was not examined is said")
  func longSkips() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    var y = x
    for index in 0..<4000 {
      // A second input, so that the trunk does not dominate what comes of it.
      y = try s.add(x, try s.relu(index == 0 ? try s.add(y, try s.linear(try s.input("z", [2, 4]), "z", out: 4)) : y))
      if index % 100 == 0 { y = try s.linear(y, "\(index)", out: 4, bias: false) }
    }
    try s.output(y)
    let structure = NetworkStructure(s.graph)
    #expect(structure.notes.contains { $0.contains("additions from add_") && $0.contains("were not examined") })
    #expect(structure.parameters.count == 44)
  }

  @Test("a thousand branches side by side, and of attentions without weights")
  func wide() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    var y = x
    for index in 0..<1000 { y = try s.add(y, try s.linear(try s.relu(x), "\(index)", out: 4, bias: false)) }
    for _ in 0..<1000 { y = try s.add(y, try s.attention(y, y, y)) }
    try s.output(y)
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.count == 2000)
    #expect(structure.blocks[999].last == ["999.weight"])
    #expect(structure.blocks[1999].notes == ["the stem has no weight that can carry the zero"])
  }

  @Test("shapes and numbers from a hostile file", arguments: 0..<6)
  func hostile(form: Int) throws {
    var s = GraphSketch()
    let big = Int.max
    let x = try s.input("x", [big, big])
    let w = try s.parameter("w", [big, big, 3])
    switch form {
    case 0: try s.output(try s.node("aten.linear.default", [x, w], [big, big]))
    case 1:
      try s.output(
        try s.call(
          "aten.convolution.default",
          [.value(x), .value(w), .none, .none, .none, .none, .boolean(true), .none, .integer(big)], [big, big]))
    case 2: try s.output(try s.node("aten.bmm.default", [x, w], [big, big, big]))
    case 3:
      let v = try s.call(
        "aten.slice.Tensor", [.value(w), .integer(-3), .integer(Int.min), .integer(big), .integer(big)], [big, big, 3])
      try s.output(
        try s.call("aten.einsum.default", [.string("ab,bcd->acd"), .values([x, v])], [big, big, 3]))
    case 4:
      let y = try s.node("aten.linear.default", [x, try s.parameter("v", [big, 1])], [big, big])
      let halves = try s.pieces(
        "aten.split_with_sizes.default", [.value(y), .integers([big, big]), .integer(1)], [[big, big], [big, big]])
      try s.output(try s.multiply(halves[0], halves[1]))
    default:
      try s.output(
        try s.call(
          "aten.lstm.input",
          [
            .value(x), .values([]), .values([w, w, w]), .boolean(true), .integer(big), .real(0), .boolean(false),
            .boolean(true),
          ],
          [big]))
    }
    let structure = NetworkStructure(s.graph)
    #expect(structure.parameters.contains { $0.name == "w" })
    _ = try InitializationPlan(IDInitScheme(), for: structure)
  }
}
