import IDInit

/// A line of the plan's table, before it is laid out.
enum PlanRow {
  /// A parameter, or a number of them that have one thing to say.
  case line(Line)
  /// The module that the indented lines below belong to.
  case module(String)
  /// Modules that are like one that is shown, and what to say of them.
  case repetition(name: String, shortName: String, text: String, indent: Int)

  struct Line {
    var name: String
    var shape: String
    var role: String
    var rule: RuleText
    var why: String
    var indent = 0
  }
}

extension PlanRow.Line {
  /// The line of one parameter.
  init(_ entry: InitializationPlan.Entry, name: String? = nil, indent: Int = 0) {
    self.init(
      name: printable(name ?? entry.name), shape: shapeText(entry.shape), role: entry.roleText, rule: RuleText(entry),
      why: printable(entry.shortReason), indent: indent)
  }
}

extension InitializationPlan.Entry {
  /// The reason without what the columns beside it say: that a hidden weight is hidden, that a kept parameter is
  /// kept, that a bias of 0 starts from 0.
  var shortReason: String {
    if tiedTo != nil, let first = reason.split(separator: ";").first { return String(first) }
    let isBias = role == .bias || role == .scalarBias
    var parts = [Substring]()
    for part in reason.split(separator: ";") {
      let text = part.drop { $0 == " " }
      let isKept = rule == nil && (text == "kept" || text.hasSuffix(": kept"))
      if text != role.rawValue, !isKept, !(isBias && text == "biases start from 0") { parts.append(text) }
    }
    return parts.joined(separator: "; ")
  }
}
