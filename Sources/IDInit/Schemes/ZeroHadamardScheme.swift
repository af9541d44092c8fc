/// ZerO: partial identities, Hadamard matrices where outputs outnumber inputs, zeros at the ends of the stems and in
/// the classifier (Zhao et al. 2021, Algorithms 1 and 2). The paper's rows call it ZerO.
///
/// Kernels have the matrix at their centre tap. The sources disagree on the Hadamard matrix' scale; see
/// ``HadamardRule/Normalization``.
public struct ZeroHadamardScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "zero-hadamard" }

  /// How the Hadamard matrices are scaled.
  public var normalization = HadamardRule.Normalization.orthonormal

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    if let assignment = RuleAssignment.ofMultiplier(parameter, in: structure, where: { !$0.last.isEmpty }) {
      return assignment
    }
    if let assignment = RuleAssignment.ofNonWeight(parameter) { return assignment }
    if parameter.endsStem || parameter.role == .head { return RuleAssignment(.zero) }
    let rows = parameter.geometry?.rows ?? 0
    let channels = parameter.geometry?.channels ?? 0
    return RuleAssignment(
      .hadamard(HadamardRule(normalization: normalization)),
      rows > channels ? "" : "no more outputs than inputs: partial identity")
  }

  public func notes(for structure: NetworkStructure) -> [String] { structure.noteOfTiedHead.map { [$0] } ?? [] }
}
