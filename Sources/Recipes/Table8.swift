import IDInit
import Lab
import Networks
import Torch

/// Table 8 (Appendix C.1): Linear-5 on MNIST from the default initialisation and from IDInit, tanh and ReLU.
public enum Table8: GridRecipe {
  public struct Settings: RecipeSettings {
    /// What acts between layers.
    public enum Variant: String, SettingChoice {
      /// max(0, x), or the hyperbolic tangent.
      case relu, tanh
    }

    /// The variants; a run for each.
    public var variants: [Variant]
    /// The initialisation methods; a run for each.
    public var methods: [String]
    /// The seeds; a run for each.
    public var seeds: [Int]
    /// The network.
    public var network: Network
    /// What is trained and tested on.
    public var data: DataSettings
    /// How long it is trained, and in what portions.
    public var training: TrainingSettings
    /// The optimiser.
    public var optimizer: SGDSettings
    /// How the learning rate goes over training.
    public var schedule: ScheduleSettings

    /// 784 inputs, `hiddenLayers` of `hiddenWidth`, 10 outputs.
    public struct Network: Codable, Hashable, Sendable {
      /// The width of every hidden layer.
      public var hiddenWidth: Int
      /// How many hidden layers.
      public var hiddenLayers: Int
    }

    public func validate() throws(SettingError) {
      try Check.list(variants, "variants")
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try Check.atLeast(1, network.hiddenWidth, "network.hiddenWidth", atMost: 1 << 16)
      try Check.atLeast(1, network.hiddenLayers, "network.hiddenLayers", atMost: 1000)
      let weights = network.hiddenWidth * network.hiddenWidth * network.hiddenLayers
      guard weights <= 1 << 30 else {
        throw SettingError(
          "network.hiddenWidth", found: "\(network.hiddenWidth)",
          expected:
            "at most 2^30 weights in all hidden layers; with network.hiddenLayers \(network.hiddenLayers) these "
            + "are \(weights)")
      }
      try data.validate()
      try training.validate()
      try optimizer.validate()
    }
  }

  public static let card = RecipeCard(
    id: "table8", title: "Linear-5 on MNIST, tanh and ReLU, from the default initialisation and from IDInit",
    locus: "Table 8", section: "Appendix C.1",
    paper: [
      PaperFigure(["tanh", "default"], 98.26, "98.26 %"), PaperFigure(["tanh", "idinit"], 98.32, "98.32 %"),
      PaperFigure(["relu", "default"], 98.21, "98.21 %"), PaperFigure(["relu", "idinit"], 98.40, "98.40 %"),
    ],
    claim: "From IDInit, Linear-5 reaches a higher test accuracy than from the default (Xavier for tanh, Kaiming for "
      + "ReLU), with tanh and with ReLU.",
    deviations: [
      "The paper gives no batch size: 128.",
      "The paper does not say how pixels are normalised: mean 0.1307, std 0.3081, MNIST's own.",
      "The paper does not say whether its cosine is set by epoch or by step, nor which epoch it reports: by epoch, as "
        + "torch.optim.lr_scheduler.CosineAnnealingLR is mostly used, and the last epoch.",
      "The paper does not say which distribution, fan and gain its Xavier and Kaiming have: those of the schemes `xavier` "
        + "(uniform, gain 1) and `kaiming` (normal, fan_in, gain √2).",
      "The scale small trains on 4,000 of MNIST's images and tests on 1,000, for machines that have no more at hand.",
    ])

  static var axes: [Axis<Settings>] {
    [Axis("variants", \.variants), Axis("seeds", \.seeds, prefix: "seed"), Axis("methods", \.methods)]
  }

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      variants: [.tanh, .relu], methods: ["default", "idinit"],
      seeds: scale == .paper ? [0, 1, 2] : [0],
      network: .init(hiddenWidth: scale == .smoke ? 64 : 512, hiddenLayers: 4),
      data: .digits(scale == .paper ? .mnist : scale == .small ? .digits5000 : .synthetic),
      training: .init(epochs: scale == .smoke ? 3 : 30, batchSize: 128),
      optimizer: .init(learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4),
      schedule: .init(shape: .cosine, every: .epoch))
  }

  static func train(_ settings: Settings, in context: RunContext) throws -> RunOutcome {
    let (optimizer, schedule, epochs) = (settings.optimizer, settings.schedule, settings.training.epochs)
    let seed = UInt64(try settings.one(\.seeds))
    let dataset = try context.dataset(settings.data.name.rawValue)
    let shape = [dataset.train.channels, dataset.train.height, dataset.train.width]
    let network = try network(settings, for: dataset.train, try settings.one(\.variants), device: context.device)
    try context.initialise(network, method: try settings.one(\.methods), seed: seed, example: [1] + shape)
    var options = Trainer.Settings(epochs: epochs)
    options.targets = [0.9, 0.95]
    let task = try ImageClassification(
      train: dataset.train, test: dataset.test,
      normalization: settings.data.normalization(channels: dataset.train.channels),
      options: .init(batchSize: settings.training.batchSize, seed: seed), device: context.device)
    return try Trainer(
      network, groups: [OptimizerGroup(optimizer: try optimizer.make(network.parameters))], task: task,
      settings: options, context: context
    ) { epoch, fraction in
      schedule.factor(epoch: epoch, fraction: fraction, epochs: epochs) * optimizer.learningRate
    }.run()
  }
}
