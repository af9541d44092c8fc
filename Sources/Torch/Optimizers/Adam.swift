import CTorch
import OrderedCollections

/// Adam (`torch.optim.Adam`; Kingma & Ba 2015, Algorithm 1), weight decay added to the gradient.
public final class Adam: Optimizer {
  public var learningRate: Double
  /// The decay of the gradients' average.
  public let beta1: Double
  /// The decay of their squares' average.
  public let beta2: Double
  /// What is added to denominators.
  public let epsilon: Double
  /// The weight decay; 0 is none.
  public let weightDecay: Double
  public let storage: OptimizerStorage

  /// - Throws: ``TorchError`` of kind `argument` for a negative setting or a beta that is not below 1.
  public init(
    _ parameters: OrderedDictionary<String, Tensor>, learningRate: Double = 1e-3, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) throws(TorchError) {
    try checkAdam("Adam", learningRate, beta1, beta2, epsilon, weightDecay)
    (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
    (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
    storage = OptimizerStorage(parameters, adamKinds)
  }

  public func step() throws(TorchError) {
    let status = ct_optimizer_adam(
      storage.handles, storage.count, storage.slots[1], storage.slots[2], storage.slots[0], learningRate, beta1, beta2,
      epsilon, weightDecay, false)
    try check(status, "Adam.step")
  }
}

/// Adam with decoupled weight decay (`torch.optim.AdamW`; Loshchilov & Hutter 2019, Algorithm 2): p ← p − lr·λ·p
/// apart from the gradient.
public final class AdamW: Optimizer {
  public var learningRate: Double
  /// The decay of the gradients' average.
  public let beta1: Double
  /// The decay of their squares' average.
  public let beta2: Double
  /// What is added to denominators.
  public let epsilon: Double
  /// The weight decay; 0 is none.
  public let weightDecay: Double
  public let storage: OptimizerStorage

  /// - Throws: ``TorchError`` of kind `argument` for a negative setting or a beta that is not below 1.
  public init(
    _ parameters: OrderedDictionary<String, Tensor>, learningRate: Double = 1e-3, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 1e-2
  ) throws(TorchError) {
    try checkAdam("AdamW", learningRate, beta1, beta2, epsilon, weightDecay)
    (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
    (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
    storage = OptimizerStorage(parameters, adamKinds)
  }

  public func step() throws(TorchError) {
    let status = ct_optimizer_adam(
      storage.handles, storage.count, storage.slots[1], storage.slots[2], storage.slots[0], learningRate, beta1, beta2,
      epsilon, weightDecay, true)
    try check(status, "AdamW.step")
  }
}

private let adamKinds: [OptimizerStorage.Kind] = [
  .init(name: "step", isCounter: true), .init(name: "exp_avg"), .init(name: "exp_avg_sq"),
]

private func checkAdam(
  _ name: String, _ learningRate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ weightDecay: Double
) throws(TorchError) {
  try refuseNegative(
    name,
    [
      ("learningRate", learningRate), ("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon),
      ("weightDecay", weightDecay),
    ])
  guard beta1 < 1, beta2 < 1 else {
    throw TorchError(
      kind: .argument, operation: "\(name).init", message: "the betas are \(beta1) and \(beta2); they must be below 1")
  }
}
