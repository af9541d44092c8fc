import Lab
import Torch

/// Figure 16 (Appendix C.5): a residual network whose one stem has 109 layers, without normalisation.
public enum Figure16: ImageRecipe {
  public struct Settings: ImageRecipeSettings {
    /// The starts.
    public var methods: [String]
    /// A run for each.
    public var seeds: [Int]
    /// The network's sizes.
    public var network: Network
    /// Test images on which the sizes of signals are measured.
    public var signalImages: Int
    /// The images.
    public var data: ImageSettings
    /// What is done to the images.
    public var augmentation: AugmentationSettings
    /// Epochs and batches.
    public var training: ImageTrainingSettings
    /// The optimiser's numbers.
    public var optimizer: SGDSettings
    /// The learning rate over time.
    public var schedule: ScheduleSettings

    /// The network's sizes.
    public struct Network: Codable, Hashable, Sendable {
      /// Convolutions of the stem.
      public var stemDepth: Int
    }

    public func validate() throws(SettingError) {
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try Check.atLeast(1, network.stemDepth, "network.stemDepth", atMost: 1000)
      try Check.atLeast(1, signalImages, "signalImages", atMost: 10_000)
      try validateTraining()
      try optimizer.validate()
    }
  }

  public static let card = RecipeCard(
    id: "figure16", title: "Res-112, with 109 layers in its residual stem and no normalisation, on CIFAR-10",
    locus: "Figure 16", section: "Appendix C.5", paper: [],
    claim:
      "By the fourth epoch Kaiming and Fixup fail to train, since the standard deviations of their outputs explode; "
      + "IDInit trains, and its outputs' standard deviation becomes stable.",
    deviations: [
      "Figure 16 and Table 9 did not survive in the text of the paper: accuracies, further starts and widths are not known. "
        + "16 channels everywhere, half the resolution before the stem, a ReLU after every convolution.",
      "Fixup's network has a scalar bias before each layer and a scalar multiplier on the stem; this one has none, so it is "
        + "Fixup's weights alone (fixup-weights). With one residual block its depth scaling is 1.",
      "The paper does not say which outputs: the logits; what the last layer gets is recorded beside them.",
      "The paper names no momentum and no augmentation: 0.9, crops and mirror images.",
      "A training whose loss is no longer finite ends there, and counts as exploded.",
      "The scale small trains on 10,000 images in batches of 128 for 4 epochs.",
    ])

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      methods: ["kaiming", "fixup-weights", "idinit"], seeds: scale == .paper ? [0, 1] : [0],
      network: .init(stemDepth: scale == .smoke ? 5 : 109), signalImages: scale == .smoke ? 10 : 100,
      data: .cifar10(at: scale), augmentation: .cropAndFlip,
      training: scale == .smoke
        ? .init(epochs: 1, batchSize: 20, target: 0.3)
        : .init(epochs: scale == .paper ? 35 : 4, batchSize: scale == .paper ? 768 : 128, target: 0.3),
      optimizer: .init(learningRate: 0.2, momentum: 0.9, weightDecay: 1e-8),
      schedule: .init(shape: .cosine, every: .epoch))
  }

  /// The epoch by which the paper's others have failed.
  static let failing = 4

  static func training(_ settings: Settings) throws -> ImageTraining {
    var training = try ImageTraining(settings, .longStem(depth: settings.network.stemDepth), settings.optimizer)
    training.observer = { _, images in
      let x_NCHW = try images(settings.signalImages)
      return { _, network in try row(LayerSignal.passage(of: network, x_NCHW)) }
    }
    training.summary = { rows in
      var results: Row = ["inputStd": rows.first?["inputStd"] ?? .null]
      let outputs = rows.compactMap { $0.number("outputStd") }
      results["outputStdAtStart"] = rows.first?["outputStd"] ?? .null
      results["outputStdLargest"] = .double(outputs.contains(where: \.isNaN) ? .infinity : outputs.max() ?? .nan)
      results["outputStd"] = rows.last?["outputStd"] ?? .null
      results["outputStdByEpoch"] = .array(outputs.map(JSONValue.double))
      results["testAccuracyByEpoch"] = .array(rows.compactMap { $0["testAccuracy"] })
      return results
    }
    return training
  }

  /// The cells of an epoch: standard deviations of what the network gets, of what its last layer gets, and of its logits.
  static func row(_ signals: [LayerSignal]) -> Row {
    [
      "inputStd": .double(signals.first?.std ?? .nan), "featureStd": .double(signals.dropLast().last?.std ?? .nan),
      "outputStd": .double(signals.last?.std ?? .nan),
    ]
  }
}
