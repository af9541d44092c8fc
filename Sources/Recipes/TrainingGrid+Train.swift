import Foundation
import IDInit
import Lab
import Networks
import Torch

extension TrainingGrid {
  /// Trains one point of a grid: data, network, plan, optimiser, training. `makeNetwork` makes the network for images
  /// of channels × height × width in so many classes.
  static func train(
    _ point: Point, data: DataSettings, training: TrainingSettings, optimizer: SGDSettings, schedule: ScheduleSettings,
    in context: RunContext, makeNetwork: (_ shape: [Int], _ classes: Int) throws -> any Module
  ) throws -> RunOutcome {
    let dataset = try context.dataset(data.name.rawValue)
    let shape = [dataset.train.channels, dataset.train.height, dataset.train.width]
    let network = try makeNetwork(shape, dataset.train.classCount)
    try initialise(network, method: point.method, seed: UInt64(point.seed), example: [1] + shape, in: context)
    let sgd = try SGD(
      network.parameters, learningRate: optimizer.learningRate, momentum: optimizer.momentum,
      weightDecay: optimizer.weightDecay, nesterov: optimizer.nesterov)
    let rate = optimizer.learningRate
    var settings = Trainer.Settings(
      epochs: training.epochs, batchSize: training.batchSize, seed: UInt64(point.seed))
    settings.targets = [0.9, 0.95]
    let trainer = Trainer(
      network, groups: [OptimizerGroup(optimizer: sgd)], train: dataset.train, test: dataset.test,
      normalization: data.normalization(channels: dataset.train.channels), settings: settings, context: context
    ) { epoch, fraction in
      schedule.factor(epoch: epoch, fraction: fraction, epochs: training.epochs) * rate
    }
    return try trainer.run()
  }

  /// Plans the network from its own forward pass, writes `plan.json`, and fills the parameters by the plan.
  static func initialise(
    _ network: any Module, method: String, seed: UInt64, example: [Int], overrides: [PlanOverride] = [],
    in context: RunContext
  ) throws {
    let scheme = try Schemes.scheme(named: method)
    var plan = try network.plan(scheme, example: try Tensor.zeros(example, device: context.device), seed: seed)
    try plan.apply(overrides)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try context.record.write(try encoder.encode(plan), as: "plan.json")
    try network.initialize(by: plan, threads: Runtime.threadCount)
  }
}

extension ScheduleSettings {
  /// The share of the base rate after `epoch` whole epochs and a part of the next, of `epochs` with so many to warm up.
  func factor(epoch: Int, fraction: Double, epochs: Int, warmup: Int = 0) -> Double {
    let schedule: LearningRateSchedule =
      switch shape {
      case .constant: warmup > 0 ? .linear(start: 0, total: warmup) : .constant
      case .cosine: .warmupCosine(warmup: warmup, total: epochs)
      }
    return schedule.rate(at: every == .epoch ? Double(epoch) : Double(epoch) + fraction, base: 1)
  }
}
