import Testing

@testable import IDInit

@Suite("Competing initialisations through the plan")
struct SchemesTests {
  /// A 3×3 convolution, `blocks` of conv–norm–relu–conv–norm, a linear head; without norms if `hasNorms` is false.
  static func network(blocks: Int, convolutions: Int = 2, hasNorms: Bool = true) throws -> NetworkGraph {
    var s = GraphSketch()
    func convolve(_ x: GraphSketch.ID, _ path: String, out: Int) throws -> GraphSketch.ID {
      let shape = s.graph[x].shape
      let weight = try s.parameter("\(path).weight", [out, shape[1], 3, 3])
      return try s.node("aten.conv2d.default", [x, weight], [shape[0], out, shape[2], shape[3]])
    }
    func normalise(_ x: GraphSketch.ID, _ path: String) throws -> GraphSketch.ID {
      guard hasNorms else { return x }
      let width = s.graph[x].shape[1]
      let scale = try s.parameter("\(path).weight", [width])
      let shift = try s.parameter("\(path).bias", [width])
      return try s.node("aten.batch_norm.default", [x, scale, shift], s.graph[x].shape)
    }
    var x = try s.relu(try convolve(try s.input("x", [2, 3, 8, 8]), "conv", out: 16))
    for block in 0..<blocks {
      var stem = x
      for index in 0..<convolutions {
        stem = try normalise(try convolve(stem, "\(block).conv\(index)", out: 16), "\(block).bn\(index)")
        if index + 1 < convolutions { stem = try s.relu(stem) }
      }
      x = try s.relu(try s.add(stem, x))
    }
    let pooled = try s.node("aten.mean.dim", [x], [2, 16])
    try s.output(try s.linear(pooled, "fc", out: 10))
    return s.graph
  }

  @Test("Zero-γ zeroes the last scale of every stem and no other, and says where there is none")
  func zeroGamma() throws {
    let plan = try InitializationPlan(ZeroGammaScheme(), for: try Self.network(blocks: 2))
    for block in 0..<2 {
      #expect(plan["\(block).bn1.weight"]?.rule == .zero)
      #expect(plan["\(block).bn0.weight"]?.rule == nil)
      #expect(
        plan["\(block).conv1.weight"]?.rule
          == .kaiming(KaimingRule(.normal, mode: .fanOut, nonlinearity: .relu)))
    }
    #expect(plan["fc.weight"]?.rule == .kaiming(.torchDefault))
    #expect(plan.notes.isEmpty)
    let bare = try InitializationPlan(ZeroGammaScheme(), for: try Self.network(blocks: 2, hasNorms: false))
    #expect(bare.notes.count == 1)
    #expect(bare.notes.first?.contains("2 of 2 residual blocks") == true)
  }

  @Test("ZerO: Hadamard where outputs outnumber inputs, zeros at the stems' ends and in the classifier")
  func zeroHadamard() throws {
    let plan = try InitializationPlan(ZeroHadamardScheme(), for: try Self.network(blocks: 1))
    #expect(plan["conv.weight"]?.rule == .hadamard(HadamardRule()))
    #expect(plan["conv.weight"]?.reason == "first layer, ReLU follows")
    #expect(plan["0.conv0.weight"]?.reason.contains("partial identity") == true)
    #expect(plan["0.conv1.weight"]?.rule == .zero)
    #expect(plan["fc.weight"]?.rule == .zero)
  }

  @Test("Fixup scales a stem's weights by L^(−1/(2m−2)) and says that its scalars are missing", arguments: [2, 3])
  func fixup(convolutions: Int) throws {
    let blocks = 16
    let plan = try InitializationPlan(
      FixupWeightsScheme(), for: try Self.network(blocks: blocks, convolutions: convolutions, hasNorms: false))
    guard case .normal(let rule)? = plan["3.conv0.weight"]?.rule else {
      Issue.record("\(String(describing: plan["3.conv0.weight"]?.rule))")
      return
    }
    // He's deviation by fan_out 16·3·3; L^(−1/2) is 1/4 for two weights, L^(−1/4) 1/2 for three.
    let expected = (2.0 / 144).squareRoot() * (convolutions == 2 ? 0.25 : 0.5)
    #expect(abs(rule.std - expected) < 1e-12 * expected)
    #expect(plan["3.conv\(convolutions - 1).weight"]?.rule == .zero)
    #expect(plan["fc.weight"]?.rule == .zero)
    #expect(plan["conv.weight"]?.rule == .kaiming(.torchDefault))
    #expect(plan.notes.count == 1)
    #expect(plan.notes.first?.contains("scalar multiplier") == true)
  }

  @Test("every scheme plans every parameter of a residual network, and its plan is sound")
  func all() throws {
    let graph = try ScalarTests.Network.build(blocks: 3, .fixup, normalised: true).0
    for scheme in Schemes.all + Schemes.ablations {
      let plan = try InitializationPlan(scheme, for: graph)
      #expect(plan.entries.map(\.name) == graph.parameters.map(\.name))
      #expect(plan.entries.allSatisfy { !$0.reason.isEmpty })
      #expect(plan.entries.allSatisfy { ($0.rule == nil) == ($0.ruleWithoutValues != nil) })
      try plan.validate()
    }
  }

  @Test("a misspelt method names the nearest one")
  func unknown() {
    #expect(throws: PlanError.self) { _ = try Schemes.scheme(named: "kaimming") }
    do { _ = try Schemes.scheme(named: "zero-gama") } catch {
      #expect(error.description.contains("did you mean 'zero-gamma'?"))
    }
  }
}
