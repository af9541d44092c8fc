import Lab

/// Figure 7 (Section 4.1, Appendix B.1): a convolutional network without residual connections or normalisation, by epochs
/// of warm-up.
public enum Figure7: ImageRecipe {
  public struct Settings: ImageRecipeSettings {
    /// Epochs of warm-up, each an experiment of its own.
    public var warmups: [Int]
    /// The initialisation methods; a run for each.
    public var methods: [String]
    /// The seeds; a run for each.
    public var seeds: [Int]
    /// What is trained and tested on.
    public var data: ImageSettings
    /// What is done to training batches.
    public var augmentation: AugmentationSettings
    /// How long it is trained, and in what portions.
    public var training: ImageTrainingSettings
    /// The optimiser.
    public var optimizer: SGDSettings
    /// How the learning rate goes over training.
    public var schedule: ScheduleSettings

    public func validate() throws(SettingError) {
      try Check.list(warmups, "warmups")
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try validateTraining()
      try optimizer.validate()
      for warmup in warmups { try Check.atLeast(0, warmup, "warmups", atMost: training.epochs) }
      if schedule.every == .epoch, let warmup = warmups.first(where: { $0 > 0 }) {
        throw SettingError(
          "schedule.every", found: "epoch",
          expected: "step where there is a warm-up (\(warmup) epochs), whose first epoch would else have the rate 0")
      }
    }
  }

  public static let card = RecipeCard(
    id: "figure7",
    title: "All-Conv on CIFAR-10, without and with warm-up, from Kaiming, IDInit and IDInit without IDIC",
    locus: "Figure 7", section: "Section 4.1", paper: [],
    claim: "Without warm-up only IDInit trains; Kaiming, and IDInit without IDIC, fail. With warm-up IDInit stays the "
      + "most accurate.",
    deviations: [
      "Figure 7 did not survive in the text of the paper: its curves are not known in numbers.",
      "The widths of Table 6 did not survive: those of All-CNN-C (Springenberg et al. 2015), without its dropout, which "
        + "the paper does not name, with its seventh layer padded and no ReLU after the last.",
      "The paper gives no batch size: 128. Crops and mirror images as usual. The rate is set by step.",
      "The paper leaves the order of IDIC's columns open: channel-first, and window-first as a row of its own.",
      "The scale small trains on 10,000 images for 4 epochs and warms up for 1.",
    ])

  static var axes: [Axis<Settings>] { [.seeds, Axis("warmups", \.warmups, prefix: "warmup"), .methods] }

  public static func settings(at scale: Scale) -> Settings {
    var data = ImageSettings.cifar10(at: scale)
    if scale == .smoke { (data.trainCount, data.testCount) = (16, 10) }  // a wide network: a step takes long
    return Settings(
      warmups: scale == .paper ? [0, 10, 20, 30, 40, 50, 60] : [0, 1],
      methods: scale == .smoke
        ? ["kaiming", "idinit"] : ["kaiming", "idinit-centre-tap", "idinit", "idinit-window-first"], seeds: [0],
      data: data, augmentation: .cropAndFlip,
      training: scale == .paper
        ? .init(epochs: 300, batchSize: 128, target: 0.8)
        : .init(epochs: scale == .small ? 4 : 1, batchSize: scale == .small ? 128 : 8, target: 0.2),
      optimizer: .init(learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4),
      schedule: .init(shape: .cosine, every: .step))
  }

  static func training(_ settings: Settings) throws -> ImageTraining {
    var training = try ImageTraining(settings, .allConv, settings.optimizer)
    training.warmup = try settings.one(\.warmups)
    return training
  }
}
