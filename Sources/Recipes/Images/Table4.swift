import Lab

/// Table 4 (Section 4.4, Appendix B.3): what IDIC and IDIZC each add, on ResNet-20 with mixup.
public enum Table4: ImageRecipe {
  public struct Settings: ImageRecipeSettings {
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
    public var optimizer: SGDSettings
    /// How the learning rate goes over training.
    public var schedule: ScheduleSettings

    public func validate() throws(SettingError) {
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try network.validate()
      try validateTraining()
      try optimizer.validate()
    }
  }

  /// The paper's four, by their numbers, and the same with the other order of columns.
  static let settingsOfPaper: KeyValuePairs<String, String> = [
    "idinit-centre-tap-zero": "(i) neither", "idinit-centre-tap": "(ii) IDIZC alone",
    "idinit-zero": "(iii) IDIC alone", "idinit": "(iv) both",
    "idinit-window-first-zero": "(iii) window-first", "idinit-window-first": "(iv) window-first",
  ]

  public static let card = RecipeCard(
    id: "table4", title: "ResNet-20 on CIFAR-10 with and without IDIC and IDIZC", locus: "Table 4",
    section: "Section 4.4",
    paper: [
      PaperFigure(["idinit-centre-tap-zero"], 87.01, "87.01 %"),
      PaperFigure(["idinit-centre-tap"], 92.90, "92.90 % (+5.89)"),
      PaperFigure(["idinit-zero"], 90.43, "90.43 % (+3.42)"),
    ],
    claim: "IDIC and IDIZC each make IDInit more accurate, IDIZC more than IDIC, and both together are best.",
    deviations: [
      "Table 4 did not survive in the text of the paper; its figures are those that Section 4.4 names, \"nearly\", and "
        + "(iv), the best, is not known.",
      "The paper gives no batch size: 128, and no α for mixup: 1, its authors' default. Crops and mirror images as usual.",
      "The paper leaves the order of IDIC's columns open: channel-first, and window-first as rows of their own.",
      "The scale small trains on 10,000 images for 8 epochs.",
    ])

  public static func settings(at scale: Scale) -> Settings {
    var augmentation = AugmentationSettings.cropAndFlip
    augmentation.mixup = 1
    return Settings(
      methods: settingsOfPaper.map(\.key), seeds: scale == .paper ? [0, 1, 2] : [0],
      network: .init(depth: scale == .smoke ? 8 : 20), data: .cifar10(at: scale), augmentation: augmentation,
      training: .at(scale, paper: (epochs: 200, batchSize: 128), small: (epochs: 8, batchSize: 128)),
      optimizer: .init(learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4),
      schedule: .init(shape: .cosine, every: .epoch))
  }

  static func training(_ settings: Settings) throws -> ImageTraining {
    try ImageTraining(settings, .resNet(settings.network), settings.optimizer)
  }
}
