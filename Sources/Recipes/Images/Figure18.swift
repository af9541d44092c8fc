import Lab

/// Figure 18 (Appendix F.1): test accuracy over a grid of learning rates and weight decays, from five initialisations.
public enum Figure18: Recipe {
  public struct Settings: RecipeSettings {
    public var learningRates: [Double]
    public var weightDecays: [Double]
    public var methods: [String]
    public var seeds: [Int]
    public var network: Table2Settings.Network
    public var data: ImageSettings
    public var augmentation: AugmentationSettings
    public var training: ImageTrainingSettings
    public var optimizer: Optimizer
    public var schedule: ScheduleSettings

    /// SGD, but for what the grid varies.
    public struct Optimizer: Codable, Hashable, Sendable {
      public var momentum: Double
    }

    public func validate() throws(SettingError) {
      try Check.list(learningRates, "learningRates")
      try Check.list(weightDecays, "weightDecays")
      for rate in learningRates { try Check.positive(rate, "learningRates") }
      for decay in weightDecays { try Check.notNegative(decay, "weightDecays") }
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try ResidualMethod.validate(depth: network.depth)
      try data.validate()
      try augmentation.validate()
      try training.validate()
      try Check.share(optimizer.momentum, "optimizer.momentum")
      try schedule.validate()
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

  public static let needs: Set<Need> = [.data, .engine, .checkpoints]
  public static let ofRuns = ["learningRates", "weightDecays", "methods", "seeds"]

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      learningRates: scale == .paper ? [1, 0.1, 0.01, 0.001] : scale == .small ? [1, 0.1, 0.01] : [0.1, 0.01],
      weightDecays: scale == .paper ? [1e-2, 1e-3, 1e-4, 1e-5] : [1e-3],
      methods: scale == .smoke
        ? ["fixup", "idinit"] : ["fixup", "rezero", "kaiming", "zero-hadamard", "idinit"],
      seeds: scale == .paper ? [0, 1, 2] : [0],
      network: .init(depth: scale == .paper ? 32 : scale == .small ? 20 : 8),
      data: .cifar10(at: scale), augmentation: .cropAndFlip,
      training: scale == .paper
        ? .init(epochs: 200, batchSize: 1024, target: 0.8)
        : .init(epochs: scale == .small ? 3 : 1, batchSize: scale == .small ? 128 : 20, target: 0.4),
      optimizer: .init(momentum: 0.9), schedule: .init(shape: .cosine, every: .epoch))
  }

  public static func runs(_ settings: Settings) throws -> [PlannedRun] {
    try ImageTraining.check(settings.methods) {
      try ResidualMethod.network($0, depth: 8, normalised: true, images: (3, 10), device: .cpu)
    }
    var runs: [PlannedRun] = []
    for seed in settings.seeds {
      for rate in settings.learningRates {
        for decay in settings.weightDecays {
          for method in settings.methods {
            var own = settings
            own.learningRates = [rate]
            own.weightDecays = [decay]
            own.methods = [method]
            own.seeds = [seed]
            runs.append(planned(own, rate: rate, decay: decay, method: method, seed: seed))
          }
        }
      }
    }
    return runs
  }

  private static func planned(
    _ settings: Settings, rate: Double, decay: Double, method: String, seed: Int
  ) -> PlannedRun {
    PlannedRun(
      name: "lr\(JSONValue.text(rate))-wd\(JSONValue.text(decay))-\(method)-seed\(seed)",
      labels: [
        "learningRate": .double(rate), "weightDecay": .double(decay), "method": .string(method), "seed": .int(seed),
      ], settings: SettingsTree.tree(of: settings)
    ) { context in
      let training = ImageTraining(
        data: settings.data, augmentation: settings.augmentation, training: settings.training,
        optimizer: .sgd(.init(learningRate: rate, momentum: settings.optimizer.momentum, weightDecay: decay)),
        schedule: settings.schedule)
      return try training.run(method, seed: seed, in: context) { images in
        try ResidualMethod.network(
          method, depth: settings.network.depth, normalised: true, images: images, device: context.device)
      }
    }
  }
}
