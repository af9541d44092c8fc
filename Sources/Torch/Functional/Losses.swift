import CTorch

/// How the losses of a batch become one number.
public enum LossReduction: String, Codable, Hashable, Sendable {
  /// Left as they are, their mean, or their sum.
  case none, mean, sum

  var code: ct_loss_reduction {
    switch self {
    case .none: CT_LOSS_NONE
    case .mean: CT_LOSS_MEAN
    case .sum: CT_LOSS_SUM
    }
  }

  /// ATen's number for it.
  var number: Int { Int(code.rawValue) }
}

/// −log softmax(logits)[target] (`torch.nn.functional.cross_entropy`).
///
/// - Parameters:
///   - logits: [N, C] or [N, C, …]
///   - targets: Class numbers, int64 [N] or [N, …]; or probabilities of the logits' shape.
///   - classWeights: [C]; the mean is then weighted.
///   - reduction: What becomes of the batch's losses.
///   - ignoredTarget: A class number that does not count.
///   - labelSmoothing: 0 … 1: this part of each target is spread over all classes.
/// - Returns: One number, or the shape of `targets` without reduction.
/// - Throws: ``TorchError`` for shapes that do not fit or a class number that is none.
public func crossEntropy(
  _ logits: Tensor, _ targets: Tensor, classWeights: Tensor? = nil, reduction: LossReduction = .mean,
  ignoredTarget: Int = -100, labelSmoothing: Double = 0
) throws(TorchError) -> Tensor {
  try Tensor.make("crossEntropy") {
    ct_nn_cross_entropy(
      &$0, logits.handle, targets.handle, classWeights?.handle, reduction.code, Int64(ignoredTarget), labelSmoothing)
  }.traced("aten.cross_entropy_loss.default") {
    [
      .tensor(logits), .tensor(targets), .optional(classWeights), .integer(reduction.number), .integer(ignoredTarget),
      .real(labelSmoothing),
    ]
  }
}

/// (x − target)², of one shape (`torch.nn.functional.mse_loss`).
public func mseLoss(
  _ x: Tensor, _ target: Tensor, reduction: LossReduction = .mean
) throws(TorchError) -> Tensor {
  try Tensor.make("mseLoss") { ct_nn_mean_squared_error(&$0, x.handle, target.handle, reduction.code) }
    .traced("aten.mse_loss.default") { [.tensor(x), .tensor(target), .integer(reduction.number)] }
}

/// −t·log σ(x) − (1 − t)·log(1 − σ(x)), without overflow; `targets` of the logits' shape and type, in 0 … 1.
public func binaryCrossEntropy(
  logits: Tensor, _ targets: Tensor, reduction: LossReduction = .mean
) throws(TorchError) -> Tensor {
  try Tensor.make("binaryCrossEntropy") {
    ct_nn_binary_cross_entropy_with_logits(&$0, logits.handle, targets.handle, reduction.code)
  }.traced("aten.binary_cross_entropy_with_logits.default") {
    [.tensor(logits), .tensor(targets), .none, .none, .integer(reduction.number)]
  }
}
