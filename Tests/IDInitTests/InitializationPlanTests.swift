import Foundation
import Testing

@testable import IDInit

@Suite("Plans")
struct InitializationPlanTests {
  /// stem 6→4, two blocks of 4→8→4, head 4→3, ReLU.
  static func residualGraph(blocks: Int = 2) throws -> NetworkGraph {
    var s = GraphSketch()
    var x = try s.relu(try s.linear(try s.input("x", [2, 6]), "stem", out: 4))
    for i in 0..<blocks {
      let inner = try s.relu(try s.linear(x, "blocks.\(i).fc1", out: 8))
      x = try s.relu(try s.add(try s.linear(inner, "blocks.\(i).fc2", out: 4), x))
    }
    try s.output(try s.linear(x, "head", out: 3))
    return s.graph
  }

  static func plainGraph(tanh: Bool) throws -> NetworkGraph {
    var s = GraphSketch()
    var x = try s.linear(try s.input("x", [2, 6]), "fc1", out: 4)
    x = tanh ? try s.node("aten.tanh.default", [x], [2, 4]) : try s.relu(x)
    try s.output(try s.linear(x, "fc2", out: 3))
    return s.graph
  }

  @Test("a residual ReLU network gets τ √2, IDI, IDIZ on the stems and the head, and zero biases")
  func residual() throws {
    let plan = try InitializationPlan(IDInitScheme(), for: try Self.residualGraph())
    let idi = Rule.identity(IdentityRule()), idiz = Rule.nearZeroIdentity(NearZeroIdentityRule())
    #expect(plan["stem.weight"]?.rule == .identity(IdentityRule(gain: 2.0.squareRoot())))
    #expect(plan["blocks.0.fc1.weight"]?.rule == idi)
    #expect(plan["blocks.1.fc2.weight"]?.rule == idiz)
    #expect(plan["head.weight"]?.rule == idiz)
    #expect(plan["head.bias"]?.rule == .zero)
    #expect(plan.entries.count == 12)
    #expect(plan.entries.allSatisfy { !$0.reason.isEmpty })
    #expect(plan["blocks.1.fc2.weight"]?.reason == "ends the stem joined at add_1")
  }

  @Test("a plain network gets IDI everywhere, the last layer included")
  func plain() throws {
    let tanh = try InitializationPlan(IDInitScheme(), for: try Self.plainGraph(tanh: true))
    #expect(tanh["fc1.weight"]?.rule == .identity(IdentityRule()))
    #expect(tanh["fc2.weight"]?.rule == .identity(IdentityRule()))
    let relu = try InitializationPlan(IDInitScheme(), for: try Self.plainGraph(tanh: false))
    #expect(relu["fc1.weight"]?.rule == .identity(IdentityRule(gain: 2.0.squareRoot())))
  }

  @Test("the paper's default is Kaiming with ReLU and Xavier without")
  func paperDefault() throws {
    let relu = try InitializationPlan(PaperDefaultScheme(), for: try Self.plainGraph(tanh: false))
    #expect(relu["fc2.weight"]?.rule?.name == .kaimingNormal)
    let tanh = try InitializationPlan(PaperDefaultScheme(), for: try Self.plainGraph(tanh: true))
    #expect(tanh["fc2.weight"]?.rule?.name == .xavierUniform)
  }

  @Test("PyTorch's default draws biases from the fan-in of their weight")
  func pytorchDefault() throws {
    let plan = try InitializationPlan(PyTorchDefaultScheme(), for: try Self.plainGraph(tanh: true))
    let bound = 1 / 6.0.squareRoot()
    #expect(plan["fc1.bias"]?.rule == .uniform(UniformRule(low: -bound, high: bound)))
    let weights = try plan.values()["fc1.weight"] ?? []
    #expect(weights.count == 24)
    #expect(weights.allSatisfy { abs($0) <= Float(bound) } && weights.contains { abs($0) > Float(bound) / 2 })
  }

  @Test("the ablations")
  func ablations() throws {
    var scheme = IDInitScheme()
    scheme.lastWeight = .zero
    let plan = try InitializationPlan(scheme, for: try Self.residualGraph())
    #expect(plan["blocks.0.fc2.weight"]?.rule == .zero)

    var graph = NetworkGraph()
    let x = try graph.addInput("x", shape: [1, 4, 8, 8])
    let w = try graph.addParameter("w", shape: [4, 4, 3, 3])
    try graph.setOutputs(
      try graph.addNode("aten.conv2d.default", [.value(x), .value(w)], outputs: [("conv2d", [1, 4, 6, 6])]))
    scheme.convolution = .centreTap
    #expect(try InitializationPlan(scheme, for: graph)["w"]?.rule == .centreTap(CentreTapRule()))
  }

  @Test("a plan survives JSON")
  func json() throws {
    let graph = try ScalarTests.Network.build(blocks: 2, .fixup, normalised: true).0
    for scheme in Schemes.all + Schemes.ablations {
      let plan = try InitializationPlan(scheme, for: graph, seed: .max)
      let data = try JSONEncoder().encode(plan)
      #expect(try JSONDecoder().decode(InitializationPlan.self, from: data) == plan)
    }
  }

  @Test("adding a layer changes no other; the seed and the name decide")
  func stability() throws {
    for scheme in [KaimingScheme(), IDInitScheme()] as [any InitializationScheme] {
      let small = try InitializationPlan(scheme, for: try Self.residualGraph(blocks: 1), seed: 7).values()
      let large = try InitializationPlan(scheme, for: try Self.residualGraph(blocks: 3), seed: 7).values()
      for (name, values) in small { #expect(large[name] == values, "\(name)") }
      let other = try InitializationPlan(scheme, for: try Self.residualGraph(blocks: 1), seed: 8).values()
      #expect(other["stem.weight"] != small["stem.weight"])
    }
  }

  @Test("the weights of a residual network are the closed form, and its blocks are the identity")
  func blocksAreIdentity() throws {
    var scheme = IDInitScheme()
    scheme.looseness = 0
    let weights = try InitializationPlan(scheme, for: try Self.residualGraph()).values()
    let fc1 = try #require(weights["blocks.0.fc1.weight"])  // 8×4: two identities
    for m in 0..<8 { for j in 0..<4 { #expect(fc1[m * 4 + j] == (m % 4 == j ? 1 : 0)) } }
    let fc2 = try #require(weights["blocks.0.fc2.weight"])  // 4×8: ε I beside −ε I
    for m in 0..<4 {
      for j in 0..<8 { #expect(fc2[m * 8 + j] == (j == m ? 1e-6 : j == m + 4 ? -1e-6 : 0)) }
    }
    #expect(weights["head.bias"] == [0, 0, 0])
  }

  @Test("a buffer of the wrong size is refused")
  func wrongBuffer() throws {
    let plan = try InitializationPlan(IDInitScheme(), for: try Self.residualGraph())
    let entry = try #require(plan["stem.weight"])
    var bytes = [UInt8](repeating: 0, count: 12)
    #expect(throws: RuleError.self) {
      try bytes.withUnsafeMutableBytes { try plan.fill(entry, into: $0, as: .float32) }
    }
    #expect(bytes.allSatisfy { $0 == 0 })
  }
}
