import OrderedCollections
import Torch

/// What BERT begins with: the sum of a word's, a place's and a segment's vector, normalised.
final class BERTEmbeddings: Module {
  /// [V, width]; the decoder's as well.
  let words: Embedding
  private let positions: Embedding
  private let segments: Embedding
  private let norm: LayerNorm
  private let dropout: Dropout
  private let greatestLength: Int

  init(_ configuration: BERTConfiguration, generator: Generator, device: Device) throws(TorchError) {
    let width = configuration.width
    words = try Embedding(
      configuration.vocabularyCount, width, paddingIndex: configuration.paddingIndex, device: device)
    positions = try Embedding(configuration.greatestLength, width, device: device)
    segments = try Embedding(configuration.segments, width, device: device)
    norm = try LayerNorm(width, epsilon: configuration.normEpsilon, device: device)
    dropout = Dropout(configuration.dropout, generator: generator)
    greatestLength = configuration.greatestLength
  }

  var submodules: OrderedDictionary<String, any Module> {
    [
      "word_embeddings": words, "position_embeddings": positions, "token_type_embeddings": segments,
      "LayerNorm": norm, "dropout": dropout,
    ]
  }

  func callAsFunction(_ ids_NL: Tensor) throws(TorchError) -> Tensor { try self(ids_NL, segments: nil) }

  /// - Parameters:
  ///   - ids_NL: Pieces, int64.
  ///   - segments_NL: Their segments, int64; all 0 if absent.
  /// - Returns: [N, L, width]
  /// - Throws: `TorchError` for another number of axes, a text that is too long, or a piece outside the vocabulary.
  func callAsFunction(_ ids_NL: Tensor, segments segments_NL: Tensor?) throws(TorchError) -> Tensor {
    let shape = ids_NL.shape
    guard shape.count == 2, shape[1] <= greatestLength else {
      throw TorchError(
        kind: .argument, operation: "BERTEmbeddings",
        message: "pieces of shape \(shape); expected [texts, places], of at most \(greatestLength) places")
    }
    // As `transformers` adds them, so that sums round alike.
    let x_NLC: Tensor
    if let segments_NL {
      x_NLC = try words(ids_NL) + segments(segments_NL)
    } else {
      x_NLC = try words(ids_NL) + segments(Tensor.zeros(shape, dtype: .int64, device: ids_NL.device))
    }
    try x_NLC.formAdd(positions(Tensor.arange(to: Double(shape[1]), device: ids_NL.device)))
    return try dropout(norm(x_NLC))
  }
}
