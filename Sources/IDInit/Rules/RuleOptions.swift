/// The numbers of any rule in one flat record: what a command line, a TOML file or a JSON plan says about a rule.
///
/// Only what is set counts; a rule has a default for everything else. Setting an option that does nothing for the
/// rule is an error: see ``Rule/init(_:_:)``.
public struct RuleOptions: Codable, Hashable, Sendable {
  /// Factor of the weight (IDI's τ; Xavier's, orthogonal's gain).
  public var gain: Double?
  /// Standard deviation ε_τ of the noise on IDI's non-zero elements.
  public var looseness: Double?
  /// IDIZ's ε.
  public var epsilon: Double?
  /// The order of a kernel's columns.
  public var columnOrder: ColumnOrder?
  /// Which fan Kaiming divides by.
  public var mode: FanMode?
  /// How fans are counted.
  public var fans: FanConvention?
  /// What follows the layer, for Kaiming's gain: linear, sigmoid, tanh, relu, leaky_relu or selu.
  public var nonlinearity: String?
  /// The slope of a leaky ReLU below 0.
  public var negativeSlope: Double?
  /// The mean of a normal distribution.
  public var mean: Double?
  /// The standard deviation of a normal distribution.
  public var std: Double?
  /// Truncation at mean ± cutoff · std.
  public var cutoff: Double?
  /// Bounds: of the uniform distribution, or of the truncated normal one (absolute).
  public var low: Double?
  /// The upper bound of a uniform or truncated distribution.
  public var high: Double?
  /// The value of the constant rule.
  public var value: Double?
  /// How ZerO's Hadamard matrix is scaled.
  public var normalization: HadamardRule.Normalization?
  /// What square weights are by the Hadamard rule.
  public var squares: HadamardRule.Squares?
  /// What an orthogonal matrix is computed with.
  public var arithmetic: OrthogonalRule.Arithmetic?

  /// No number set: each rule then takes its defaults.
  public init() {}

  /// Reads an option and unsets it.
  mutating func take<Value>(_ option: WritableKeyPath<RuleOptions, Value?>) -> Value? {
    let value = self[keyPath: option]
    self[keyPath: option] = nil
    return value
  }

  /// The names of the options that are set.
  public var names: [String] {
    var names: [String] = []
    func add(_ name: String, _ isSet: Bool) { if isSet { names.append(name) } }
    add("gain", gain != nil)
    add("looseness", looseness != nil)
    add("epsilon", epsilon != nil)
    add("columnOrder", columnOrder != nil)
    add("mode", mode != nil)
    add("fans", fans != nil)
    add("nonlinearity", nonlinearity != nil)
    add("negativeSlope", negativeSlope != nil)
    add("mean", mean != nil)
    add("std", std != nil)
    add("cutoff", cutoff != nil)
    add("low", low != nil)
    add("high", high != nil)
    add("value", value != nil)
    add("normalization", normalization != nil)
    add("squares", squares != nil)
    add("arithmetic", arithmetic != nil)
    return names
  }

  /// Every option's name.
  public static let allNames = [
    "gain", "looseness", "epsilon", "columnOrder", "mode", "fans", "nonlinearity", "negativeSlope", "mean", "std",
    "cutoff", "low", "high", "value", "normalization", "squares", "arithmetic",
  ]
}
