/// Xavier (Glorot and Bengio 2010), as `torch.nn.init.xavier_uniform_` and `xavier_normal_` compute it:
/// std = gain·√(2/(fan_in + fan_out)); uniform on ±√3·std, or normal.
public struct XavierRule: WeightRule {
  /// Uniform or normal.
  public var distribution: Distribution
  /// What the standard deviation is multiplied by.
  public var gain: Double
  /// How fans are counted.
  public var fans: FanConvention

  /// The rule with these numbers.
  public init(_ distribution: Distribution, gain: Double = 1, fans: FanConvention = .torch) {
    self.distribution = distribution
    self.gain = gain
    self.fans = fans
  }

  init(_ options: inout RuleOptions) {
    self.init(.uniform, gain: options.take(\.gain) ?? 1, fans: options.take(\.fans) ?? .torch)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.gain = gain
    options.fans = fans
    return options
  }

  /// The standard deviation for a weight of this geometry.
  public func std(_ geometry: WeightGeometry) -> Double {
    gain * (2 / Double(fans.fanIn(geometry) + fans.fanOut(geometry))).squareRoot()
  }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.nonNegative(gain, "gain", of: "xavier-\(distribution.rawValue)")
  }

  func write(_ target: FillTarget) { distribution.write(target, std: std(target.geometry)) }
}

/// The two shapes that Xavier and Kaiming come in.
public enum Distribution: String, Codable, CaseIterable, Sendable {
  /// U(−a, a) and N(0, σ²).
  case uniform, normal

  func write(_ target: FillTarget, std: Double) {
    switch self {
    case .uniform: target.fill(UniformSampler(bound: 3.0.squareRoot() * std))
    case .normal: target.fill(NormalSampler(mean: 0, std: std))
    }
  }
}
