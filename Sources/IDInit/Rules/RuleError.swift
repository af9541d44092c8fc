/// Why a rule could not be read, or could not be applied to a weight.
///
/// The message says what is wrong, where, and what was expected.
public struct RuleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of mistake it is.
  public enum Kind: String, Sendable {
    /// The shape, its axes or its groups do not describe a weight.
    case geometry
    /// A number of the rule is out of its domain (negative standard deviation, not finite, …).
    case parameter
    /// The range to fill lies outside the weight, or the buffer is not as long as the range.
    case range
    /// No rule has this name.
    case unknownRule
    /// An option that does nothing for this rule.
    case unknownOption
  }

  /// What kind of mistake it is.
  public var kind: Kind
  /// The parameter's name or the rule's name: where it happened. May be empty.
  public var subject: String
  /// What is wrong and what was expected, for people.
  public var message: String

  /// An error of this kind, where it happened, and what it is.
  public init(_ kind: Kind, _ subject: String, _ message: String) {
    self.kind = kind
    self.subject = subject
    self.message = message
  }

  public var description: String { subject.isEmpty ? message : "\(subject): \(message)" }
}

/// Checks of a rule's numbers, each with the same wording.
enum Check {
  static func finite(_ value: Double, _ option: String, of rule: String) throws(RuleError) {
    guard value.isFinite else {
      throw RuleError(.parameter, rule, "\(option) is \(value); expected a finite number")
    }
  }

  static func nonNegative(_ value: Double, _ option: String, of rule: String) throws(RuleError) {
    guard value.isFinite, value >= 0 else {
      throw RuleError(.parameter, rule, "\(option) is \(value); expected a finite number of at least 0")
    }
  }

  static func positive(_ value: Double, _ option: String, of rule: String) throws(RuleError) {
    guard value.isFinite, value > 0 else {
      throw RuleError(.parameter, rule, "\(option) is \(value); expected a finite number above 0")
    }
  }
}
