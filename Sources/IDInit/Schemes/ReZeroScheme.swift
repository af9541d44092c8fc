/// ReZero (Bachlechner et al. 2020): every residual block starts as its shortcut because a learned number that
/// multiplies its stem, its residual weight, starts from 0. Several stems may share one, as in its authors'
/// transformer.
///
/// Every weight is Kaiming's normal with fan_in and gain √2 (``KaimingScheme``), biases are 0. Normalisations, where
/// there are any, are kept.
public struct ReZeroScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "rezero" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    try structure.requireMultipliers(scheme: name, of: "ReZero")
    if parameter.role == .residualScale { return RuleAssignment(.zero, "ReZero's residual weight") }
    return try KaimingScheme().assignment(for: parameter, in: structure)
  }

  public func notes(for structure: NetworkStructure) -> [String] {
    structure.noteOfMissingMultipliers("ReZero needs").map { [$0] } ?? []
  }
}
