extension InitializationPlan.Entry {
  /// The rule's name as tables and JSON show it, or `kept`. Kernels have the names of their own that the paper gives
  /// them: IDIC and IDIZC.
  public var ruleName: String {
    guard let rule else { return "kept" }
    let isKernel = !geometry.windowAxes.isEmpty
    return switch rule.name {
    case .idi where isKernel: Rule.Name.idic.rawValue
    case .idiz where isKernel: Rule.Name.idizc.rawValue
    default: rule.name.rawValue
    }
  }

  /// τ or the like; nil where the rule has none.
  public var gain: Double? { rule?.options.gain }

  /// IDIZ's ε; nil where the rule has none.
  public var epsilon: Double? { rule?.options.epsilon }
}
