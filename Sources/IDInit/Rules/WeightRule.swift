/// One way to initialise a weight. A rule is a value with its numbers; ``Rule`` lists them all.
protocol WeightRule: Hashable, Sendable {
  /// Takes the options that this rule knows out of `options` and leaves the rest.
  init(_ options: inout RuleOptions) throws(RuleError)

  /// The rule's numbers, all of them, as options.
  var options: RuleOptions { get }

  /// Whether the rule needs a matrix (an output and an input axis).
  var needsMatrix: Bool { get }

  /// Throws if a number of the rule is out of its domain, or if the rule does not fit the geometry, which is sound
  /// and not empty.
  func check(_ geometry: WeightGeometry) throws(RuleError)

  /// Writes the weight. Everything has been checked.
  func write(_ target: FillTarget)
}

extension WeightRule {
  var needsMatrix: Bool { true }
}
