/// The weights of Fixup (Zhang, Dauphin and Ma 2019, rules 1 and 2), for networks without its scalars: a plan cannot
/// add them, only say that they are missing. ``FixupScheme`` is the whole of it.
///
/// With L residual blocks and m weights in a stem: the last weight of each stem and the classifier 0, the other
/// weights of a stem N(0, 2/fan_out) · L^(−1/(2m−2)), projections N(0, 2/fan_out), everything else as PyTorch has it;
/// as in the authors' code for CIFAR and ImageNet.
public struct FixupWeightsScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "fixup-weights" }

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
    guard let geometry = parameter.geometry else { return RuleAssignment(.kaiming(.torchDefault)) }
    // As the authors count it: outputs · window, of all groups.
    let fanOut = Double(max(1, (geometry.isMatrix ? geometry.wholeRows : 1) &* geometry.windowCount))
    let he = (2 / fanOut).squareRoot()
    if let stem = structure.innermostBlock(withStemWeight: parameter.name) {
      let depth = Double(structure.blocks.count)
      let weights = stem.stemWeights.count
      guard weights > 1 else { return RuleAssignment(.normal(NormalRule(std: he))) }
      let scale = Arithmetic.exp(-Arithmetic.log(depth) / Double(2 * weights - 2))
      return RuleAssignment(
        .normal(NormalRule(std: he * scale)),
        "N(0, 2/fan_out) · L^(−1/(2m−2)), L \(structure.blocks.count), m \(weights)")
    }
    if parameter.role == .shortcut { return RuleAssignment(.normal(NormalRule(std: he)), "N(0, 2/fan_out)") }
    return RuleAssignment(.kaiming(.torchDefault))
  }

  public func notes(for structure: NetworkStructure) -> [String] {
    guard structure.isResidual else {
      return ["Fixup is made for residual networks; this one has no residual block, so it starts as PyTorch has it"]
    }
    let hasScalars = structure.parameters.contains { $0.role == .residualScale || $0.role == .scalarBias }
    return [
      hasScalars
        ? "this network has Fixup's scalars (its rule 3), or some of them: 'fixup' starts it as its authors do"
        : "Fixup also needs a scalar bias before every weight and activation and a scalar multiplier on every stem (its "
          + "rule 3): this network has no such parameters, and weights cannot stand in for them"
    ] + Self.notesOfNormalisation(structure)
  }

  /// What there is to say of a network that has normalisations, or a head that no scheme can set to 0.
  static func notesOfNormalisation(_ structure: NetworkStructure) -> [String] {
    var notes = structure.noteOfTiedHead.map { [$0] } ?? []
    if structure.parameters.contains(where: { $0.role == .normScale }) {
      notes.append("Fixup is meant for networks without normalisation; this one's are kept")
    }
    return notes
  }
}
