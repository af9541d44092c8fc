/// What a user knows better than the plan: the rule of all parameters whose names match a pattern.
public struct PlanOverride: Hashable, Sendable {
  /// Which parameters are meant.
  public let pattern: GlobPattern
  /// The rule; nil to keep the parameters as the model has them.
  public let rule: Rule?
  /// The override as it was written.
  public let text: String

  /// Reads `pattern=rule`, the rule as ``Rule/init(parsing:)`` takes it: `head.*=idiz`,
  /// `layer4.*.conv3.weight=kaiming-normal`, `pos_embed=normal,std=0.02`. The rule `keep` keeps.
  ///
  /// - Parameter text: The pattern and the rule.
  /// - Throws: ``RuleError`` where that is not what is there.
  public init(parsing text: String) throws(RuleError) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw RuleError(.parameter, text, "expected pattern=rule, for example 'head.*=idiz'")
    }
    let rule = String(text[text.index(after: equals)...])
    pattern = GlobPattern(String(text[..<equals]))
    self.rule = rule == "keep" ? nil : try Rule(parsing: rule)
    self.text = text
  }

  /// Keeps every parameter that matches `pattern` as the model has it.
  public init(keeping pattern: String) {
    self.pattern = GlobPattern(pattern)
    rule = nil
    text = pattern
  }
}

extension InitializationPlan {
  /// Carries out overrides, in their order: where two match one parameter, the later one counts.
  ///
  /// A rule for matrices passes over the biases and scales that its pattern matches beside a weight, so that
  /// `head.*=idiz` sets a layer's weight.
  ///
  /// Tied parameters are one: an override of any of their names is one of all.
  ///
  /// - Parameter overrides: What is known better.
  /// - Throws: ``PlanError`` if a pattern matches no parameter, if later overrides leave one without effect, or if a
  ///   rule does not fit a parameter. The plan is as it was then.
  public mutating func apply(_ overrides: [PlanOverride]) throws(PlanError) {
    var winner: [String: Int] = [:]
    for (number, override) in overrides.enumerated() {
      let matches = entries.filter { override.pattern.matches($0.name) }
      guard !matches.isEmpty else { throw noMatch(for: override) }
      let fitting = matches.filter(override.fits)
      for entry in fitting.isEmpty ? matches : fitting { winner[entry.stream] = number }
    }
    let effective = Set(winner.values)
    if let idle = overrides.indices.first(where: { !effective.contains($0) }) {
      throw PlanError(scheme: scheme, message: doesNothing(idle, of: overrides, winner))
    }
    var changed = entries
    for index in changed.indices {
      guard let number = winner[changed[index].stream] else { continue }
      try changed[index].override(by: overrides[number], in: scheme)
    }
    entries = changed
  }

  /// A later override counts, so one that is general must come before those that are special.
  private func doesNothing(_ idle: Int, of overrides: [PlanOverride], _ winner: [String: Int]) -> String {
    let matched = entries.filter { overrides[idle].pattern.matches($0.name) }.map(\.stream)
    let later = Set(matched.compactMap { winner[$0] }).sorted().map { "'\(overrides[$0].text)'" }
    let (text, others) = (overrides[idle].text, later.joined(separator: " and "))
    let verbs = later.count == 1 ? ("comes", "sets") : ("come", "set")
    return
      "'\(text)' does nothing: \(others), which \(verbs.0) later, \(verbs.1) every parameter that it matches; the last "
      + "one counts, so put the general one first, or leave '\(text)' out"
  }

  private func noMatch(for override: PlanOverride) -> PlanError {
    let names = entries.map(\.name)
    let pattern = override.pattern.description
    let nearest = didYouMean(pattern, among: names).map { "; \($0)" }
    let example = names.first.map { "; the first of \(names.count) is '\($0)'" }
    return PlanError(
      scheme: scheme, message: "no parameter matches '\(pattern)'\(nearest ?? example ?? "; the model has none")")
  }
}

extension PlanOverride {
  /// Whether the rule is one for parameters of this kind: a matrix, or any.
  fileprivate func fits(_ entry: InitializationPlan.Entry) -> Bool {
    rule.map { !$0.weightRule.needsMatrix || entry.geometry.isMatrix } ?? true
  }
}

extension InitializationPlan.Entry {
  fileprivate mutating func override(by override: PlanOverride, in scheme: String) throws(PlanError) {
    guard let rule = override.rule else {
      // What it would start from without values stays what PyTorch's layer would give it.
      ruleWithoutValues = ruleWithoutValues ?? defaultRule
      self.rule = nil
      reason = "kept by '\(override.text)'"
      return
    }
    if let dtype, dtype.elementType == nil {
      throw PlanError(
        scheme: scheme, parameter: name, message: "holds \(dtype.rawValue), which no rule writes ('\(override.text)')")
    }
    do throws(RuleError) {
      for matrix in matrices(for: rule) { try rule.check(matrix, name: name) }
    } catch {
      throw PlanError(scheme: scheme, message: "'\(override.text)' does not fit: \(error)")
    }
    self.rule = rule
    ruleWithoutValues = nil
    reason = "set by '\(override.text)'"
  }

  /// What PyTorch gives a weight or a bias by itself, for one that is kept against its scheme.
  private var defaultRule: Rule { geometry.isMatrix ? .kaiming(.torchDefault) : .zero }
}
