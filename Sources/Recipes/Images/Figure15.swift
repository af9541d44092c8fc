import Lab
import Torch

/// Figure 15 (Appendix C.4): the singular values of the Jacobian from the input to the last layer, and the loss, while 64
/// residual blocks are trained.
public enum Figure15: ImageRecipe {
  /// What a run of this figure is made of.
  public struct Settings: ImageRecipeSettings {
    /// The starts.
    public var methods: [String]
    /// A training for each.
    public var seeds: [Int]
    /// The 64 blocks.
    public var network: BlockNetworkSettings
    /// How the Jacobian is looked at.
    public var jacobian: Jacobian
    /// The images.
    public var data: ImageSettings
    /// What is done to them.
    public var augmentation: AugmentationSettings
    /// Epochs and batches.
    public var training: ImageTrainingSettings
    /// Adagrad.
    public var optimizer: AdagradSettings
    /// The learning rate over time.
    public var schedule: ScheduleSettings

    /// How the Jacobian is looked at.
    public struct Jacobian: Codable, Hashable, Sendable {
      /// Test images whose Jacobians are taken.
      public var images: Int
      /// Of the singular values' logarithms.
      public var histogram: LogHistogram
    }

    public func validate() throws(SettingError) {
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try network.validate()
      try Check.atLeast(1, jacobian.images, "jacobian.images", atMost: 10_000)
      try jacobian.histogram.validate("jacobian.histogram")
      try validateTraining()
      try optimizer.validate()
    }
  }

  public static let card = RecipeCard(
    id: "figure15", title: "The input-output Jacobian's singular values and the loss while 64 blocks are trained",
    locus: "Figure 15", section: "Appendix C.4",
    paper: [PaperFigure(["kaiming"], 2000, "χ > 2000"), PaperFigure(["idinit"], 1, "χ about 1")],
    claim:
      "From IDInit the mean squared singular value χ of the input-output Jacobian starts about 1 and stays below that "
      + "of the default, which exceeds 2000; and the loss falls faster.",
    deviations: [
      "Figure 15 did not survive in the text of the paper: its histograms, epochs and losses are not known in numbers. Ten "
        + "epochs.",
      "The paper does not say where the Jacobian ends. What the last layer gets: IDInit starts that layer at 1e-6, so that "
        + "the Jacobian of the logits could not have χ about 1.",
      "The paper's \"Default\" is Kaiming (\"the difference between IDInit and Kaiming\"). Kaiming on both weights of each "
        + "of 64 blocks without normalisation makes χ of some 1e23, not some 2000; --method pytorch or xavier try other "
        + "readings.",
      "The paper does not give the blocks' width: 240, as in Figure 2, between a linear layer from the 3,072 pixels and one "
        + "to the ten classes. No augmentation is named: none.",
      "Jacobians are of single test images, whole. Histograms are of natural logarithms; a singular value of 0, of which a "
        + "ReLU network has many, is in the first bin.",
      "The scale small trains on 10,000 images for 3 epochs.",
    ])

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      methods: ["kaiming", "idinit"], seeds: scale == .smoke ? [0] : [0, 1, 2, 3, 4], network: .at(scale),
      jacobian: .init(
        images: scale == .paper ? 16 : scale == .small ? 4 : 2, histogram: .init(lowest: -12, highest: 40, bins: 104)),
      data: .cifar10(at: scale), augmentation: .none,
      training: scale == .smoke
        ? .init(epochs: 1, batchSize: 20, target: 0.3)
        : .init(epochs: scale == .paper ? 10 : 3, batchSize: 100, target: 0.3),
      optimizer: .init(learningRate: 0.01, weightDecay: 0), schedule: .init(shape: .constant, every: .epoch))
  }

  static func training(_ settings: Settings) throws -> ImageTraining {
    let seed = UInt64(try settings.one(\.seeds))
    var training = try ImageTraining(
      settings,
      .blocks(width: settings.network.width, hidden: settings.network.width, depth: settings.network.blocks),
      settings.optimizer)
    training.observer = { _, images in
      let x_NCHW = try images(settings.jacobian.images)
      let probe = JacobianProbe(examples: settings.jacobian.images, largest: .max)
      return { _, network in
        try row(probe.spectra(of: network, x_NCHW, seed: seed), settings.jacobian.histogram)
      }
    }
    training.summary = { rows in
      let chi = rows.compactMap { $0.number("chi") }
      var results: Row = ["chiAtStart": rows.first?["chi"] ?? .null, "chi": rows.last?["chi"] ?? .null]
      // A Jacobian that is not finite is larger than any.
      results["chiLargest"] = .double(chi.contains(where: \.isNaN) ? .infinity : chi.max() ?? .nan)
      results["chiByEpoch"] = .array(chi.map(JSONValue.double))
      results["trainLossByEpoch"] = .array(rows.compactMap { $0["trainLoss"] })
      return results
    }
    return training
  }

  /// The cells of an epoch: χ, the mean over images; the singular values' largest and median; and their histogram.
  static func row(_ spectra: [JacobianProbe.Spectrum], _ histogram: LogHistogram) -> Row {
    let all = spectra.flatMap(\.values)
    let values = all.filter { !$0.isNaN }.sorted()
    let hasNaN = values.count < all.count
    return [
      "chi": .double(spectra.reduce(0) { $0 + $1.meanSquare } / Double(max(1, spectra.count))),
      "largestSingularValue": .double(hasNaN ? .nan : values.last ?? .nan),
      "medianSingularValue": .double(hasNaN || values.isEmpty ? .nan : values[values.count / 2]),
      "logSingularValues": .array(histogram.counts(values).map(JSONValue.int)),
    ]
  }
}
