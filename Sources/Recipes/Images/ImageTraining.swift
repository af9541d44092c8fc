import Datasets
import Foundation
import IDInit
import Lab
import Networks
import OrderedCollections
import Torch

/// One training of an image classifier: what the recipes on CIFAR-10 have in common.
struct ImageTraining {
  enum OptimizerChoice {
    case sgd(SGDSettings)
    case adam(AdamSettings)

    var learningRate: Double {
      switch self {
      case .sgd(let settings): settings.learningRate
      case .adam(let settings): settings.learningRate
      }
    }

    func make(_ parameters: OrderedDictionary<String, Tensor>) throws(TorchError) -> any Torch.Optimizer {
      switch self {
      case .sgd(let settings):
        try SGD(
          parameters, learningRate: settings.learningRate, momentum: settings.momentum,
          weightDecay: settings.weightDecay, nesterov: settings.nesterov)
      case .adam(let settings):
        try Adam(
          parameters, learningRate: settings.learningRate, beta1: settings.beta1, beta2: settings.beta2,
          weightDecay: settings.weightDecay)
      }
    }
  }

  var data: ImageSettings
  var augmentation: AugmentationSettings
  var training: ImageTrainingSettings
  var optimizer: OptimizerChoice
  var schedule: ScheduleSettings
  /// Epochs in which the rate rises from 0.
  var warmup = 0
  /// What is known better than the scheme does.
  var overrides: [PlanOverride] = []

  /// The share of the learning rate at which Fixup's scalars are trained (Zhang et al. 2019; their code).
  static let fixupScalarRate = 0.1

  /// What looks at a network after every epoch; its cells go into the epoch's row.
  typealias Observer = (_ epoch: Int, _ network: any Module) throws -> Row

  /// Trains.
  ///
  /// - Parameters:
  ///   - method: The scheme's name.
  ///   - seed: Of weights, order and augmentation.
  ///   - context: The run that this is.
  ///   - observer: Made from the network as it is before the first step.
  ///   - makeNetwork: The network for images of so many channels and classes.
  /// - Returns: How it ended.
  /// - Throws: `LabError`, `PlanError`: data is missing, the scheme cannot serve the network, or the run is stopped.
  func run(
    _ method: String, seed: Int, in context: RunContext, observer: (any Module) throws -> Observer? = { _ in nil },
    makeNetwork: (_ images: (channels: Int, classes: Int)) throws -> any Module
  ) throws -> RunOutcome {
    let (train, test) = try data.images(of: try context.dataset(data.name.rawValue))
    let network = try makeNetwork((train.channels, train.classCount))
    try TrainingGrid.initialise(
      network, method: method, seed: UInt64(seed), example: [1, train.channels, train.height, train.width],
      overrides: overrides, in: context)
    var settings = Trainer.Settings(epochs: training.epochs, batchSize: training.batchSize, seed: UInt64(seed))
    settings.augmentation = augmentation.augmentation
    settings.labelSmoothing = augmentation.labelSmoothing
    settings.averageDecay = training.averageDecay
    settings.targets = [training.target]
    let base = optimizer.learningRate
    let trainer = Trainer(
      network, groups: try groups(network, method: method), train: train, test: test,
      normalization: data.normalization, settings: settings, context: context, observe: try observer(network)
    ) { epoch, fraction in
      schedule.factor(epoch: epoch, fraction: fraction, epochs: training.epochs, warmup: warmup) * base
    }
    return try trainer.run()
  }

  private func groups(_ network: any Module, method: String) throws -> [OptimizerGroup] {
    let parameters = network.parameters
    guard method == ResidualStyle.fixup.rawValue else {
      return [OptimizerGroup(optimizer: try optimizer.make(parameters), rateFactor: 1)]
    }
    return [
      OptimizerGroup(
        optimizer: try optimizer.make(parameters.filter { !ResidualMethod.isScalar($0.key) }), rateFactor: 1),
      OptimizerGroup(
        optimizer: try optimizer.make(parameters.filter { ResidualMethod.isScalar($0.key) }),
        rateFactor: Self.fixupScalarRate),
    ]
  }

  /// Checks that the schemes of `methods` can serve a network, before anything is trained.
  ///
  /// - Parameters:
  ///   - methods: Names of schemes.
  ///   - overrides: What is known better than they do.
  ///   - makeNetwork: The network for a method.
  /// - Throws: `PlanError` of the first scheme that cannot.
  static func check(
    _ methods: [String], overrides: [PlanOverride] = [], _ makeNetwork: (_ method: String) throws -> any Module
  ) throws {
    for method in methods {
      let scheme = try Schemes.scheme(named: method)
      var plan = try makeNetwork(method).plan(scheme, example: try Tensor.zeros([1, 3, 32, 32]))
      try plan.apply(overrides)
    }
  }
}
