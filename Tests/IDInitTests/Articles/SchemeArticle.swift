import IDInit
import Testing

// The Swift code of the article "Add a scheme", word for word: ArticleTests compares the two.

/// PyTorch's own start, but exactly 0 for the last weight of every residual stem.
struct ZeroTailScheme: InitializationScheme {
  var name: String { "zero-tail" }

  func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    if parameter.endsStem { return RuleAssignment(.zero, "the block starts as its shortcut") }
    if parameter.role == .bias { return RuleAssignment(.zero, "biases start from 0") }
    // What is no weight (a norm, an embedding, a position table) stays as the model has it.
    guard parameter.geometry != nil else { return RuleAssignment(nil, "kept") }
    return RuleAssignment(.kaiming(.torchDefault))
  }

  func notes(for structure: NetworkStructure) -> [String] {
    structure.isResidual ? [] : ["no residual block: nothing starts from 0, and this is PyTorch's own start"]
  }
}

/// x + fc2(relu(fc1(x))) and a classifier of ten classes, as `torch.export` would write it down.
func residualNetwork(width: Int) throws -> NetworkGraph {
  var graph = NetworkGraph()
  let x = try graph.addInput("x", shape: [1, width])
  let fc1 = try graph.addParameter("fc1.weight", shape: [width, width])
  let fc2 = try graph.addParameter("fc2.weight", shape: [width, width])
  let head = try graph.addParameter("head.weight", shape: [10, width])
  func call(_ operation: String, _ inputs: [NetworkGraph.ValueID], _ name: String, _ size: Int) throws
    -> NetworkGraph.ValueID
  {
    try graph.addNode(operation, inputs.map { .value($0) }, outputs: [(name, [1, size])])[0]
  }
  let hidden = try call("aten.linear.default", [x, fc1], "hidden", width)
  let cut = try call("aten.relu.default", [hidden], "cut", width)
  let stem = try call("aten.linear.default", [cut, fc2], "stem", width)
  let sum = try call("aten.add.Tensor", [x, stem], "sum", width)
  try graph.setOutputs([try call("aten.linear.default", [sum, head], "logits", 10)])
  return graph
}

@Suite("Add a scheme") struct SchemeArticle {
  @Test("the article's scheme zeroes the stem's last weight, and its weights are those of its plan") func plan() throws
  {
    let plan = try InitializationPlan(ZeroTailScheme(), for: try residualNetwork(width: 64), seed: 0)
    for entry in plan.entries { print(entry.name, entry.role.rawValue, entry.ruleName, separator: "  ") }
    let weights = try plan.values(as: Float.self)

    #expect(plan.entries.map(\.name) == ["fc1.weight", "fc2.weight", "head.weight"])
    #expect(plan.entries.map(\.role) == [.first, .stemLast, .head])
    #expect(plan.entries.map(\.ruleName) == ["kaiming-uniform", "zero", "kaiming-uniform"])
    #expect(weights["fc2.weight"]?.allSatisfy { $0 == 0 } == true)
    // torch.nn.Linear: U(−1/√64, 1/√64).
    #expect(weights["fc1.weight"]?.allSatisfy { $0 != 0 && abs($0) <= 0.125 } == true)
  }

  @Test("it says so where it does nothing") func notes() throws {
    var graph = NetworkGraph()
    let x = try graph.addInput("x", shape: [1, 4])
    let weight = try graph.addParameter("weight", shape: [4, 4])
    try graph.setOutputs(
      try graph.addNode("aten.linear.default", [.value(x), .value(weight)], outputs: [("y", [1, 4])]))
    #expect(try InitializationPlan(ZeroTailScheme(), for: graph).notes.count == 1)
    #expect(try InitializationPlan(ZeroTailScheme(), for: try residualNetwork(width: 4)).notes.isEmpty)
  }
}
