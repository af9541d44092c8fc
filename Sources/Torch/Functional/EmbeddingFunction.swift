import CTorch

/// Rows of a table (`torch.nn.functional.embedding`).
///
/// - Parameters:
///   - indices: int64 or int32, any shape.
///   - weight: [vocabulary, width]
///   - paddingIndex: A row whose gradient stays 0.
/// - Returns: indices' shape with `width` as the last axis.
/// - Throws: ``TorchError`` for an index outside the vocabulary.
public func embedding(_ indices: Tensor, weight: Tensor, paddingIndex: Int? = nil) throws(TorchError) -> Tensor {
  try Tensor.make("embedding") { ct_nn_embedding(&$0, weight.handle, indices.handle, Int64(paddingIndex ?? -1)) }
    .traced("aten.embedding.default") {
      paddingIndex.map { [.tensor(weight), .tensor(indices), .integer($0)] } ?? [.tensor(weight), .tensor(indices)]
    }
}
