/// The normal distribution N(mean, std²) conditioned on an interval.
///
/// `std` is the standard deviation *before* truncation, as in `torch.nn.init.trunc_normal_` and in TensorFlow. At
/// ±2 std the result has 0.87962566 of it: LeCun's initialisers divide by that number.
public struct TruncatedNormalRule: WeightRule {
  /// Where the distribution is cut off.
  public enum Bounds: Hashable, Sendable {
    /// mean ± this many standard deviations (TensorFlow's and timm's `trunc_normal_tf_` way; theirs is 2).
    case standardDeviations(Double)
    /// Between two values, whatever the mean and std: `trunc_normal_(a=low, b=high)`. Beware of PyTorch's default
    /// of ±2: with std 0.02 that is ±100 std, so nothing is cut off.
    case absolute(low: Double, high: Double)
  }

  /// The mean before truncation.
  public var mean: Double
  /// The standard deviation before truncation.
  public var std: Double
  /// Where it is cut off.
  public var bounds: Bounds

  /// The rule with these numbers; cut off at two standard deviations where nothing is said.
  public init(mean: Double = 0, std: Double = 1, bounds: Bounds = .standardDeviations(2)) {
    self.mean = mean
    self.std = std
    self.bounds = bounds
  }

  init(_ options: inout RuleOptions) throws(RuleError) {
    let (cutoff, low, high) = (options.take(\.cutoff), options.take(\.low), options.take(\.high))
    let bounds: Bounds
    switch (low, high) {
    case (nil, nil): bounds = .standardDeviations(cutoff ?? 2)
    case (let low?, let high?) where cutoff == nil: bounds = .absolute(low: low, high: high)
    default:
      throw RuleError(
        .parameter, "truncated-normal", "expected either cutoff (in standard deviations), or both low and high")
    }
    self.init(mean: options.take(\.mean) ?? 0, std: options.take(\.std) ?? 1, bounds: bounds)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.mean = mean
    options.std = std
    switch bounds {
    case .standardDeviations(let cutoff): options.cutoff = cutoff
    case .absolute(let low, let high): (options.low, options.high) = (low, high)
    }
    return options
  }

  /// The bounds as values.
  public var limits: (low: Double, high: Double) {
    switch bounds {
    case .standardDeviations(let cutoff): (mean - cutoff * std, mean + cutoff * std)
    case .absolute(let low, let high): (low, high)
    }
  }

  var needsMatrix: Bool { false }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    let rule = "truncated-normal"
    try Check.finite(mean, "mean", of: rule)
    try Check.positive(std, "std", of: rule)
    switch bounds {
    case .standardDeviations(let cutoff): try Check.positive(cutoff, "cutoff", of: rule)
    case .absolute(let low, let high):
      guard low < high else {
        throw RuleError(.parameter, rule, "low is \(low) and high is \(high); expected low to be below high")
      }
      // Further out the squares that the tail needs lose all their digits.
      guard (low - mean) / std < 1e6, (high - mean) / std > -1e6 else {
        throw RuleError(
          .parameter, rule,
          "the interval \(low) … \(high) is more than a million standard deviations from the mean \(mean)")
      }
    }
  }

  func write(_ target: FillTarget) {
    target.fill(TruncatedNormalSampler(mean: mean, std: std, low: limits.low, high: limits.high))
  }
}
