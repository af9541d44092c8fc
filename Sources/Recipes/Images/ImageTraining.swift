import Datasets
import IDInit
import Lab
import Networks
import Torch

/// One training of an image classifier: what the recipes on CIFAR-10 have in common.
struct ImageTraining {
  /// Which network is initialised, and how.
  struct Start: Hashable {
    /// The scheme's name.
    var method: String
    var network: ImageNetwork
    /// What is known better than the scheme does.
    var overrides: [PlanOverride] = []

    /// Checks that the scheme can serve the network, with as few layers as it can have.
    /// - Throws: `PlanError` where it cannot, or an override fits no parameter.
    func check() throws {
      let network = try network.smallest.make(method, images: (3, 10), device: .cpu)
      var plan = try network.plan(try Schemes.scheme(named: method), example: try Tensor.zeros([1, 3, 32, 32]))
      try plan.apply(overrides)
    }
  }

  private let settings: any ImageRecipeSettings
  /// Of weights, order and augmentation.
  private let seed: UInt64
  private let optimizer: any OptimizerSettings
  var start: Start
  /// Epochs in which the rate rises from 0.
  var warmup = 0
  /// Makes what looks at the network after every epoch from the network as it is before the first step, and from the
  /// test images if it wants any: the first so many, [N, C, H, W] as the network takes them.
  var observer: (_ network: any Module, _ images: (_ count: Int) throws -> Tensor) throws -> Trainer.Observer? =
    { _, _ in nil }
  /// What a run's metrics add to its results.
  var summary: (([Row]) -> Row)?

  /// The share of the learning rate at which Fixup's scalars are trained (Zhang et al. 2019; their code).
  static let fixupScalarRate = 0.1

  /// These scalars: all that are, and the classifier's bias, as its authors' code finds them, by name (`cifar_train.py`).
  static func isFixupScalar(_ name: String) -> Bool { name.contains("bias") || name.contains("scale") }

  /// The training of the run that `settings` are narrowed to.
  init(
    _ settings: some ImageRecipeSettings, _ network: ImageNetwork, _ optimizer: any OptimizerSettings
  ) throws(SettingError) {
    self.settings = settings
    self.optimizer = optimizer
    seed = UInt64(try settings.one(\.seeds))
    start = Start(method: try settings.one(\.methods), network: network)
  }

  /// Trains.
  ///
  /// - Parameter context: The run that this is.
  /// - Returns: How it ended.
  /// - Throws: `LabError`, `PlanError`: data is missing, the scheme cannot serve the network, or the run is stopped.
  func run(in context: RunContext) throws -> RunOutcome {
    let (augmentation, training, schedule) = (settings.augmentation, settings.training, settings.schedule)
    let (train, test) = try settings.data.images(of: try context.dataset(settings.data.name.rawValue))
    let network = try start.network.make(
      start.method, images: (train.channels, train.classCount), device: context.device)
    try context.initialise(
      network, method: start.method, seed: seed, example: [1, train.channels, train.height, train.width],
      overrides: start.overrides)
    var portions = ImageClassification.Options(batchSize: training.batchSize, seed: seed)
    portions.augmentation = augmentation.augmentation
    portions.labelSmoothing = augmentation.labelSmoothing
    let task = try ImageClassification(
      train: train, test: test, normalization: settings.data.normalization, options: portions, device: context.device)
    var options = Trainer.Settings(epochs: training.epochs)
    options.averageDecay = training.averageDecay
    options.targets = [training.target]
    let trainer = Trainer(
      network, groups: try groups(network), task: task, settings: options, context: context,
      observe: try observer(network) { try firstImages(of: test, count: $0, device: context.device) }
    ) { epoch, fraction in
      schedule.factor(epoch: epoch, fraction: fraction, epochs: training.epochs, warmup: warmup)
        * optimizer.learningRate
    }
    var outcome = try trainer.run()
    if let summary { outcome.results = outcome.results.appending(summary(try context.record.metrics.rows())) }
    return outcome
  }

  private func firstImages(of test: LabeledImages, count: Int, device: Device) throws -> Tensor {
    guard count <= test.count else {
      throw LabError(
        .configuration,
        "\(count) test images are to be looked at, and \(test.name) has \(test.count); expected no more than there are")
    }
    let part = try test.selecting(Array(0..<count), name: test.name)
    let loader = try BatchLoader(
      part, normalization: settings.data.normalization, batchSize: part.count, order: .inOrder, device: device)
    let batches = loader.batches()
    defer { batches.stop() }
    guard let batch = try batches.next() else {
      throw LabError(.data, "\(test.name) has no images; expected one or more")
    }
    return try batch.x_NCHW.cloned()
  }

  private func groups(_ network: any Module) throws -> [OptimizerGroup] {
    let parameters = network.parameters
    guard start.method == ResidualStyle.fixup.rawValue else {
      return [OptimizerGroup(optimizer: try optimizer.make(parameters))]
    }
    return [
      OptimizerGroup(optimizer: try optimizer.make(parameters.filter { !Self.isFixupScalar($0.key) })),
      OptimizerGroup(
        optimizer: try optimizer.make(parameters.filter { Self.isFixupScalar($0.key) }),
        rateFactor: Self.fixupScalarRate),
    ]
  }
}
