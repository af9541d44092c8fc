import Lab
import Torch

/// Figure 14 (Appendix C.3): the weights of ResNet-20's first convolution over training, and how many are zero.
public enum Figure14: ImageRecipe {
  public struct Settings: ImageRecipeSettings {
    /// The initialisation methods; a run for each.
    public var methods: [String]
    /// The seeds; a run for each.
    public var seeds: [Int]
    /// The network.
    public var network: ResNetSettings
    /// How weights are counted.
    public var histogram: Histogram
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

    /// How weights are counted.
    public struct Histogram: Codable, Hashable, Sendable {
      /// Bins of equal width from −range to range; what is outside goes to the outermost.
      public var bins: Int
      /// The end of the last bin.
      public var range: Double
      /// A weight counts as nearly zero where its size is below this.
      public var nearlyZero: Double
    }

    public func validate() throws(SettingError) {
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try network.validate()
      try Check.atLeast(1, histogram.bins, "histogram.bins", atMost: 10_000)
      try Check.positive(histogram.range, "histogram.range")
      try Check.positive(histogram.nearlyZero, "histogram.nearlyZero")
      try validateTraining()
      try optimizer.validate()
    }
  }

  public static let card = RecipeCard(
    id: "figure14", title: "The first convolution's weights over training: histograms, and the share of zeros",
    locus: "Figure 14", section: "Appendix C.3", paper: [],
    claim: "In every epoch the first convolution has more zeros from IDInit than from Kaiming.",
    deviations: [
      "Figure 14 did not survive in the text of the paper: which weights it calls zero is not known. Counted are weights that "
        + "are exactly 0 and those below 0.01.",
      "The paper names no augmentation and no momentum: crops and mirror images, and 0.9.",
      "The scale small trains on 10,000 images for 8 epochs, ten steps each.",
    ])

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      methods: ["kaiming", "idinit"], seeds: [0], network: .init(depth: scale == .smoke ? 8 : 20),
      histogram: .init(bins: 40, range: 1, nearlyZero: 0.01), data: .cifar10(at: scale), augmentation: .cropAndFlip,
      training: .at(scale, paper: (epochs: 200, batchSize: 1024), small: (epochs: 8, batchSize: 1024)),
      optimizer: .init(learningRate: 0.2, momentum: 0.9, weightDecay: 5e-4),
      schedule: .init(shape: .cosine, every: .epoch))
  }

  static func training(_ settings: Settings) throws -> ImageTraining {
    var training = try ImageTraining(settings, .resNet(settings.network), settings.optimizer)
    training.observer = { _, _ in { _, network in try WeightCounts(network, settings.histogram).row } }
    training.summary = { rows in
      var results: Row = [:]
      for name in ["zeros", "nearlyZero"] {
        results["\(name)AtStart"] = rows.first?[name] ?? .null
        results["\(name)Least"] = rows.compactMap { $0.number(name) }.min().map(JSONValue.double) ?? .null
        results[name] = rows.last?[name] ?? .null
      }
      results["nearlyZeroByEpoch"] = .array(rows.compactMap { $0["nearlyZero"] })
      return results
    }
    return training
  }

  /// The first convolution's weights, counted.
  struct WeightCounts {
    let row: Row

    init(_ network: any Module, _ settings: Settings.Histogram) throws {
      let values = try network.parameters["conv1.weight"]?.detached().to(.cpu).contiguous().array(of: Float.self) ?? []
      var bins = [Int](repeating: 0, count: settings.bins)
      for value in values where value.isFinite {
        let place = (Double(value) / settings.range + 1) / 2 * Double(settings.bins)
        bins[min(max(Int(min(max(place, 0), Double(settings.bins))), 0), settings.bins - 1)] += 1
      }
      func share(_ holds: (Float) -> Bool) -> JSONValue {
        .double(Double(values.count(where: holds)) / Double(max(1, values.count)))
      }
      row = [
        "zeros": share { $0 == 0 }, "nearlyZero": share { Double(abs($0)) < settings.nearlyZero },
        "histogram": .array(bins.map(JSONValue.int)),
      ]
    }
  }
}
