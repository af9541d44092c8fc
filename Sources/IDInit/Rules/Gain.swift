/// The factor by which a weight makes up for the nonlinearity after it: `torch.nn.init.calculate_gain`.
public enum Gain: Hashable, Sendable {
  /// A gain of 1, 1, 5/3, √2 and 3/4, in this order.
  case linear, sigmoid, tanh, relu, selu
  /// √(2 / (1 + slope²)).
  case leakyReLU(negativeSlope: Double)

  /// linear, sigmoid 1; tanh 5/3; ReLU √2; leaky ReLU √(2/(1+a²)); SELU 3/4.
  public var value: Double {
    switch self {
    case .linear, .sigmoid: 1
    case .tanh: 5.0 / 3
    case .relu: 2.0.squareRoot()
    case .leakyReLU(let a): (2 / (1 + a * a)).squareRoot()
    case .selu: 0.75
    }
  }

  /// PyTorch's name of the nonlinearity.
  public var name: String {
    switch self {
    case .linear: "linear"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .relu: "relu"
    case .selu: "selu"
    case .leakyReLU: "leaky_relu"
    }
  }

  /// The gain for PyTorch's `name` ("conv1d" … "conv_transpose3d" count as linear). `negativeSlope` (0.01 if nil, as
  /// in PyTorch) belongs to leaky_relu alone.
  public init(_ name: String, negativeSlope: Double? = nil) throws(RuleError) {
    if negativeSlope != nil, name != "leaky_relu" {
      throw RuleError(.unknownOption, name, "negativeSlope does nothing here; it belongs to leaky_relu")
    }
    switch name {
    case "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d":
      self = .linear
    case "sigmoid": self = .sigmoid
    case "tanh": self = .tanh
    case "relu": self = .relu
    case "selu": self = .selu
    case "leaky_relu":
      let slope = negativeSlope ?? 0.01
      try Check.finite(slope, "negativeSlope", of: name)
      self = .leakyReLU(negativeSlope: slope)
    default:
      throw RuleError(
        .parameter, name, "no such nonlinearity; expected linear, sigmoid, tanh, relu, leaky_relu or selu")
    }
  }
}
