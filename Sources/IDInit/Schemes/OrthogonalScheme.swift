/// Orthogonal initialisation on every weight: Saxe et al. 2014.
///
/// As `torch.nn.init.orthogonal_` with gain 1; biases 0.
public struct OrthogonalScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "orthogonal" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    RuleAssignment.ofNonWeight(parameter) ?? RuleAssignment(.orthogonal(OrthogonalRule()))
  }
}
