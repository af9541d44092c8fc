/// Kaiming (He et al. 2015), as `torch.nn.init.kaiming_uniform_` and `kaiming_normal_` compute it:
/// std = gain/√fan; uniform on ±√3·std, or normal.
public struct KaimingRule: WeightRule {
  /// Uniform or normal.
  public var distribution: Distribution
  /// Which fan the variance is divided by.
  public var mode: FanMode
  /// What the weight makes up for.
  public var nonlinearity: Gain
  /// How fans are counted.
  public var fans: FanConvention

  /// PyTorch's defaults: fan_in, leaky_relu of slope 0 (gain √2).
  public init(
    _ distribution: Distribution, mode: FanMode = .fanIn, nonlinearity: Gain = .leakyReLU(negativeSlope: 0),
    fans: FanConvention = .torch
  ) {
    self.distribution = distribution
    self.mode = mode
    self.nonlinearity = nonlinearity
    self.fans = fans
  }

  /// What `torch.nn.Linear` and `torch.nn.Conv*d` do when nobody says otherwise, `kaiming_uniform_(a=√5)`:
  /// U(±1/√fan_in).
  public static let torchDefault = KaimingRule(.uniform, nonlinearity: .leakyReLU(negativeSlope: 5.0.squareRoot()))

  init(_ options: inout RuleOptions) throws(RuleError) {
    let name = options.take(\.nonlinearity) ?? "leaky_relu"
    let slope = options.take(\.negativeSlope)
    self.init(
      .uniform, mode: options.take(\.mode) ?? .fanIn,
      nonlinearity: try Gain(name, negativeSlope: name == "leaky_relu" ? slope ?? 0 : slope),
      fans: options.take(\.fans) ?? .torch)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.mode = mode
    options.nonlinearity = nonlinearity.name
    if case .leakyReLU(let slope) = nonlinearity { options.negativeSlope = slope }
    options.fans = fans
    return options
  }

  /// The standard deviation for a weight of this geometry.
  public func std(_ geometry: WeightGeometry) -> Double {
    let fan = mode == .fanIn ? fans.fanIn(geometry) : fans.fanOut(geometry)
    return nonlinearity.value / Double(fan).squareRoot()
  }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    if case .leakyReLU(let slope) = nonlinearity {
      try Check.finite(slope, "negativeSlope", of: "kaiming-\(distribution.rawValue)")
    }
  }

  func write(_ target: FillTarget) { distribution.write(target, std: std(target.geometry)) }
}
