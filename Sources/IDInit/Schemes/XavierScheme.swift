/// Xavier (Glorot) initialisation on every weight: Glorot and Bengio 2010, eq. 16.
///
/// As `torch.nn.init.xavier_uniform_` with gain 1; biases 0.
public struct XavierScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "xavier" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    RuleAssignment.ofNonWeight(parameter) ?? RuleAssignment(.xavier(XavierRule(.uniform)))
  }
}
