import IDInit
import Testing
import TestSupport

@testable import IDInitTool

/// Which modules are summed up as being like another one.
struct PlanTableTests {
  /// The first words of the table's lines for linear layers of these names and sizes, [out, in].
  private func lines(_ layers: [(String, Int, Int)]) throws -> [String] {
    var graph = NetworkGraph()
    var x = try graph.addInput("x", shape: [2, layers.first?.2 ?? 1])
    for (name, out, columns) in layers {
      let weight = try graph.addParameter("\(name).weight", shape: [out, columns])
      x = try graph.addNode("aten.linear.default", [.value(x), .value(weight)], outputs: [("y", [2, out])])[0]
    }
    try graph.setOutputs([x])
    let plan = try InitializationPlan(IDInitScheme(), for: graph)
    return TableLayout(PlanRows(grouping: plan.entries).rows, width: 120, colour: false).lines.dropFirst().map { line in
      line.split(separator: " ").prefix { $0 != "hidden" && $0 != "first" }.joined(separator: " ")
    }
  }

  @Test("single layers are summed up from three alike on")
  func singleLayers() throws {
    #expect(
      try lines([("in", 4, 3), ("net.0", 4, 4), ("net.1", 4, 4)])
        == ["in.weight 4×3", "net.0.weight 4×4", "net.1.weight 4×4"])
    #expect(
      try lines([("in", 4, 3), ("net.0", 4, 4), ("net.1", 4, 4), ("net.2", 4, 4)])
        == ["in.weight 4×3", "net.0.weight 4×4", "net.1 … net.2 2 layers like net.0"])
  }

  @Test("other names, sizes and places are not alike")
  func unlike() throws {
    #expect(try lines([("in", 4, 3), ("a.0.x", 4, 4), ("a.0.y", 4, 4), ("b.0.x", 4, 4), ("b.0.y", 4, 4)]).count == 5)
    #expect(
      try lines([("in", 4, 3), ("a.0.x", 4, 4), ("a.0.y", 4, 4), ("a.1.x", 6, 4), ("a.1.y", 4, 6)])
        == ["in.weight 4×3", "a.0.x.weight 4×4", "a.0.y.weight 4×4", "a.1.x.weight 6×4", "a.1.y.weight 4×6"])
    // The first layer has a role of its own.
    #expect(try lines([("a.0.x", 4, 4), ("a.0.y", 4, 4), ("a.1.x", 4, 4), ("a.1.y", 4, 4)]).count == 4)
  }

  @Test("modules that are alike but for little are summed up with what is other")
  func almostAlike() throws {
    #expect(
      try lines([
        ("in", 4, 3), ("a.0.x", 4, 4), ("a.0.y", 4, 4), ("a.0.z.p", 4, 4), ("a.1.x", 4, 4), ("a.1.y", 4, 4),
      ]) == [
        "in.weight 4×3", "a.0", "x.weight 4×4", "y.weight 4×4", "z.p.weight 4×4", "a.1 like a.0 without z",
      ])
    #expect(
      try lines([
        ("in", 4, 3), ("a.0.x", 4, 4), ("a.0.y", 4, 4), ("a.1.x", 4, 4), ("a.1.y", 6, 4), ("a.2.x", 6, 6),
        ("a.2.y", 4, 6),
      ]).filter { $0.contains("like") } == ["a.1 like a.0 with y.weight 6×4"])
  }

  @Test("modules that take turns are each named with their own kind")
  func alternating() throws {
    var layers = [("in", 4, 3)]
    for block in 0..<6 {
      layers.append(("a.\(block).x", 4, 4))
      layers.append((block % 2 == 0 ? "a.\(block).y" : "a.\(block).z", 4, 4))
    }
    #expect(
      try lines(layers) == [
        "in.weight 4×3", "a.0", "x.weight 4×4", "y.weight 4×4", "a.1", "x.weight 4×4", "z.weight 4×4",
        "a.2, a.4 2 modules like a.0", "a.3, a.5 2 modules like a.1",
      ])
  }

  @Test("repetition within repetition is summed up at both levels")
  func nested() throws {
    var layers = [("in", 4, 3)]
    for stage in 0..<3 {
      for block in 0..<4 { for name in ["x", "y"] { layers.append(("s.\(stage).b.\(block).\(name)", 4, 4)) } }
    }
    #expect(
      try lines(layers) == [
        "in.weight 4×3", "s.0", "b.0", "x.weight 4×4", "y.weight 4×4", "b.1 … b.3 3 modules like b.0",
        "s.1 … s.2 2 modules like s.0",
      ])
  }

  @Test("a name that is too long loses its middle, and no more than it must")
  func shortening() {
    #expect(shortened("abcdefghij", to: 10) == "abcdefghij")
    #expect(shortened("abcdefghij", to: 7) == "ab…ghij")
    #expect(shortened("abcdefghij", to: 3) == "…ij")
  }

  @Test("numbers are taken out of what is compared")
  func numbers() {
    #expect(withoutNumbers("joined at add_12") == withoutNumbers("joined at add"))
    #expect(withoutNumbers("layer1.0") == withoutNumbers("layer2.11"))
    #expect(withoutNumbers("a_b") == "a_b")
  }

  @Test("quantities are in units of three digits")
  func quantities() {
    #expect(
      [0, 999, 9_999, 10_000, 25_557_032, 6_738_415_616].map(quantity) == [
        "0", "999", "9,999", "10 k", "25.6 M", "6.7 B",
      ])
    #expect([999, 1000, 437_961_836, 13_476_831_232].map(byteText) == ["999 bytes", "1 kB", "438 MB", "13.5 GB"])
  }

  @Test("layer scales and stems' multipliers are summed up as norms are, each kind by its rule", arguments: [1, 8])
  func scales(_ width: Int) throws {
    var graph = NetworkGraph()
    var x = try graph.addInput("x", shape: [2, 8])
    func apply(_ operation: String, _ a: NetworkGraph.ValueID, _ b: NetworkGraph.ValueID) throws -> NetworkGraph.ValueID
    {
      try graph.addNode("aten.\(operation)", [.value(a), .value(b)], outputs: [("y", [2, 8])])[0]
    }
    for block in 0..<3 {
      let inner = try apply("linear.default", x, try graph.addParameter("\(block).fc.weight", shape: [8, 8]))
      let scaled = try apply("mul.Tensor", inner, try graph.addParameter("\(block).gamma", shape: [width]))
      x = try apply("add.Tensor", x, scaled)
    }
    try graph.setOutputs([x])
    func text(_ scheme: some InitializationScheme) throws -> [String] {
      let plan = try InitializationPlan(scheme, for: graph)
      let summaries = PlanSummaries(plan, graph: graph)
      #expect(summaries.names == ["0.gamma", "1.gamma", "2.gamma"])
      return TableLayout(summaries.rows, width: 120, colour: false).lines.dropFirst().map { line in
        line.split(separator: " ").joined(separator: " ")
      }
    }
    let isNumber = width == 1
    #expect(
      try text(IDInitScheme()) == [
        isNumber
          ? "3 stem multipliers residual-scale constant 1 1, as the stem itself starts from zero"
          : "3 layer scales other kept"
      ])
    if isNumber {
      #expect(try text(ReZeroScheme()) == ["3 stem multipliers residual-scale zero ReZero's residual weight"])
    }
  }
}
