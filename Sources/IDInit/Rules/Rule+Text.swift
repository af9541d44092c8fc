extension Rule {
  /// Reads a rule as people write one: `idiz`, `kaiming-normal`, `normal,std=0.02`, `idi,gain=1.5,looseness=0`.
  ///
  /// - Parameter text: A rule's name, then its options as `name=value`, all separated by commas.
  /// - Throws: ``RuleError`` for an unknown rule, an option that the rule has not, or a value that is none.
  public init(parsing text: String) throws(RuleError) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let name = parts.first ?? ""
    var options = RuleOptions()
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else {
        throw RuleError(.parameter, name, "'\(part)' is no option; expected name=value")
      }
      try options.set(String(part[..<equals]), to: String(part[part.index(after: equals)...]), of: name)
    }
    try self.init(named: name, options)
  }
}

extension RuleOptions {
  /// Sets the option called `option` to what `text` says; `rule` appears in errors.
  fileprivate mutating func set(_ option: String, to text: String, of rule: String) throws(RuleError) {
    func choice<Value: RawRepresentable & CaseIterable>(_: Value.Type) throws(RuleError) -> Value
    where Value.RawValue == String {
      if let value = Value(rawValue: text) { return value }
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw RuleError(.parameter, rule, "\(option) '\(text)': expected one of \(known)")
    }
    func number() throws(RuleError) -> Double {
      if let value = Double(text) { return value }
      throw RuleError(.parameter, rule, "\(option) '\(text)' is no number")
    }
    switch option {
    case "gain": gain = try number()
    case "looseness": looseness = try number()
    case "epsilon": epsilon = try number()
    case "columnOrder": columnOrder = try choice(ColumnOrder.self)
    case "mode": mode = try choice(FanMode.self)
    case "fans": fans = try choice(FanConvention.self)
    case "nonlinearity": nonlinearity = text
    case "negativeSlope": negativeSlope = try number()
    case "mean": mean = try number()
    case "std": std = try number()
    case "cutoff": cutoff = try number()
    case "low": low = try number()
    case "high": high = try number()
    case "value": value = try number()
    case "normalization": normalization = try choice(HadamardRule.Normalization.self)
    case "squares": squares = try choice(HadamardRule.Squares.self)
    case "arithmetic": arithmetic = try choice(OrthogonalRule.Arithmetic.self)
    default:
      // A name's beginning is no misspelling by a few letters.
      let begun = Self.allNames.filter { option.count > 2 && $0.hasPrefix(option) }
      let question = begun.count == 1 ? didYouMean(begun[0]) : didYouMean(option, among: Self.allNames)
      let nearest = question.map { "; \($0)" } ?? ""
      throw RuleError(
        .unknownOption, rule,
        "no rule has an option '\(option)'\(nearest) (known: \(Self.allNames.joined(separator: ", ")))")
    }
  }
}
