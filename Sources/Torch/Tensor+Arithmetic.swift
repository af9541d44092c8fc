import CTorch

// Element by element, with PyTorch's broadcasting and promotion. A number beside a tensor keeps the tensor's type.

extension Tensor {
  @inline(__always)
  func unary(_ code: ct_unary, _ name: String, _ aten: String) throws(TorchError) -> Tensor {
    try Tensor.make(name) { ct_tensor_unary(&$0, code, handle) }
      .traced(aten) { [.tensor(self)] }
  }

  @inline(__always)
  func binary(_ code: ct_binary, _ other: Tensor, _ name: String, _ aten: String) throws(TorchError) -> Tensor {
    try Tensor.make(name) { ct_tensor_binary(&$0, code, handle, other.handle) }
      .traced(aten) { [.tensor(self), .tensor(other)] }
  }

  @inline(__always)
  func binary(_ code: ct_binary, _ other: Double, _ name: String, _ aten: String) throws(TorchError) -> Tensor {
    try Tensor.make(name) { ct_tensor_binary_scalar(&$0, code, handle, other) }
      .traced(aten) { [.tensor(self), .real(other)] }
  }

  // MARK: Operators

  /// a + b, broadcast.
  public static func + (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try a.binary(CT_ADD, b, "+", "aten.add.Tensor")
  }
  /// a + b.
  public static func + (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try a.binary(CT_ADD, b, "+", "aten.add.Tensor")
  }
  /// a + b.
  public static func + (a: Double, b: Tensor) throws(TorchError) -> Tensor {
    try b.binary(CT_ADD, a, "+", "aten.add.Tensor")
  }
  /// a − b, broadcast.
  public static func - (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try a.binary(CT_SUB, b, "-", "aten.sub.Tensor")
  }
  /// a − b.
  public static func - (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try a.binary(CT_SUB, b, "-", "aten.sub.Tensor")
  }
  /// a − b.
  public static func - (a: Double, b: Tensor) throws(TorchError) -> Tensor {
    try make("-") { ct_tensor_subtract_from(&$0, a, b.handle) }
      .traced("aten.rsub.Scalar") { [.tensor(b), .real(a)] }
  }
  /// a · b element by element, broadcast.
  public static func * (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try a.binary(CT_MUL, b, "*", "aten.mul.Tensor")
  }
  /// a · b.
  public static func * (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try a.binary(CT_MUL, b, "*", "aten.mul.Tensor")
  }
  /// a · b.
  public static func * (a: Double, b: Tensor) throws(TorchError) -> Tensor {
    try b.binary(CT_MUL, a, "*", "aten.mul.Tensor")
  }
  /// a / b element by element, broadcast.
  public static func / (a: Tensor, b: Tensor) throws(TorchError) -> Tensor {
    try a.binary(CT_DIV, b, "/", "aten.div.Tensor")
  }
  /// a / b.
  public static func / (a: Tensor, b: Double) throws(TorchError) -> Tensor {
    try a.binary(CT_DIV, b, "/", "aten.div.Tensor")
  }
  /// a / b.
  public static func / (a: Double, b: Tensor) throws(TorchError) -> Tensor {
    try b.reciprocal() * a  // as torch.Tensor.__rtruediv__
  }
  /// −a.
  public static prefix func - (a: Tensor) throws(TorchError) -> Tensor {
    try a.unary(CT_NEG, "-", "aten.neg.default")
  }

  // MARK: Powers and remainders

  /// xᵉ for one exponent.
  public func pow(_ exponent: Double) throws(TorchError) -> Tensor {
    try binary(CT_POW, exponent, "Tensor.pow", "aten.pow.Tensor_Scalar")
  }
  /// xᵉ element by element, broadcast.
  public func pow(_ exponent: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_POW, exponent, "Tensor.pow", "aten.pow.Tensor_Tensor")
  }
  /// The remainder with the divisor's sign, as Python's `%`.
  public func remainder(_ divisor: Double) throws(TorchError) -> Tensor {
    try binary(CT_REMAINDER, divisor, "Tensor.remainder", "aten.remainder.Scalar")
  }

  // MARK: Functions of one number

  /// eˣ.
  public func exp() throws(TorchError) -> Tensor { try unary(CT_EXP, "Tensor.exp", "aten.exp.default") }
  /// The natural logarithm.
  public func log() throws(TorchError) -> Tensor { try unary(CT_LOG, "Tensor.log", "aten.log.default") }
  /// log(1 + x), exact for small x.
  public func log1p() throws(TorchError) -> Tensor { try unary(CT_LOG1P, "Tensor.log1p", "aten.log1p.default") }
  /// √x.
  public func sqrt() throws(TorchError) -> Tensor { try unary(CT_SQRT, "Tensor.sqrt", "aten.sqrt.default") }
  /// 1/√x.
  public func rsqrt() throws(TorchError) -> Tensor { try unary(CT_RSQRT, "Tensor.rsqrt", "aten.rsqrt.default") }
  /// 1 / x.
  public func reciprocal() throws(TorchError) -> Tensor {
    try unary(CT_RECIPROCAL, "Tensor.reciprocal", "aten.reciprocal.default")
  }
  /// x².
  public func square() throws(TorchError) -> Tensor { try unary(CT_SQUARE, "Tensor.square", "aten.square.default") }
  /// |x|.
  public func abs() throws(TorchError) -> Tensor { try unary(CT_ABS, "Tensor.abs", "aten.abs.default") }
  /// -1, 0 or 1.
  public func sign() throws(TorchError) -> Tensor { try unary(CT_SIGN, "Tensor.sign", "aten.sign.default") }
  /// The sine of x in radians.
  public func sin() throws(TorchError) -> Tensor { try unary(CT_SIN, "Tensor.sin", "aten.sin.default") }
  /// The cosine of x in radians.
  public func cos() throws(TorchError) -> Tensor { try unary(CT_COS, "Tensor.cos", "aten.cos.default") }
  /// The greatest whole number not above x.
  public func floor() throws(TorchError) -> Tensor { try unary(CT_FLOOR, "Tensor.floor", "aten.floor.default") }
  /// The least whole number not below x.
  public func ceil() throws(TorchError) -> Tensor { try unary(CT_CEIL, "Tensor.ceil", "aten.ceil.default") }
  /// To the nearest whole number, halves to the even one.
  public func round() throws(TorchError) -> Tensor { try unary(CT_ROUND, "Tensor.round", "aten.round.default") }
  /// The error function.
  public func erf() throws(TorchError) -> Tensor { try unary(CT_ERF, "Tensor.erf", "aten.erf.default") }

  // MARK: Bounds, choice

  /// Each element moved into [minimum, maximum]; an absent bound is open. At least one is given.
  public func clamp(min minimum: Double? = nil, max maximum: Double? = nil) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.clamp") { out in
      withOptional(minimum) { low in withOptional(maximum) { high in ct_tensor_clamp(&out, handle, low, high) } }
    }.traced("aten.clamp.default") {
      [.tensor(self), minimum.map { .real($0) } ?? .none, maximum.map { .real($0) } ?? .none]
    }
  }

  /// The larger of two elements.
  public func maximum(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_MAXIMUM, other, "Tensor.maximum", "aten.maximum.default")
  }
  /// The smaller of two elements.
  public func minimum(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_MINIMUM, other, "Tensor.minimum", "aten.minimum.default")
  }

  /// `a` where `condition` (bool) holds, else `b`.
  public static func choose(where condition: Tensor, _ a: Tensor, _ b: Tensor) throws(TorchError) -> Tensor {
    try make("Tensor.choose") { ct_tensor_where(&$0, condition.handle, a.handle, b.handle) }
      .traced("aten.where.self") { [.tensor(condition), .tensor(a), .tensor(b)] }
  }

  /// `value` where `mask` (bool, broadcast) holds.
  public func maskedFill(_ mask: Tensor, _ value: Double) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.maskedFill") { ct_tensor_masked_fill(&$0, handle, mask.handle, value) }
      .traced("aten.masked_fill.Scalar") { [.tensor(self), .tensor(mask), .real(value)] }
  }

  /// `self + weight·(end − self)`.
  public func lerp(to end: Tensor, weight: Double) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.lerp") { ct_tensor_lerp(&$0, handle, end.handle, weight) }
      .traced("aten.lerp.Scalar") { [.tensor(self), .tensor(end), .real(weight)] }
  }
}
