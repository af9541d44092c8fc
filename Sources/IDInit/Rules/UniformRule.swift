/// The uniform distribution between two bounds for every element.
public struct UniformRule: WeightRule {
  /// The lower bound.
  public var low: Double
  /// The upper bound.
  public var high: Double

  /// The rule with these bounds, as `torch.nn.init.uniform_` has them.
  public init(low: Double = 0, high: Double = 1) {
    self.low = low
    self.high = high
  }

  init(_ options: inout RuleOptions) {
    self.init(low: options.take(\.low) ?? 0, high: options.take(\.high) ?? 1)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.low = low
    options.high = high
    return options
  }

  var needsMatrix: Bool { false }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.finite(low, "low", of: "uniform")
    try Check.finite(high, "high", of: "uniform")
    guard low <= high, (high - low).isFinite else {
      throw RuleError(.parameter, "uniform", "low is \(low) and high is \(high); expected low to be at most high")
    }
  }

  func write(_ target: FillTarget) { target.fill(UniformSampler(low: low, high: high)) }
}
