/// Zero for every element.
public struct ZeroRule: WeightRule {
  /// The rule, which has no numbers.
  public init() {}
  init(_ options: inout RuleOptions) {}
  var options: RuleOptions { RuleOptions() }
  var needsMatrix: Bool { false }
  func check(_ geometry: WeightGeometry) throws(RuleError) {}
  func write(_ target: FillTarget) { target.zero() }
}
