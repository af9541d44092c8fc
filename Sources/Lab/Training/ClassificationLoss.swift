import Torch

/// Cross entropy and right answers of a batch, of two labels an image where images are mixed.
///
/// Shapes: N images, K classes.
struct ClassificationLoss {
  /// 0 … 1: this part of each target is spread over all classes.
  var labelSmoothing = 0.0

  /// λ·CE(logits, own label) + (1 − λ)·CE(logits, mixed-in label), the batch's mean; λ = 1 where nothing is mixed.
  func callAsFunction(_ logits_NK: Tensor, _ batch: Batch) throws(TorchError) -> Tensor {
    let own = try crossEntropy(logits_NK, batch.labels_N, labelSmoothing: labelSmoothing)
    guard let mixed = batch.mixed else { return own }
    let other = try crossEntropy(logits_NK, mixed.labels_N, labelSmoothing: labelSmoothing)
    return try own * mixed.share + other * (1 - mixed.share)
  }

  /// Right answers in the batch; of mixed images λ for their own class and 1 − λ for the mixed-in one.
  static func correct(_ logits_NK: Tensor, _ batch: Batch) throws(TorchError) -> Double {
    try withoutGradient { () throws(TorchError) in
      let answers = try logits_NK.argmax(1)
      let own = Double(try answers.eq(batch.labels_N).sum().integer())
      guard let mixed = batch.mixed else { return own }
      return mixed.share * own + (1 - mixed.share) * Double(try answers.eq(mixed.labels_N).sum().integer())
    }
  }

  /// - Throws: `LabError` (`.configuration`) unless there is a logit for every class of every example.
  static func check(_ logits_NK: Tensor, count: Int, classes: Int, unit: String) throws(LabError) {
    let shape = logits_NK.shape
    guard shape.count == 2, shape[0] == count, shape[1] >= classes else {
      throw LabError(
        .configuration,
        "the network makes \(shape) of \(count) \(unit); expected [\(count), \(classes)], a number for each class")
    }
  }
}
