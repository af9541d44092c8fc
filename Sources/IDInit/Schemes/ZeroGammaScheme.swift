/// Zero-γ: every residual block starts as its shortcut because the scale of its last normalisation is 0
/// (Goyal et al. 2017, Section 5.1).
///
/// As torchvision's ResNet with `zero_init_residual=True`: kernels by `kaiming_normal_(mode="fan_out",
/// nonlinearity="relu")`, linear layers as PyTorch has them, the last γ of each stem 0. The weights of a stem get no
/// gradient in the first step; γ and β alone move.
public struct ZeroGammaScheme: InitializationScheme, Hashable, Codable {
  public var name: String { "zero-gamma" }

  /// The scheme, which has no options.
  public init() {}

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    if let block = structure.block(endingInNormScale: parameter.name) {
      return RuleAssignment(.zero, "last γ of the stem joined at \(block.add)")
    }
    if let assignment = RuleAssignment.ofMultiplier(parameter, in: structure, where: { !$0.lastNormScales.isEmpty }) {
      return assignment
    }
    if let assignment = RuleAssignment.ofNonWeight(parameter) { return assignment }
    return parameter.geometry?.windowAxes.isEmpty == false
      ? RuleAssignment(.kaiming(KaimingRule(.normal, mode: .fanOut, nonlinearity: .relu)))
      : RuleAssignment(.kaiming(.torchDefault))
  }

  public func notes(for structure: NetworkStructure) -> [String] {
    let without = structure.blocks.filter { $0.lastNormScales.isEmpty }.count
    guard without > 0 else { return [] }
    return [
      "Zero-γ needs a normalisation scale at the end of each stem; \(without) of \(structure.blocks.count) residual "
        + "blocks have none there and do not start as their shortcut"
    ]
  }
}
