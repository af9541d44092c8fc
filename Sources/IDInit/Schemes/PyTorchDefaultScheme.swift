/// What PyTorch's own layers start from: U(−1/√fanIn, 1/√fanIn) for weights and biases of linear layers and
/// convolutions.
///
/// As `torch.nn.Linear.reset_parameters` and `torch.nn.Conv2d.reset_parameters`
/// (`kaiming_uniform_(a=√5)`).
public struct PyTorchDefaultScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "pytorch" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    if parameter.role == .bias, let weight = parameter.weight, weight.torchFanIn > 0 {
      let bound = 1 / Double(weight.torchFanIn).squareRoot()
      return RuleAssignment(.uniform(UniformRule(low: -bound, high: bound)), "U(±1/√fanIn) of its weight")
    }
    // No layer of PyTorch's has one: it is the network's own.
    if parameter.role == .scalarBias { return RuleAssignment(nil, "no layer of PyTorch's has such a bias: kept") }
    return RuleAssignment.ofNonWeight(parameter) ?? RuleAssignment(.kaiming(.torchDefault))
  }
}
