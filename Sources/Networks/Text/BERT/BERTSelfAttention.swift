import OrderedCollections
import Torch

/// Attention of every place to all places of its text, in several heads.
final class BERTSelfAttention: Module {
  private let query: Linear
  private let key: Linear
  private let value: Linear
  private let dropout: Dropout
  private let heads: Int
  private let headWidth: Int

  init(_ configuration: BERTConfiguration, generator: Generator, device: Device) throws(TorchError) {
    let width = configuration.width
    query = try Linear(width, width, device: device)
    key = try Linear(width, width, device: device)
    value = try Linear(width, width, device: device)
    dropout = Dropout(configuration.attentionDropout, generator: generator)
    heads = configuration.heads
    headWidth = width / configuration.heads
  }

  var submodules: OrderedDictionary<String, any Module> {
    ["query": query, "key": key, "value": value, "dropout": dropout]
  }

  func callAsFunction(_ x_NLC: Tensor) throws(TorchError) -> Tensor { try self(x_NLC, mask: nil) }

  /// - Parameters:
  ///   - x_NLC: [N, L, width]
  ///   - mask: What is added to the scores, broadcast to [N, heads, L, L].
  /// - Returns: [N, L, width], before the output's projection.
  /// - Throws: `TorchError` for shapes that do not fit.
  func callAsFunction(_ x_NLC: Tensor, mask: Tensor?) throws(TorchError) -> Tensor {
    let shape = x_NLC.shape
    let q_NHLE = try split(query(x_NLC), shape), k_NHLE = try split(key(x_NLC), shape)
    let v_NHLE = try split(value(x_NLC), shape)
    let context_NHLE: Tensor
    if dropout.isTraining, dropout.probability > 0 {
      // libtorch's own attention drops out by its global generator, whose state no checkpoint has.
      let scores = try (q_NHLE * (1 / Double(headWidth).squareRoot())).matmul(k_NHLE.transposed())
      if let mask { try scores.formAdd(mask) }
      context_NHLE = try dropout(softmax(scores, axis: -1)).matmul(v_NHLE)
    } else {
      context_NHLE = try scaledDotProductAttention(query: q_NHLE, key: k_NHLE, value: v_NHLE, mask: mask)
    }
    return try context_NHLE.transposed(1, 2).reshaped(shape)
  }

  /// [N, L, width] as [N, heads, L, width / heads].
  private func split(_ x_NLC: Tensor, _ shape: [Int]) throws(TorchError) -> Tensor {
    try x_NLC.view([shape[0], shape[1], heads, headWidth]).transposed(1, 2)
  }
}
