/// SkipInit (De and Smith 2020): every residual block starts as its shortcut because a learned number at the end of
/// its stem starts from 0.
///
/// Every weight is Kaiming's normal with fan_in and gain √2 (``KaimingScheme``), biases are 0. Normalisations, where
/// there are any, are kept.
public struct SkipInitScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "skipinit" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    try structure.requireMultipliers(scheme: name, of: "SkipInit")
    if parameter.role == .residualScale { return RuleAssignment(.zero, "SkipInit's skip gain") }
    return try KaimingScheme().assignment(for: parameter, in: structure)
  }

  public func notes(for structure: NetworkStructure) -> [String] {
    structure.noteOfMissingMultipliers("SkipInit needs").map { [$0] } ?? []
  }
}
