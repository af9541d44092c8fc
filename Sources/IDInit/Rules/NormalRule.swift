/// The normal distribution N(mean, std²) for every element.
public struct NormalRule: WeightRule {
  /// The distribution's mean.
  public var mean: Double
  /// The distribution's standard deviation, 0 or more.
  public var std: Double

  /// The rule with these numbers, as `torch.nn.init.normal_` has them.
  public init(mean: Double = 0, std: Double = 1) {
    self.mean = mean
    self.std = std
  }

  init(_ options: inout RuleOptions) {
    self.init(mean: options.take(\.mean) ?? 0, std: options.take(\.std) ?? 1)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.mean = mean
    options.std = std
    return options
  }

  var needsMatrix: Bool { false }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.finite(mean, "mean", of: "normal")
    try Check.nonNegative(std, "std", of: "normal")
  }

  func write(_ target: FillTarget) { target.fill(NormalSampler(mean: mean, std: std)) }
}
