import CTorch

/// Each element made 0 with this probability and the others scaled by 1/(1 − probability). The numbers are those of
/// `torch.nn.functional.dropout` when the generator is in the state of PyTorch's.
///
/// - Throws: ``TorchError`` for a probability outside 0 … 1.
public func dropout(_ x: Tensor, probability: Double = 0.5, generator: Generator) throws(TorchError) -> Tensor {
  try Tensor.make("dropout") { ct_nn_dropout(&$0, x.handle, probability, generator.handle) }
    .traced("aten.dropout.default") { [.tensor(x), .real(probability), .boolean(true)] }
}
