import IDInit
import Networks
import Testing
import Torch

@Suite("Networks and their plans")
struct PlannedNetworksTests {
  static func residual(hidden: Int = 24, depth: Int = 20, nonlinearity: Nonlinearity = .relu) throws
    -> ResidualLinearNet
  {
    try ResidualLinearNet(
      inputs: 30, width: 16, hidden: hidden, depth: depth, classes: 10, nonlinearity: nonlinearity)
  }

  @Test("Linear-5 has the paper's parameters and plan")
  func linear5() throws {
    let network = try LinearNet(widths: [784, 512, 512, 512, 512, 10], nonlinearity: .relu)
    #expect(network.parameters.keys.elements == (1...5).flatMap { ["fc\($0).weight", "fc\($0).bias"] })
    #expect(network.parameters.values.reduce(0) { $0 + $1.elementCount } == 1_195_018)
    let plan = try network.plan(IDInitScheme(), example: try Tensor.zeros([2, 1, 28, 28]))
    #expect(plan.blocks.isEmpty)
    #expect(plan.entries.map(\.role) == [.first, .bias] + Array(repeating: [.hidden, .bias], count: 4).flatMap { $0 })
    #expect(plan["fc1.weight"]?.rule == .identity(IdentityRule(gain: 2.0.squareRoot())))
    #expect(plan["fc5.weight"]?.rule == .identity(IdentityRule()))
  }

  @Test("the plan of a residual network is read from its forward pass")
  func residualPlan() throws {
    let plan = try Self.residual(depth: 3).plan(IDInitScheme(), example: try Tensor.zeros([2, 30]))
    #expect(plan.blocks.map(\.last) == (0..<3).map { ["blocks.\($0).fc2.weight"] })
    #expect(plan["head.weight"]?.role == .head)
    #expect(plan["stem.weight"]?.reason == "first layer, ReLU follows")
  }

  /// The test of a plan is numerical: with ReLU on non-negative features every block passes its input on, so that 20
  /// blocks change nothing but what ε adds, and the first loss is ln(classes).
  @Test("from IDInit every block is the identity and the first loss is ln 10", arguments: [8, 16, 24])
  func blocksAreTheIdentity(hidden: Int) throws {
    let generator = try Generator(seed: 1)
    let x = try Tensor.randn([64, 30], generator: generator)
    let deep = try Self.residual(hidden: hidden), shallow = try Self.residual(hidden: hidden, depth: 0)
    let plan = try deep.plan(IDInitScheme(), example: x)
    try deep.initialize(by: plan)
    // Without blocks the network is not residual and would get another head: give it the same.
    var shallowPlan = try shallow.plan(IDInitScheme(), example: x)
    for index in shallowPlan.entries.indices {
      shallowPlan.entries[index].rule = plan[shallowPlan.entries[index].name]?.rule
    }
    try shallow.initialize(by: shallowPlan)
    let logits = try deep(x)
    #expect(try logits.abs().max().item() > 1e-8)
    let difference = try (logits - shallow(x)).abs().max().item()
    // Each block adds at most 2ε·max|x| ≈ 2e-6 · 6; the head multiplies by 2ε. Anything but identities is of order 1.
    #expect(difference < 1e-9)
    #expect(try logits.abs().max().item() < 2e-5)
    let labels = try Tensor((0..<64).map { Int64($0 % 10) })
    #expect(abs(try crossEntropy(logits, labels).item() - 2.302585) < 1e-4)
  }

  @Test("gradients reach every weight within two steps")
  func gradientsReachAll() throws {
    let x = try Tensor.randn([64, 30], generator: try Generator(seed: 2))
    let labels = try Tensor((0..<64).map { Int64($0 % 10) })
    let network = try Self.residual(depth: 3)
    try network.initialize(by: try network.plan(IDInitScheme(), example: x))
    let sgd = try SGD(network.parameters, learningRate: 0.1, momentum: 0.9)
    for _ in 0..<2 {
      try sgd.zeroGrad()
      try crossEntropy(try network(x), labels).backward()
      try sgd.step()
    }
    try crossEntropy(try network(x), labels).backward()
    for (name, parameter) in network.parameters {
      #expect(try parameter.grad?.abs().max().item() ?? 0 > 0, "\(name)")
    }
  }

  @Test("a plan of another network is refused before anything is written")
  func mismatch() throws {
    let network = try LinearNet(widths: [4, 3, 2], nonlinearity: .tanh)
    let other = try LinearNet(widths: [4, 5, 2], nonlinearity: .tanh)
    let x = try Tensor.zeros([1, 4])
    #expect(throws: PlanMismatch(parameter: "fc1.weight", message: "has shape [3, 4], in the plan [5, 4]")) {
      try network.initialize(by: try other.plan(IDInitScheme(), example: x))
    }
    let deeper = try LinearNet(widths: [4, 3, 2, 2], nonlinearity: .tanh)
    #expect(throws: PlanMismatch.self) { try network.initialize(by: try deeper.plan(IDInitScheme(), example: x)) }
    #expect(throws: PlanMismatch.self) { try deeper.initialize(by: try network.plan(IDInitScheme(), example: x)) }
    #expect(try network.parameters["fc2.weight"]?.abs().max().item() == 0)
  }

  @Test("parameters are filled in place with the plan's values")
  func filledInPlace() throws {
    let network = try LinearNet(widths: [6, 5, 4], nonlinearity: .relu)
    let plan = try network.plan(KaimingScheme(), example: try Tensor.zeros([1, 6]), seed: 3)
    try network.initialize(by: plan)
    let values = try #require(try plan.values()["fc1.weight"])
    #expect(try network.parameters["fc1.weight"]?.array(of: Float.self) == values)
  }

  @Test("widths are checked")
  func widths() throws {
    #expect(throws: TorchError.self) { try LinearNet(widths: [3], nonlinearity: .relu) }
    #expect(throws: TorchError.self) { try LinearNet(widths: [3, 0], nonlinearity: .relu) }
    #expect(throws: TorchError.self) {
      try ResidualLinearNet(inputs: 1, width: 0, hidden: 1, depth: 1, classes: 1, nonlinearity: .relu)
    }
  }
}
