extension NetworkStructure {
  /// - Parameters:
  ///   - scheme: The name of the scheme that needs stems with multipliers.
  ///   - method: Its name for people.
  /// - Throws: ``PlanError`` if no stem has a scalar multiplier.
  func requireMultipliers(scheme: String, of method: String) throws(PlanError) {
    guard isResidual else {
      throw PlanError(
        scheme: scheme,
        message: "\(method) starts residual networks, and this network has no residual block: use 'default' or "
          + "'kaiming'")
    }
    guard blocks.contains(where: { !$0.multipliers.isEmpty }) else {
      throw PlanError(
        scheme: scheme,
        message: "\(method) needs a scalar multiplier at the end of every stem, and none of the \(blocks.count) "
          + "residual blocks has one: build the network with them, or use 'idinit' or 'zero-gamma', which start blocks "
          + "as their shortcuts without")
    }
  }

  /// What there is to say if some stems have no scalar multiplier.
  ///
  /// - Parameter beginning: `Fixup has`, `SkipInit needs`.
  /// - Returns: The note; nil if all stems have one.
  func noteOfMissingMultipliers(_ beginning: String) -> String? {
    let without = blocks.filter(\.multipliers.isEmpty)
    guard let first = without.first else { return nil }
    return "\(beginning) a scalar multiplier at the end of every stem; \(without.count) of \(blocks.count) residual "
      + "blocks have none (the first is joined at \(first.add))"
  }
}
