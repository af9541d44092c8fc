import Foundation
import IDInit
import Lab
import Networks
import Torch

extension RunContext {
  /// Plans the network from its own forward pass, fills the parameters by the plan, and writes `plan.json`.
  func initialise(
    _ network: any Module, method: String, seed: UInt64, example: [Int], overrides: [PlanOverride] = []
  ) throws {
    try note(
      try network.start(
        from: method, seed: seed, example: try Tensor.zeros(example, device: device), overrides: overrides))
  }

  /// Fills the network's parameters by the plan, and writes `plan.json`.
  func initialise(_ network: any Module, by plan: InitializationPlan) throws {
    try network.initialize(by: plan, threads: Runtime.threadCount)
    try note(plan)
  }

  private func note(_ plan: InitializationPlan) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try record.write(try encoder.encode(plan), as: "plan.json")
  }
}

extension Module {
  /// Plans this network from its own forward pass, and fills its parameters by the plan.
  ///
  /// - Returns: The plan.
  /// - Throws: `UnknownName` for a scheme that there is not, `PlanError` where it cannot serve the network or an override
  ///   fits no parameter.
  func start(
    from method: String, seed: UInt64, example: Tensor, overrides: [PlanOverride] = []
  ) throws -> InitializationPlan {
    var plan = try plan(Schemes.scheme(named: method), example: example, seed: seed)
    try plan.apply(overrides)
    try initialize(by: plan, threads: Runtime.threadCount)
    return plan
  }
}
