import CTorch

/// Normalises each channel over the batch and the positions (`torch.nn.functional.batch_norm`).
///
/// In training the statistics are the batch's, and the running ones move towards them: r = (1 − momentum)·r +
/// momentum·s, with the unbiased variance. Otherwise the running ones are used.
///
/// - Parameters:
///   - x: [N, C, …]
///   - runningMean: [C]
///   - runningVariance: [C]
///   - weight: [C]; ones if absent.
///   - bias: [C]; zeros if absent.
///   - training: Whether the batch's own statistics are used.
///   - momentum: How far the running statistics move.
///   - epsilon: Added to the variance.
/// - Returns: The shape of `x`.
/// - Throws: ``TorchError`` for shapes that do not fit, or one value a channel in training.
public func batchNorm(
  _ x: Tensor, runningMean: Tensor?, runningVariance: Tensor?, weight: Tensor? = nil, bias: Tensor? = nil,
  training: Bool, momentum: Double = 0.1, epsilon: Double = 1e-5
) throws(TorchError) -> Tensor {
  try Tensor.make("batchNorm") {
    ct_nn_batch_norm(
      &$0, x.handle, weight?.handle, bias?.handle, runningMean?.handle, runningVariance?.handle, training, momentum,
      epsilon)
  }.traced("aten.batch_norm.default") {
    [
      .tensor(x), .optional(weight), .optional(bias), .optional(runningMean), .optional(runningVariance),
      .boolean(training), .real(momentum), .real(epsilon), .boolean(true),
    ]
  }
}

/// `relu(batchNorm(x) + added)`: how a residual block ends, and without `added` how its middle does.
///
/// One operation, where the three of them would walk over memory three times: in training on the CPU, of float32 in
/// channels-last layout with a multiple of 16 channels. Anything else is computed by the three; a trace of the network
/// (``GraphTracer``) shows them in any case. Results are theirs but for the last bits.
///
/// - Parameters:
///   - x: [N, C, …]
///   - added: The shape of `x`; nothing is added if absent.
///   - runningMean: [C]
///   - runningVariance: [C]
///   - weight: [C]; ones if absent.
///   - bias: [C]; zeros if absent.
///   - training: Whether the batch's own statistics are used.
///   - momentum: How far the running statistics move.
///   - epsilon: Added to the variance.
/// - Returns: The shape of `x`.
/// - Throws: ``TorchError`` for shapes that do not fit, or one value a channel in training.
public func batchNormReLU(
  _ x: Tensor, adding added: Tensor? = nil, runningMean: Tensor?, runningVariance: Tensor?, weight: Tensor? = nil,
  bias: Tensor? = nil, training: Bool, momentum: Double = 0.1, epsilon: Double = 1e-5
) throws(TorchError) -> Tensor {
  guard ct_tracer() == nil else {
    let y = try batchNorm(
      x, runningMean: runningMean, runningVariance: runningVariance, weight: weight, bias: bias, training: training,
      momentum: momentum, epsilon: epsilon)
    if let added { try y.formAdd(added) }
    try y.formReLU()
    return y
  }
  return try Tensor.make("batchNormReLU") {
    ct_nn_batch_norm_relu(
      &$0, x.handle, added?.handle, weight?.handle, bias?.handle, runningMean?.handle, runningVariance?.handle,
      training, momentum, epsilon)
  }
}

/// Normalises over the last axes, whose sizes are `shape` (`torch.nn.functional.layer_norm`). `weight` and `bias` have
/// that shape.
public func layerNorm(
  _ x: Tensor, shape: [Int], weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) throws(TorchError) -> Tensor {
  try Tensor.make("layerNorm") { out in
    withInts(shape) { ct_nn_layer_norm(&out, x.handle, $0, $1, weight?.handle, bias?.handle, epsilon) }
  }.traced("aten.layer_norm.default") {
    [.tensor(x), .integers(shape), .optional(weight), .optional(bias), .real(epsilon)]
  }
}

/// Normalises groups of channels of x[N, C, …] for each sample. `weight` and `bias` are [C].
public func groupNorm(
  _ x: Tensor, groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) throws(TorchError) -> Tensor {
  try Tensor.make("groupNorm") {
    ct_nn_group_norm(&$0, x.handle, Int64(groups), weight?.handle, bias?.handle, epsilon)
  }.traced("aten.group_norm.default") {
    [.tensor(x), .integer(groups), .optional(weight), .optional(bias), .real(epsilon)]
  }
}
