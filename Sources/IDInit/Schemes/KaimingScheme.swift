/// Kaiming (He) initialisation on every weight: He et al. 2015, eq. 10.
///
/// As `torch.nn.init.kaiming_normal_` with fan_in and the gain of ReLU, √2; biases 0.
public struct KaimingScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "kaiming" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    RuleAssignment.ofNonWeight(parameter)
      ?? RuleAssignment(.kaiming(KaimingRule(.normal, mode: .fanIn, nonlinearity: .relu)))
  }
}
