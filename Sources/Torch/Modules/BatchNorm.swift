import OrderedCollections

/// Batch normalisation of [N, C, …] (`torch.nn.BatchNorm1d`, `BatchNorm2d`, `BatchNorm3d`).
public final class BatchNorm: Module {
  /// [C], ones.
  public let weight: Tensor?
  /// [C], zeros.
  public let bias: Tensor?
  /// [C], zeros.
  public let runningMean: Tensor
  /// [C], ones.
  public let runningVariance: Tensor
  /// The number of training passes, int64; as PyTorch stores it.
  public let batchCount: Tensor
  /// How far running statistics move towards each batch's.
  public let momentum: Double
  /// What is added to variances.
  public let epsilon: Double
  public var isTraining = true

  /// A normalisation of so many channels; with `affine` false it has no weight and bias.
  ///
  /// - Throws: ``TorchError`` if its tensors cannot be made.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = true, dtype: DType = .float32,
    device: Device = .cpu
  ) throws(TorchError) {
    (self.epsilon, self.momentum) = (epsilon, momentum)
    weight = affine ? try Tensor.ones([channels], dtype: dtype, device: device).settingRequiresGrad() : nil
    bias = affine ? try Tensor.zeros([channels], dtype: dtype, device: device).settingRequiresGrad() : nil
    runningMean = try Tensor.zeros([channels], dtype: dtype, device: device)
    runningVariance = try Tensor.ones([channels], dtype: dtype, device: device)
    batchCount = try Tensor(scalar: 0, dtype: .int64, device: device)
  }

  public var localParameters: OrderedDictionary<String, Tensor> { .weightAndBias(weight, bias) }

  public var localBuffers: OrderedDictionary<String, Tensor> {
    ["running_mean": runningMean, "running_var": runningVariance, "num_batches_tracked": batchCount]
  }

  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    if isTraining { try batchCount.formAdd(1) }
    return try batchNorm(
      x, runningMean: runningMean, runningVariance: runningVariance, weight: weight, bias: bias, training: isTraining,
      momentum: momentum, epsilon: epsilon)
  }

  /// The normalised input, something added, and ReLU of that: ``batchNormReLU(_:adding:runningMean:runningVariance:weight:bias:training:momentum:epsilon:)``
  /// with this module's parameters and statistics.
  ///
  /// - Parameters:
  ///   - x: [N, C, …]
  ///   - added: The shape of `x`; nothing is added if absent.
  /// - Returns: The shape of `x`.
  /// - Throws: ``TorchError`` for shapes that do not fit, or one value a channel in training.
  public func reLU(_ x: Tensor, adding added: Tensor? = nil) throws(TorchError) -> Tensor {
    if isTraining { try batchCount.formAdd(1) }
    return try batchNormReLU(
      x, adding: added, runningMean: runningMean, runningVariance: runningVariance, weight: weight, bias: bias,
      training: isTraining, momentum: momentum, epsilon: epsilon)
  }
}

/// Batch normalisation of images, under PyTorch's name.
public typealias BatchNorm2d = BatchNorm
