import CTorch
import OrderedCollections

/// Adagrad (`torch.optim.Adagrad`; Duchi, Hazan & Singer 2011).
///
/// With gradient g at step t: g ← g + λp; s ← s + g²; p ← p − lr / (1 + (t − 1)·decay) · g / (√s + ε).
public final class Adagrad: Optimizer {
  public var learningRate: Double
  /// How the rate falls: lr / (1 + (step − 1)·learningRateDecay).
  public let learningRateDecay: Double
  /// The weight decay; 0 is none.
  public let weightDecay: Double
  /// Where the sums of squares start.
  public let initialAccumulator: Double
  /// What is added to denominators.
  public let epsilon: Double
  public let storage: OptimizerStorage

  /// - Throws: ``TorchError`` of kind `argument` for a negative setting.
  public init(
    _ parameters: OrderedDictionary<String, Tensor>, learningRate: Double = 1e-2, learningRateDecay: Double = 0,
    weightDecay: Double = 0, initialAccumulator: Double = 0, epsilon: Double = 1e-10
  ) throws(TorchError) {
    try refuseNegative(
      "Adagrad",
      [
        ("learningRate", learningRate), ("learningRateDecay", learningRateDecay), ("weightDecay", weightDecay),
        ("initialAccumulator", initialAccumulator), ("epsilon", epsilon),
      ])
    (self.learningRate, self.learningRateDecay, self.weightDecay) = (learningRate, learningRateDecay, weightDecay)
    (self.initialAccumulator, self.epsilon) = (initialAccumulator, epsilon)
    storage = OptimizerStorage(parameters, [.init(name: "step", isCounter: true), .init(name: "sum")])
  }

  public func step() throws(TorchError) {
    let status = ct_optimizer_adagrad(
      storage.handles, storage.count, storage.slots[1], storage.slots[0], learningRate, learningRateDecay,
      initialAccumulator, epsilon, weightDecay)
    try check(status, "Adagrad.step")
  }
}
