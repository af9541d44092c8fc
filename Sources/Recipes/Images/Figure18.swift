import Lab

/// Figure 18 (Appendix F.1): test accuracy over a grid of learning rates and weight decays, from five initialisations.
public enum Figure18: ImageRecipe {
  public struct Settings: ImageRecipeSettings {
    /// The learning rates; a run for each.
    public var learningRates: [Double]
    /// The weight decays; a run for each.
    public var weightDecays: [Double]
    /// The initialisation methods; a run for each.
    public var methods: [String]
    /// The seeds; a run for each.
    public var seeds: [Int]
    /// The network.
    public var network: ResNetSettings
    /// What is trained and tested on.
    public var data: ImageSettings
    /// What is done to training batches.
    public var augmentation: AugmentationSettings
    /// How long it is trained, and in what portions.
    public var training: ImageTrainingSettings
    /// The optimiser.
    public var optimizer: Optimizer
    /// How the learning rate goes over training.
    public var schedule: ScheduleSettings

    /// SGD, but for what the grid varies.
    public struct Optimizer: Codable, Hashable, Sendable {
      /// The momentum; 0 is none.
      public var momentum: Double
    }

    public func validate() throws(SettingError) {
      try Check.list(learningRates, "learningRates")
      try Check.list(weightDecays, "weightDecays")
      for rate in learningRates { try Check.positive(rate, "learningRates") }
      for decay in weightDecays { try Check.notNegative(decay, "weightDecays") }
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try network.validate()
      try validateTraining()
      try Check.share(optimizer.momentum, "optimizer.momentum")
    }
  }

  public static let card = RecipeCard(
    id: "figure18", title: "ResNet-32 on CIFAR-10 over learning rates and weight decays, from five initialisations",
    locus: "Figure 18", section: "Appendix F.1",
    paper: [PaperFigure(["0.1", "0.001", "idinit"], 94.08, "94.08 %")],
    claim:
      "IDInit stays accurate over the grid: at rates below 0.1 it is more accurate than Kaiming, Fixup and ReZero, and at "
      + "rates above it more than Fixup and ZerO.",
    deviations: [
      "Figure 18 did not survive in the text of the paper: the grid is not known but for its best point. Rates 1, 0.1, "
        + "0.01 and 0.001, decays 1e-2, 1e-3, 1e-4 and 1e-5.",
      "Crops and mirror images as usual.",
      "The scale small trains ResNet-20 on 10,000 images in batches of 128 for 3 epochs, at three rates and one decay.",
    ])

  static var axes: [Axis<Settings>] {
    [
      .seeds, Axis("learningRates", \.learningRates, prefix: "lr"), Axis("weightDecays", \.weightDecays, prefix: "wd"),
      .methods,
    ]
  }

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      learningRates: scale == .paper ? [1, 0.1, 0.01, 0.001] : scale == .small ? [1, 0.1, 0.01] : [0.1, 0.01],
      weightDecays: scale == .paper ? [1e-2, 1e-3, 1e-4, 1e-5] : [1e-3],
      methods: scale == .smoke
        ? ["fixup", "idinit"] : ["fixup", "rezero", "kaiming", "zero-hadamard", "idinit"],
      seeds: scale == .paper ? [0, 1, 2] : [0],
      network: .init(depth: scale == .paper ? 32 : scale == .small ? 20 : 8),
      data: .cifar10(at: scale), augmentation: .cropAndFlip,
      training: .at(scale, paper: (epochs: 200, batchSize: 1024), small: (epochs: 3, batchSize: 128)),
      optimizer: .init(momentum: 0.9), schedule: .init(shape: .cosine, every: .epoch))
  }

  static func training(_ settings: Settings) throws -> ImageTraining {
    let optimizer = SGDSettings(
      learningRate: try settings.one(\.learningRates), momentum: settings.optimizer.momentum,
      weightDecay: try settings.one(\.weightDecays))
    return try ImageTraining(settings, .resNet(settings.network), optimizer)
  }
}
