import OrderedCollections

/// A table of vectors (`torch.nn.Embedding`).
public final class Embedding: Module {
  /// [vocabulary, width], zeros, to be filled by a plan.
  public let weight: Tensor
  /// A row whose gradient stays 0.
  public let paddingIndex: Int?

  /// A table of so many vectors of such a length.
  ///
  /// - Throws: ``TorchError`` if it cannot be made.
  public init(
    _ vocabulary: Int, _ width: Int, paddingIndex: Int? = nil, dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) {
    self.paddingIndex = paddingIndex
    weight = try Tensor.zeros([vocabulary, width], dtype: dtype, device: device).settingRequiresGrad()
  }

  public var localParameters: OrderedDictionary<String, Tensor> { ["weight": weight] }

  /// - Parameter indices: int64 or int32, any shape.
  /// - Returns: The same shape with `width` as the last axis.
  /// - Throws: ``TorchError`` for an index outside the vocabulary.
  public func callAsFunction(_ indices: Tensor) throws(TorchError) -> Tensor {
    try embedding(indices, weight: weight, paddingIndex: paddingIndex)
  }
}
