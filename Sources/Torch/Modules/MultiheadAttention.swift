import OrderedCollections

/// Attention of a sequence to itself in several heads (`torch.nn.MultiheadAttention` with one input, the batch first).
///
/// Legend: N batch, L places, E width, H heads. Parameters have PyTorch's names: `in_proj_weight` and `in_proj_bias` (query,
/// key and value by rows), `out_proj.weight` and `out_proj.bias`.
public final class MultiheadAttention: Module {
  /// Parts of the width, each with an attention of its own.
  public let heads: Int
  private let inProjection: (weight: Tensor, bias: Tensor?)
  private let outProjection: Linear
  /// Of the attention's weights, in training.
  private let dropout: Dropout?

  /// Zeros, to be filled by a plan.
  ///
  /// - Parameters:
  ///   - width: Features in and out, E.
  ///   - heads: A divisor of the width.
  ///   - bias: Whether the projections have biases.
  ///   - dropout: What acts on the attention's weights in training.
  ///   - dtype: The parameters' element type.
  ///   - device: Where they live.
  /// - Throws: ``TorchError`` of kind `argument` for heads that do not divide the width.
  public init(
    _ width: Int, heads: Int, bias: Bool = true, dropout: Dropout? = nil, dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) {
    guard width > 0, heads > 0, width.isMultiple(of: heads) else {
      throw TorchError(
        kind: .argument, operation: "MultiheadAttention.init",
        message: "\(heads) heads of a width of \(width); expected a number that divides it")
    }
    (self.heads, self.dropout) = (heads, dropout)
    inProjection = (
      try Tensor.zeros([3 * width, width], dtype: dtype, device: device).settingRequiresGrad(),
      bias ? try Tensor.zeros([3 * width], dtype: dtype, device: device).settingRequiresGrad() : nil
    )
    outProjection = try Linear(width, width, bias: bias, dtype: dtype, device: device)
  }

  public var localParameters: OrderedDictionary<String, Tensor> {
    var all: OrderedDictionary<String, Tensor> = ["in_proj_weight": inProjection.weight]
    all["in_proj_bias"] = inProjection.bias
    return all
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["out_proj": outProjection]
    all["dropout"] = dropout
    return all
  }

  /// - Parameter x: [N, L, E]; every place takes part.
  /// - Returns: [N, L, E]
  /// - Throws: ``TorchError`` for an input of another shape.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor { try self(x, mask: nil) }

  /// - Parameters:
  ///   - x: [N, L, E]
  ///   - mask: bool, broadcast to [N, H, L, L] (queries before keys): true takes part. Each query needs a key.
  /// - Returns: [N, L, E]
  /// - Throws: ``TorchError`` for an input or a mask of another shape.
  public func callAsFunction(_ x: Tensor, mask: Tensor?) throws(TorchError) -> Tensor {
    let batch = try x.size(0), length = try x.size(1), width = try x.size(2)
    var parts: [Tensor] = []
    for part in try linear(x, weight: inProjection.weight, bias: inProjection.bias).chunked(3, axis: -1) {
      parts.append(try part.reshaped([batch, length, heads, width / heads]).transposed(1, 2))
    }
    let (query, key, value) = (parts[0], parts[1], parts[2])
    let attended_NHLE: Tensor
    if let dropout, dropout.isTraining {
      var scores = try (query * (1 / Double(width / heads).squareRoot())).matmul(key.transposed())
      // A finite number, since a search for what is not finite would stop at an infinite one; its exponential is 0.
      if let mask { scores = try scores.maskedFill(mask.not(), scores.dtype == .float16 ? -6e4 : -1e30) }
      attended_NHLE = try dropout(softmax(scores, axis: -1)).matmul(value)
    } else {
      attended_NHLE = try scaledDotProductAttention(query: query, key: key, value: value, mask: mask)
    }
    return try outProjection(attended_NHLE.transposed(1, 2).reshaped([batch, length, width]))
  }
}
