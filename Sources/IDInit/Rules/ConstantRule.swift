/// The same value for every element.
public struct ConstantRule: WeightRule {
  /// The value.
  public var value: Double

  /// The rule that writes this value.
  public init(_ value: Double) { self.value = value }

  init(_ options: inout RuleOptions) throws(RuleError) {
    guard let value = options.take(\.value) else {
      throw RuleError(.parameter, "constant", "no value; expected the option value")
    }
    self.init(value)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.value = value
    return options
  }

  var needsMatrix: Bool { false }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.finite(value, "value", of: "constant")
  }

  func write(_ target: FillTarget) {
    if value == 0 { target.zero() } else { target.fill(ConstantSampler(value: value)) }
  }
}
