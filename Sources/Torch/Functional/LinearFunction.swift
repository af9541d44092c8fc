import CTorch

/// `x·weightᵀ + bias` (`torch.nn.functional.linear`).
///
/// - Parameters:
///   - x: […, in]
///   - weight: [out, in]
///   - bias: [out]
/// - Returns: […, out]
/// - Throws: ``TorchError`` for shapes that do not fit.
public func linear(_ x: Tensor, weight: Tensor, bias: Tensor? = nil) throws(TorchError) -> Tensor {
  try Tensor.make("linear") { ct_nn_linear(&$0, x.handle, weight.handle, bias?.handle) }
    .traced("aten.linear.default") {
      bias.map { [.tensor(x), .tensor(weight), .tensor($0)] } ?? [.tensor(x), .tensor(weight)]
    }
}
