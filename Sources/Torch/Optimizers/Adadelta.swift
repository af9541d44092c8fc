import CTorch
import OrderedCollections

/// Adadelta (`torch.optim.Adadelta`; Zeiler 2012, Algorithm 1).
///
/// With gradient g: g ← g + λp; v ← ρv + (1 − ρ)g²; Δ = √(u + ε)/√(v + ε)·g; u ← ρu + (1 − ρ)Δ²; p ← p − lr·Δ.
public final class Adadelta: Optimizer {
  public var learningRate: Double
  /// The decay of both averages.
  public let rho: Double
  /// What is added to denominators.
  public let epsilon: Double
  /// The weight decay; 0 is none.
  public let weightDecay: Double
  public let storage: OptimizerStorage

  /// - Throws: ``TorchError`` of kind `argument` for a negative setting or a rho above 1.
  public init(
    _ parameters: OrderedDictionary<String, Tensor>, learningRate: Double = 1, rho: Double = 0.9,
    epsilon: Double = 1e-6, weightDecay: Double = 0
  ) throws(TorchError) {
    try refuseNegative(
      "Adadelta",
      [("learningRate", learningRate), ("rho", rho), ("epsilon", epsilon), ("weightDecay", weightDecay)])
    guard rho <= 1 else {
      throw TorchError(kind: .argument, operation: "Adadelta.init", message: "rho is \(rho); it must be at most 1")
    }
    (self.learningRate, self.rho) = (learningRate, rho)
    (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
    storage = OptimizerStorage(parameters, [.init(name: "square_avg"), .init(name: "acc_delta")])
  }

  public func step() throws(TorchError) {
    let status = ct_optimizer_adadelta(
      storage.handles, storage.count, storage.slots[0], storage.slots[1], learningRate, rho, epsilon, weightDecay)
    try check(status, "Adadelta.step")
  }
}
