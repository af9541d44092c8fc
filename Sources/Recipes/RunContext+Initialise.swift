import Foundation
import IDInit
import Lab
import Torch

extension RunContext {
  /// Plans the network from its own forward pass, writes `plan.json`, and fills the parameters by the plan.
  func initialise(
    _ network: any Module, method: String, seed: UInt64, example: [Int], overrides: [PlanOverride] = []
  ) throws {
    let scheme = try Schemes.scheme(named: method)
    var plan = try network.plan(scheme, example: try Tensor.zeros(example, device: device), seed: seed)
    try plan.apply(overrides)
    try initialise(network, by: plan)
  }

  /// Writes `plan.json` and fills the network's parameters by the plan.
  func initialise(_ network: any Module, by plan: InitializationPlan) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try record.write(try encoder.encode(plan), as: "plan.json")
    try network.initialize(by: plan, threads: Runtime.threadCount)
  }
}
