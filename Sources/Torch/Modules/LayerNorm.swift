import OrderedCollections

/// Normalisation over the last axes (`torch.nn.LayerNorm`).
public final class LayerNorm: Module {
  /// The sizes of the axes that are normalised.
  public let shape: [Int]
  /// `shape`, ones.
  public let weight: Tensor?
  /// `shape`, zeros.
  public let bias: Tensor?
  /// What is added to variances.
  public let epsilon: Double

  /// A normalisation over axes of these sizes; with `affine` false it has no weight and bias.
  ///
  /// - Throws: ``TorchError`` if its tensors cannot be made.
  public init(
    _ shape: Int..., epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true, dtype: DType = .float32,
    device: Device = .cpu
  ) throws(TorchError) {
    (self.shape, self.epsilon) = (shape, epsilon)
    weight = affine ? try Tensor.ones(shape, dtype: dtype, device: device).settingRequiresGrad() : nil
    self.bias = affine && bias ? try Tensor.zeros(shape, dtype: dtype, device: device).settingRequiresGrad() : nil
  }

  public var localParameters: OrderedDictionary<String, Tensor> { .weightAndBias(weight, bias) }

  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try layerNorm(x, shape: shape, weight: weight, bias: bias, epsilon: epsilon)
  }
}
