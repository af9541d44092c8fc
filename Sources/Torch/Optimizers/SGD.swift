import CTorch
import OrderedCollections

/// Stochastic gradient descent with momentum (`torch.optim.SGD`).
///
/// With gradient g, weight decay λ, momentum μ and dampening δ: g ← g + λp; b ← g at a parameter's first step,
/// then μb + (1 − δ)g; p ← p − lr·b, or p − lr·(g + μb) with Nesterov's rule.
public final class SGD: Optimizer {
  public var learningRate: Double
  /// What the last step's direction is multiplied by; 0 is none.
  public let momentum: Double
  /// 1 less this is the share of the gradient that the momentum takes in.
  public let dampening: Double
  /// The weight decay; 0 is none.
  public let weightDecay: Double
  /// Whether the gradient is taken ahead of the momentum (Nesterov).
  public let nesterov: Bool
  public let storage: OptimizerStorage

  /// - Throws: ``TorchError`` of kind `argument` for a negative rate, momentum or decay, or Nesterov's rule without
  ///   momentum or with dampening.
  public init(
    _ parameters: OrderedDictionary<String, Tensor>, learningRate: Double, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false
  ) throws(TorchError) {
    try refuseNegative("SGD", [("learningRate", learningRate), ("momentum", momentum), ("weightDecay", weightDecay)])
    if nesterov && (momentum <= 0 || dampening != 0) {
      throw TorchError(
        kind: .argument, operation: "SGD.init", message: "Nesterov's rule needs a momentum above 0 and no dampening")
    }
    (self.learningRate, self.momentum, self.dampening) = (learningRate, momentum, dampening)
    (self.weightDecay, self.nesterov) = (weightDecay, nesterov)
    storage = OptimizerStorage(parameters, momentum == 0 ? [] : [.init(name: "momentum_buffer")])
  }

  public func step() throws(TorchError) {
    let status = ct_optimizer_sgd(
      storage.handles, storage.count, storage.slots.first, learningRate, momentum, dampening, weightDecay, nesterov)
    try check(status, "SGD.step")
  }
}

/// Refuses settings that torch.optim refuses; NaN too.
func refuseNegative(_ optimizer: String, _ settings: [(name: String, value: Double)]) throws(TorchError) {
  for (name, value) in settings where !(value >= 0) {
    throw TorchError(
      kind: .argument, operation: "\(optimizer).init", message: "\(name) is \(value); it must be 0 or more")
  }
}
