import Torch

/// Which places of a batch of sentences have words: those up to the last number that is not 0, and one at least, so that a
/// sentence of no words counts as one word of padding.
struct WordPlaces {
  /// Words a sentence, int64 [N].
  let lengths: Tensor
  /// True where there is a word, bool [N, L].
  let mask: Tensor

  /// - Parameter ids: int64 [N, L]; 0 fills a sentence up.
  /// - Throws: `TorchError` for numbers without places.
  init(_ ids: Tensor) throws(TorchError) {
    let length = try ids.size(1)
    let counts = try Tensor.arange(from: 1, to: Double(length + 1), device: ids.device)
    let last = try (ids.ne(0) * counts).max([1])
    lengths = try last.maximum(last.filledLike(1))
    mask = try counts.le(lengths.unsqueezed(1))
  }
}

extension Tensor {
  /// - Throws: `TorchError` of kind `argument` unless these are int64 numbers of words, [N, L] with L ≥ 1.
  func checkWords(_ operation: String) throws(TorchError) {
    guard shape.count == 2, shape[1] > 0, dtype == .int64 else {
      throw TorchError(
        kind: .argument, operation: operation,
        message: "the input is \(dtype.rawValue) of shape \(shape); expected int64 numbers of words, [N, L] with L ≥ 1")
    }
  }
}
