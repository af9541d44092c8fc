import OrderedCollections

/// One layer of a Transformer's encoder (`torch.nn.TransformerEncoderLayer` with ReLU, its norms last and the batch first):
/// `x ← norm1(x + self_attn(x))`, then `x ← norm2(x + linear2(relu(linear1(x))))`, as in Vaswani et al., "Attention Is All
/// You Need" (2017), Section 3.1.
///
/// Parameters have PyTorch's names: `self_attn.in_proj_weight`, `self_attn.out_proj.weight`, `linear1.weight`,
/// `linear2.weight`, `norm1.weight`, `norm2.weight` and the biases.
public final class TransformerEncoderLayer: Module {
  private let attention: MultiheadAttention
  private let linear1, linear2: Linear
  private let norm1, norm2: LayerNorm
  /// Of the attention's weights, of both sublayers' results and between the two linear layers, as in PyTorch.
  private let dropout: Dropout?

  /// Zeros, to be filled by a plan, and norms of ones.
  ///
  /// - Parameters:
  ///   - width: Features in and out.
  ///   - heads: A divisor of the width.
  ///   - feedForward: Features between the two linear layers.
  ///   - dropout: What acts in training; PyTorch's own layers have 0.1.
  ///   - dtype: The parameters' element type.
  ///   - device: Where they live.
  /// - Throws: ``TorchError`` of kind `argument` for heads that do not divide the width, or a size below 1.
  public init(
    _ width: Int, heads: Int, feedForward: Int, dropout: Dropout? = nil, dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) {
    guard feedForward > 0 else {
      throw TorchError(
        kind: .argument, operation: "TransformerEncoderLayer.init",
        message: "\(feedForward) features between the linear layers; expected at least 1")
    }
    self.dropout = dropout
    attention = try MultiheadAttention(width, heads: heads, dropout: dropout, dtype: dtype, device: device)
    linear1 = try Linear(width, feedForward, dtype: dtype, device: device)
    linear2 = try Linear(feedForward, width, dtype: dtype, device: device)
    norm1 = try LayerNorm(width, dtype: dtype, device: device)
    norm2 = try LayerNorm(width, dtype: dtype, device: device)
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["self_attn": attention, "linear1": linear1]
    all["dropout"] = dropout
    all["linear2"] = linear2
    all["norm1"] = norm1
    all["norm2"] = norm2
    return all
  }

  /// - Parameter x: [N, L, width]; every place takes part.
  /// - Returns: [N, L, width]
  /// - Throws: ``TorchError`` for an input of another shape.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor { try self(x, mask: nil) }

  /// - Parameters:
  ///   - x: [N, L, width]
  ///   - mask: bool, broadcast to [N, heads, L, L] (queries before keys): true takes part. Each query needs a key.
  /// - Returns: [N, L, width]
  /// - Throws: ``TorchError`` for an input or a mask of another shape.
  public func callAsFunction(_ x: Tensor, mask: Tensor?) throws(TorchError) -> Tensor {
    let x = try norm1(x + dropped(attention(x, mask: mask)))
    return try norm2(x + dropped(linear2(dropped(relu(linear1(x))))))
  }

  private func dropped(_ x: Tensor) throws(TorchError) -> Tensor { try dropout?.callAsFunction(x) ?? x }
}
