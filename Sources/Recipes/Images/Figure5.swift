import IDInit
import Lab
import OrderedCollections
import Torch

/// Figure 5 (Section 3.3.2): the share of the last weights of residual blocks that training has not moved.
public enum Figure5: ImageRecipe {
  /// What the last normalisation of each stem starts from.
  public enum Variant: String, SettingChoice {
    /// The scale of the last normalisation in each stem starts at 1, as usual.
    case plain
    /// It starts at 0 (Zero-γ), which Section 3.3.2 names as what makes neurons dead together with a weight of 0.
    case zeroScale = "zero-scale"

    var overrides: [PlanOverride] {
      get throws { self == .zeroScale ? [try PlanOverride(parsing: "layer*.bn2.weight=zero")] : [] }
    }
  }

  public struct Settings: ImageRecipeSettings {
    /// The variants; a run for each.
    public var variants: [Variant]
    /// The initialisation methods; a run for each.
    public var methods: [String]
    /// The seeds; a run for each.
    public var seeds: [Int]
    /// A weight counts as not moved where it is within this of its start.
    public var tolerance: Double
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
      try Check.list(variants, "variants")
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try Check.positive(tolerance, "tolerance")
      try network.validate()
      try validateTraining()
      try optimizer.validate()
    }
  }

  public static let card = RecipeCard(
    id: "figure5", title: "How much of the last weights of residual blocks training moves, from IDIZC and from zero",
    locus: "Figure 5", section: "Section 3.3.2",
    paper: [PaperFigure(["idinit-zero"], 0.5, "> 50 %"), PaperFigure(["idinit"], 0, "0 %")],
    claim: "From a last weight of zero more than half of its elements are not trained; from IDIZC all are.",
    deviations: [
      "The paper does not say which network, training or block the figure shows: ResNet-20, as in Table 4 without mixup, "
        + "every block.",
      "The paper gives two reasons for dead elements, a normalisation scale of 0 and the zeros that fill a downsampled "
        + "shortcut: the variants zero-scale and plain tell them apart.",
      "Not moved: within 1e-6 of the start, so that what weight decay does to IDIZC's ±1e-6 is no training.",
      "The scale small trains on 10,000 images for 3 epochs.",
    ])

  static var axes: [Axis<Settings>] { [Axis("variants", \.variants), .seeds, .methods] }

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      variants: [.plain, .zeroScale], methods: ["idinit-zero", "idinit"], seeds: [0], tolerance: 1e-6,
      network: .init(depth: scale == .smoke ? 8 : 20), data: .cifar10(at: scale), augmentation: .cropAndFlip,
      training: .at(scale, paper: (epochs: 200, batchSize: 128), small: (epochs: 3, batchSize: 128)),
      optimizer: .init(learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4),
      schedule: .init(shape: .cosine, every: .epoch))
  }

  static func training(_ settings: Settings) throws -> ImageTraining {
    var training = try ImageTraining(settings, .resNet(settings.network), settings.optimizer)
    training.start.overrides = try settings.one(\.variants).overrides
    training.observer = { network, _ in
      let start = try lastWeights(network).mapValues { try $0.detached().cloned() }
      return { _, network in try unmoved(lastWeights(network), from: start, tolerance: settings.tolerance) }
    }
    training.summary = { rows in Row((rows.last?.cells ?? []).filter { $0.key.hasPrefix("unmoved") }) }
    return training
  }

  /// The last convolution of every block, by name.
  private static func lastWeights(_ network: any Module) -> OrderedDictionary<String, Tensor> {
    network.parameters.filter { $0.key.hasSuffix("conv2.weight") }
  }

  /// The share of elements that are where they started, of each weight and of all.
  private static func unmoved(
    _ weights: OrderedDictionary<String, Tensor>, from start: OrderedDictionary<String, Tensor>, tolerance: Double
  ) throws -> Row {
    var row: Row = [:]
    var (still, all) = (0, 0)
    for (name, weight) in weights {
      guard let before = start[name] else { continue }
      let count = try withoutGradient { () throws(TorchError) in
        try (weight - before).abs().le(tolerance).sum().integer()
      }
      row["unmoved.\(name)"] = .double(Double(count) / Double(weight.elementCount))
      still += count
      all += weight.elementCount
    }
    row["unmoved"] = .double(Double(still) / Double(max(1, all)))
    return row
  }
}
