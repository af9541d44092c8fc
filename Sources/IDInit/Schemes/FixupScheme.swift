/// Fixup in full (Zhang, Dauphin and Ma 2019, rules 1 to 3), for networks that were built with its scalars.
///
/// The weights are those of ``FixupWeightsScheme``; the scalar bias before every weight and activation is 0, the
/// scalar multiplier of every stem 1; biases are 0, the classifier's too. As the authors' code for CIFAR and ImageNet.
public struct FixupScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "fixup" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    guard structure.isResidual else {
      throw PlanError(
        scheme: name,
        message: "Fixup starts residual networks, and this network has no residual block: use 'default' or 'kaiming'")
    }
    guard structure.parameters.contains(where: { $0.role == .residualScale || $0.role == .scalarBias }) else {
      throw PlanError(
        scheme: name,
        message: "Fixup needs a scalar multiplier on every stem and scalar biases, and this network has neither: build "
          + "it with them, or use 'fixup-weights' for the weights alone")
    }
    switch parameter.role {
    case .residualScale: return RuleAssignment(.constant(ConstantRule(1)), "Fixup's scalar multiplier")
    case .scalarBias: return RuleAssignment(.zero, "Fixup's scalar bias")
    default: return try FixupWeightsScheme().assignment(for: parameter, in: structure)
    }
  }

  public func notes(for structure: NetworkStructure) -> [String] {
    var notes = [
      "Fixup's authors train its scalars, and every other bias, at a tenth of the learning rate: that is for the "
        + "training to do"
    ]
    if !structure.parameters.contains(where: { $0.role == .scalarBias }) {
      notes.append("Fixup also has a scalar bias before every weight and activation; this network has none")
    }
    if let missing = structure.noteOfMissingMultipliers("Fixup has") { notes.append(missing) }
    return notes + FixupWeightsScheme.notesOfNormalisation(structure)
  }
}
