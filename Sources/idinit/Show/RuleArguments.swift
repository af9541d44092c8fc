import ArgumentParser
import IDInit
import ModelFiles

/// The numbers of any rule, as options. What the chosen rule has no use for is an error.
struct RuleArguments: ParsableArguments {
  @Option(parsing: .unconditional, help: "Factor of the weight: τ of IDI (default 1; √2 = 1.4142 before a ReLU).")
  var gain: Double?
  @Option(
    parsing: .unconditional,
    help: "Standard deviation ε_τ of the noise on non-zero elements (default 1e-6 for IDI; 0: none).")
  var looseness: Double?
  @Option(parsing: .unconditional, help: "ε of IDIZ and IDIZC (default 1e-6).")
  var epsilon: Double?
  @Option(help: "Order of a kernel's matrix columns (default channel-first).")
  var columnOrder: ColumnOrder?
  @Option(help: "Fan that Kaiming divides by (default fan_in).")
  var mode: FanMode?
  @Option(
    help:
      "What follows the layer, for Kaiming's gain: linear, sigmoid, tanh, relu, leaky_relu, selu (default leaky_relu of slope 0).",
    completion: .list(["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]))
  var nonlinearity: String?
  @Option(parsing: .unconditional, help: "Slope of leaky_relu.")
  var negativeSlope: Double?
  @Option(parsing: .unconditional, help: "Mean of a normal distribution (default 0).")
  var mean: Double?
  @Option(parsing: .unconditional, help: "Standard deviation of a normal distribution, before truncation (default 1).")
  var std: Double?
  @Option(parsing: .unconditional, help: "Truncation at mean ± this many std (default 2).")
  var cutoff: Double?
  @Option(parsing: .unconditional, help: "Lower bound: of the uniform distribution (default 0), or of truncation.")
  var low: Double?
  @Option(parsing: .unconditional, help: "Upper bound: of the uniform distribution (default 1), or of truncation.")
  var high: Double?
  @Option(parsing: .unconditional, help: "The constant.")
  var value: Double?
  @Option(help: "Scale of the Hadamard matrix (default orthonormal).")
  var normalization: HadamardRule.Normalization?
  @Option(help: "What the Hadamard rule makes of a square matrix (default identity, as ZerO).")
  var squares: HadamardRule.Squares?
  @Option(help: "Who multiplies orthogonal's matrices (default automatic).")
  var arithmetic: OrthogonalRule.Arithmetic?

  /// The rule of that name with these numbers.
  func rule(_ name: Rule.Name) throws -> Rule {
    let options = ruleOptions
    var known = try name.defaultOptions.names
    if name == .truncatedNormal { known += ["low", "high"] }
    if let idle = options.names.first(where: { !known.contains($0) }) {
      throw Self.doesNothing(Self.flag(idle), name, known: known.map(Self.flag))
    }
    do throws(RuleError) {
      return try Rule(name, options)
    } catch {
      throw Failure.usage(Self.inFlags(error.description))
    }
  }

  static func doesNothing(_ flag: String, _ name: Rule.Name, known: [String]) -> Failure {
    let list = known.isEmpty ? "it has no options" : "its options are \(known.joined(separator: ", "))"
    return Failure.usage("\(flag) does nothing for \(name.rawValue); \(list)")
  }

  private var ruleOptions: RuleOptions {
    var options = RuleOptions()
    options.gain = gain
    options.looseness = looseness
    options.epsilon = epsilon
    options.columnOrder = columnOrder
    options.mode = mode
    options.nonlinearity = nonlinearity
    options.negativeSlope = negativeSlope
    options.mean = mean
    options.std = std
    options.cutoff = cutoff
    options.low = low
    options.high = high
    options.value = value
    options.normalization = normalization
    options.squares = squares
    options.arithmetic = arithmetic
    return options
  }

  /// The flag of an option of the library's.
  private static func flag(_ option: String) -> String {
    switch option {
    case "columnOrder": "--column-order"
    case "negativeSlope": "--negative-slope"
    default: "--\(option)"
    }
  }

  /// The library's message with its options named as flags.
  static func inFlags(_ message: String) -> String {
    ["looseness", "columnOrder", "negativeSlope"].reduce(message) { text, option in
      text.split(separator: option, omittingEmptySubsequences: false).joined(separator: flag(option))
    }
  }
}

extension FanMode: ExpressibleByArgument {}
extension HadamardRule.Normalization: ExpressibleByArgument {}
extension HadamardRule.Squares: ExpressibleByArgument {}
extension OrthogonalRule.Arithmetic: ExpressibleByArgument {}
