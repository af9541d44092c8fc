import IDInit

/// A rule as a table shows it: its name, then the number that tells it from its like.
struct RuleText: Hashable {
  var name: String
  var number = ""
  var style = Style.plain

  /// Names are as wide as the widest of the paper's, so that the numbers behind them stand below each other.
  var text: String {
    number.isEmpty ? name : name + String(repeating: " ", count: max(0, 5 - name.count)) + " " + number
  }

  init(_ entry: InitializationPlan.Entry) {
    guard let rule = entry.rule else {
      (name, style) = ("kept", .faint)
      return
    }
    func number(_ value: Double) -> String { short(value, digits: 3) }
    name = entry.ruleName
    switch rule {
    case .identity(let rule):
      (name, self.number, style) = (name.uppercased(), "τ \(factor(rule.gain))", .positive)
    case .nearZeroIdentity(let rule):
      (name, self.number, style) = (name.uppercased(), "ε \(number(rule.epsilon))", .negative)
    case .zero: style = .negative
    case .centreTap(let rule): self.number = "τ \(factor(rule.gain))"
    case .xavier(let rule): if rule.gain != 1 { self.number = "gain \(factor(rule.gain))" }
    case .orthogonal(let rule): if rule.gain != 1 { self.number = "gain \(factor(rule.gain))" }
    case .hadamard(let rule): if rule.gain != 1 { self.number = "gain \(factor(rule.gain))" }
    case .partialIdentity(let rule): if rule.gain != 1 { self.number = "τ \(factor(rule.gain))" }
    case .truncatedNormal(let rule): self.number = "std \(number(rule.std))"
    case .normal(let rule):
      self.number = rule.mean == 0 ? "std \(number(rule.std))" : "\(number(rule.mean)) ± \(number(rule.std))"
    case .uniform(let rule):
      self.number = rule.low == -rule.high ? "±\(number(rule.high))" : "\(number(rule.low))…\(number(rule.high))"
    case .constant(let rule): self.number = number(rule.value)
    case .kaiming: break
    }
  }
}

extension InitializationPlan.Entry {
  /// The role; of a weight that holds several matrices, theirs.
  var roleText: String {
    var roles = [String]()
    for part in parts where !roles.contains(part.role.rawValue) { roles.append(part.role.rawValue) }
    return roles.count > 1 ? roles.joined(separator: "/") : role.rawValue
  }
}
