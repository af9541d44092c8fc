/// What the paper calls "Default": Kaiming for ReLU networks, Xavier for the others (captions of Table 8 and
/// Figure 13).
///
/// The paper does not say which distribution and which fan; the schemes' own choices are taken
/// (``KaimingScheme``, ``XavierScheme``).
public struct PaperDefaultScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "default" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    let assignment =
      structure.usesReLU
      ? try KaimingScheme().assignment(for: parameter, in: structure)
      : try XavierScheme().assignment(for: parameter, in: structure)
    guard assignment.reason.isEmpty else { return assignment }
    return RuleAssignment(assignment.rule, structure.usesReLU ? "a ReLU network" : "no ReLU in the network")
  }
}
