import Lab

/// Figure 9 (Section 4.6): pre-training of BERT, the loss against steps and floating-point operations, from BERT's own
/// start and from IDInit.
public enum Figure9: GridRecipe {
  public struct Settings: RecipeSettings {
    /// The initialisation methods; a run for each. `default` is BERT's own.
    public var methods: [String]
    /// The seeds; a run for each.
    public var seeds: [Int]
    /// The network.
    public var network: Network
    /// What is trained on, and what is held out.
    public var data: TextSettings
    /// How long it is trained, and in what portions.
    public var training: Training
    /// The optimiser.
    public var optimizer: AdamWSettings
    /// What both starts have in common, and the default one.
    public var start: Start

    /// BERT's sizes.
    public struct Network: Codable, Hashable, Sendable {
      /// Features of a place.
      public var width: Int
      /// Encoder layers.
      public var layers: Int
      /// Attention heads, which divide the width.
      public var heads: Int
      /// Features between the two linear layers behind an attention.
      public var intermediateWidth: Int
      /// How likely an activation is zeroed in training.
      public var dropout: Double
      /// How likely an attention's weight is zeroed in training.
      public var attentionDropout: Double
    }

    /// Training counted in steps.
    public struct Training: Codable, Hashable, Sendable {
      /// All of them.
      public var steps: Int
      /// Texts a step.
      public var batchSize: Int
      /// Steps of a row of metrics, which is what an epoch is here.
      public var stepsPerEpoch: Int
      /// Steps that a loss is averaged over before losses are compared: as many as in one epoch, or in several.
      public var smoothedSteps: Int
      /// Steps in which the learning rate rises from 0; then it falls to 0 in a straight line.
      public var warmup: Int
      /// Held-out texts that are tested with after every epoch.
      public var testCount: Int
    }

    /// Where training starts from, beside the method.
    public struct Start: Codable, Hashable, Sendable {
      /// The standard deviation of embeddings, and of all weights from `default`.
      public var std: Double
    }

    public func validate() throws(SettingError) {
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try network.validate()
      try data.validate()
      try training.validate()
      try optimizer.validate()
      try Check.positive(start.std, "start.std")
    }
  }

  public static let card = RecipeCard(
    id: "figure9-bert", title: "Pre-training of BERT: loss over computation, from BERT's own start and from IDInit",
    locus: "Figure 9", section: "Section 4.6",
    paper: [PaperFigure(["idinit"], 0.113, "11.3 %"), PaperFigure(["idinit", "loss"], 1.46, "1.46")],
    claim:
      "From IDInit, BERT reaches the loss that its default start ends with after less computation, and ends at a lower "
      + "loss.",
    deviations: [
      "The paper calls BERT's own start \"Default\" and says no more: here N(0, 0.02) for all weights and embeddings and 0 "
        + "for biases, as transformers has it; Google's code cuts the distribution off at two standard deviations.",
      "The embeddings are drawn in the same way for both starts, and are the same for the same seed. IDInit leaves the "
        + "decoder alone, which is the word table; it starts the pooler and the dense layer before the decoder from the "
        + "identity, and the classifier of the second text near zero.",
      "The paper names neither warm-up nor decay of the learning rate: a rise over 3 % of all steps, then a straight line "
        + "to 0. Weight decay spares biases and normalisations, as in BERT's own code.",
      "40 epochs of Wikipedia and the Toronto Book Corpus in texts of 512 pieces are, by BERT's own count (a million steps of "
        + "256), 333,000 steps of 768. The two corpora are not to be had any more: the scale paper wants them as files.",
      "A step's computation is that of its matrix products, forward and backward; both starts have the same.",
      "The loss is that of training (hidden words and second text), averaged over some steps; what is saved is read off "
        + "straight lines between the averages. An epoch is a number of steps.",
      "The scale small trains four layers of width 256 on texts of 64 pieces, from WikiText-2's validation set and "
        + "tinyshakespeare, and tests on WikiText-2's test set: four megabytes of text in place of 16 gigabytes.",
    ])

  static var axes: [Axis<Settings>] { [Axis("seeds", \.seeds, prefix: "seed"), Axis("methods", \.methods)] }

  public static func settings(at scale: Scale) -> Settings {
    let network: Settings.Network =
      switch scale {
      case .paper:
        .init(width: 768, layers: 12, heads: 12, intermediateWidth: 3072, dropout: 0.1, attentionDropout: 0.1)
      case .small: .init(width: 256, layers: 4, heads: 4, intermediateWidth: 1024, dropout: 0.1, attentionDropout: 0.1)
      case .smoke: .init(width: 16, layers: 2, heads: 2, intermediateWidth: 32, dropout: 0.1, attentionDropout: 0.1)
      }
    let training: Settings.Training =
      switch scale {
      case .paper:
        .init(
          steps: 333_000, batchSize: 768, stepsPerEpoch: 500, smoothedSteps: 1000, warmup: 10_000, testCount: 4096)
      case .small:
        .init(steps: 1200, batchSize: 32, stepsPerEpoch: 50, smoothedSteps: 200, warmup: 36, testCount: 512)
      case .smoke: .init(steps: 8, batchSize: 8, stepsPerEpoch: 2, smoothedSteps: 2, warmup: 2, testCount: 8)
      }
    return Settings(
      methods: ["default", "idinit"], seeds: [0], network: network, data: .at(scale), training: training,
      optimizer: AdamWSettings(
        learningRate: scale == .smoke ? 1e-2 : 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-2),
      start: .init(std: 0.02))
  }
}

extension Figure9.Settings.Network {
  func validate() throws(SettingError) {
    for (key, value) in [
      ("width", width), ("layers", layers), ("heads", heads), ("intermediateWidth", intermediateWidth),
    ] { try Check.atLeast(1, value, "network.\(key)", atMost: 1 << 20) }
    guard width % heads == 0 else {
      throw SettingError("network.width", found: "\(width)", expected: "a multiple of network.heads, \(heads)")
    }
    try Check.share(dropout, "network.dropout")
    try Check.share(attentionDropout, "network.attentionDropout")
  }
}

extension Figure9.Settings.Training {
  func validate() throws(SettingError) {
    try Check.atLeast(1, steps, "training.steps", atMost: Check.mostSteps)
    try Check.atLeast(1, batchSize, "training.batchSize", atMost: Check.mostImages)
    try Check.atLeast(1, stepsPerEpoch, "training.stepsPerEpoch", atMost: steps)
    try Check.atLeast(1, testCount, "training.testCount", atMost: Check.mostImages)
    try Check.atLeast(0, warmup, "training.warmup", atMost: steps - 1)
    for (key, whole, part) in [
      ("steps", steps, stepsPerEpoch), ("smoothedSteps", smoothedSteps, stepsPerEpoch),
    ] {
      guard whole > 0, whole <= steps, whole % part == 0 else {
        throw SettingError(
          "training.\(key)", found: "\(whole)",
          expected: "a multiple of training.stepsPerEpoch, \(part), up to \(steps)")
      }
    }
  }
}
