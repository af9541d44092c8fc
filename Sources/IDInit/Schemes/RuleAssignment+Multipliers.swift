extension RuleAssignment {
  /// 1 for the multiplier of stems whose last weights (or last γ) start from zero.
  ///
  /// One of the two must be zero for the block to start as its shortcut, and only one may be: the gradient of each is a
  /// multiple of the other, so that a block where both are zero never moves, and one with ε and 0 hardly does. A model
  /// that was built for ReZero or SkipInit comes with its multipliers at 0, so keeping them would be wrong for a scheme
  /// that puts the zero into the weights; Fixup's come with 1 already.
  ///
  /// - Parameters:
  ///   - parameter: The parameter.
  ///   - structure: Its network.
  ///   - carriesZero: Whether the scheme starts the end of that block's stem from zero.
  /// - Returns: The rule; nil for any other parameter, and for a multiplier of stems that do not start from zero.
  static func ofMultiplier(
    _ parameter: ParameterDescription, in structure: NetworkStructure, where carriesZero: (ResidualBlock) -> Bool
  ) -> RuleAssignment? {
    guard parameter.role == .residualScale else { return nil }
    let name = parameter.tiedTo ?? parameter.name
    guard structure.blocks.filter({ $0.multipliers.contains(name) }).allSatisfy(carriesZero) else { return nil }
    return RuleAssignment(.constant(ConstantRule(1)), "1, as the stem itself starts from zero")
  }
}
