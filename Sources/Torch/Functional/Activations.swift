import CTorch

// Of any shape, element by element, but for the softmaxes.

/// max(0, x)
public func relu(_ x: Tensor) throws(TorchError) -> Tensor { try x.unary(CT_RELU, "relu", "aten.relu.default") }

/// The hyperbolic tangent
public func tanh(_ x: Tensor) throws(TorchError) -> Tensor { try x.unary(CT_TANH, "tanh", "aten.tanh.default") }

/// 1 / (1 + e⁻ˣ)
public func sigmoid(_ x: Tensor) throws(TorchError) -> Tensor {
  try x.unary(CT_SIGMOID, "sigmoid", "aten.sigmoid.default")
}

/// x · sigmoid(x)
public func silu(_ x: Tensor) throws(TorchError) -> Tensor { try x.unary(CT_SILU, "silu", "aten.silu.default") }

/// log(1 + eˣ)
public func softplus(_ x: Tensor) throws(TorchError) -> Tensor {
  try x.unary(CT_SOFTPLUS, "softplus", "aten.softplus.default")
}

/// x · Φ(x), exactly or by Hendrycks and Gimpel's tanh formula.
public enum GELUApproximation: String, Codable, Hashable, Sendable {
  /// Exactly, or by the formula.
  case none, tanh
}

/// x · Φ(x), where Φ is the normal distribution's cumulative function (`torch.nn.functional.gelu`).
public func gelu(_ x: Tensor, approximation: GELUApproximation = .none) throws(TorchError) -> Tensor {
  try Tensor.make("gelu") { ct_nn_gelu(&$0, x.handle, approximation == .tanh) }
    .traced("aten.gelu.default") {
      approximation == .none ? [.tensor(x)] : [.tensor(x), .string(approximation.rawValue)]
    }
}

/// x where x > 0, else slope·x.
public func leakyReLU(_ x: Tensor, slope: Double = 0.01) throws(TorchError) -> Tensor {
  try Tensor.make("leakyReLU") { ct_nn_leaky_relu(&$0, x.handle, slope) }
    .traced("aten.leaky_relu.default") { [.tensor(x), .real(slope)] }
}

/// eˣ / Σ eˣ along an axis.
public func softmax(_ x: Tensor, axis: Int) throws(TorchError) -> Tensor {
  try Tensor.make("softmax") { ct_nn_softmax(&$0, x.handle, Int64(axis), false) }
    .traced("aten.softmax.int") { [.tensor(x), .integer(axis)] }
}

/// log(eˣ / Σ eˣ) along an axis, without overflow.
public func logSoftmax(_ x: Tensor, axis: Int) throws(TorchError) -> Tensor {
  try Tensor.make("logSoftmax") { ct_nn_softmax(&$0, x.handle, Int64(axis), true) }
    .traced("aten.log_softmax.int") { [.tensor(x), .integer(axis)] }
}
