import OrderedCollections

/// `x·weightᵀ + bias` (`torch.nn.Linear`).
public final class Linear: Module {
  /// [out, in]
  public let weight: Tensor
  /// [out]
  public let bias: Tensor?

  /// Zeros, to be filled by a plan.
  public init(
    _ inFeatures: Int, _ outFeatures: Int, bias: Bool = true, dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) {
    weight = try Tensor.zeros([outFeatures, inFeatures], dtype: dtype, device: device).settingRequiresGrad()
    self.bias = bias ? try Tensor.zeros([outFeatures], dtype: dtype, device: device).settingRequiresGrad() : nil
  }

  public var localParameters: OrderedDictionary<String, Tensor> { .weightAndBias(weight, bias) }

  /// - Parameter x: […, in]
  /// - Returns: […, out]
  /// - Throws: ``TorchError`` for an input that does not fit.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try linear(x, weight: weight, bias: bias)
  }
}

extension OrderedDictionary<String, Tensor> {
  static func weightAndBias(_ weight: Tensor?, _ bias: Tensor?) -> Self {
    var all: Self = [:]
    all["weight"] = weight
    all["bias"] = bias
    return all
  }
}
