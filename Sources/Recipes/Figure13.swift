import Datasets
import Lab

/// Figure 13 (Appendix C.2): how the size of the signal changes from layer to layer before any training, in four networks,
/// with noise of several sizes.
public enum Figure13: GridRecipe {
  /// A network of the figure.
  public enum Network: String, SettingChoice {
    /// Ten linear layers, 200 to 1,000 and back to 200 wide, without activation.
    case fc
    /// Ten residual blocks of two linear layers, 96 wide, without activation.
    case resFC = "res-fc"
    /// All-Conv, with ReLU.
    case conv
    /// A convolution to 16 channels and ten residual blocks of two convolutions, with ReLU.
    case resConv = "res-conv"

    var isResidual: Bool { self == .resFC || self == .resConv }
    var isConvolutional: Bool { self == .conv || self == .resConv }
  }

  /// What noise is added to.
  public enum Variant: String, SettingChoice {
    /// The network's input.
    case input
    /// Every weight of two or more axes.
    case weights
  }

  public struct Settings: RecipeSettings {
    /// The networks.
    public var networks: [Network]
    /// The starts.
    public var methods: [String]
    /// The variants.
    public var variants: [Variant]
    /// Standard deviations of the noise.
    public var noises: [Double]
    /// A run for each.
    public var seeds: [Int]
    /// Each from weights, images and noise of its own.
    public var rounds: Int
    /// Images of a round.
    public var images: Int
    /// The images.
    public var data: Data

    /// The images that the convolutional networks get.
    public struct Data: Codable, Hashable, Sendable {
      /// The data set.
      public var name: ImageSettings.Name
      /// Of the three channels, subtracted.
      public var mean: [Double]
      /// Of the three channels, divided by.
      public var std: [Double]
    }

    public func validate() throws(SettingError) {
      try Check.list(networks, "networks")
      try Methods.validate(methods)
      try Check.list(variants, "variants")
      try Check.list(noises, "noises")
      for noise in noises { try Check.notNegative(noise, "noises") }
      if let variant = variants.first(where: { !noises.contains(where: Figure13.isRun($0)) }) {
        throw SettingError(
          "noises", found: JSONValue.text(noises[0]),
          expected: "a number greater than 0 for the variant \(variant.rawValue): without noise it is the variant input"
        )
      }
      try Check.seeds(seeds)
      try Check.atLeast(1, rounds, "rounds", atMost: 1_000_000)
      try Check.atLeast(1, images, "images", atMost: Check.mostImages)
      try ImageSettings.validate(mean: data.mean, std: data.std)
    }
  }

  public static let card = RecipeCard(
    id: "figure13", title: "The size of the signal through four networks at their start, with noise",
    locus: "Figure 13", section: "Appendix C.2", paper: [],
    claim:
      "The default initialisation keeps the signal's standard deviation in networks without residual connections and "
      + "not in residual ones, where it becomes giant; IDInit keeps it in all four networks, whatever the noise.",
    deviations: [
      "Figure 13 did not survive in the text of the paper: its standard deviations are not known.",
      "The paper gives no limit for \"an appropriate scale\": from a tenth of the input's to ten times it.",
      "The paper does not say what the noise is added to. A noise of 1 on weights would be far larger than any of them, so "
        + "that the claim is judged with noise on the (normalised) input; noise on the weights is recorded beside it.",
      "An image is reshaped to 32 rows of 96 numbers as it lies in memory (channel, row, column), and each row is an example. "
        + "A round takes one image, as the paper's X of 32 × 96 does.",
      "\"Default\" is Xavier for FC and ResFC and Kaiming for Conv and ResConv (the scheme default). Biases are 0.",
      "Conv is All-CNN-C, since Table 6 did not survive; its output is that of its ninth convolution, before the mean over "
        + "positions. ResConv has a ReLU after its first convolution and after each addition, which the paper does not say.",
      "The scale small takes 50 rounds.",
    ])

  public static let needs: Set<Need> = [.data, .engine]

  static var axes: [Axis<Settings>] {
    [
      Axis("networks", \.networks), Axis("variants", \.variants), Axis("noises", \.noises, prefix: "noise"),
      Axis("seeds", \.seeds, prefix: "seed"), Axis("methods", \.methods),
    ]
  }

  static func isRun(_ point: Settings) -> Bool {
    zip(point.variants, point.noises).allSatisfy { isRun($0)($1) }
  }

  /// Without noise it does not matter what it would be added to.
  private static func isRun(_ variant: Variant) -> (Double) -> Bool { { variant == .input || $0 > 0 } }

  public static func settings(at scale: Scale) -> Settings {
    let images = ImageSettings.cifar10(at: scale)
    return Settings(
      networks: Network.allCases, methods: ["default", "idinit"],
      variants: scale == .smoke ? [.input] : Variant.allCases, noises: scale == .smoke ? [1] : [0, 0.01, 0.1, 1],
      seeds: [0], rounds: scale == .paper ? 500 : scale == .small ? 50 : 1, images: 1,
      data: .init(name: images.name, mean: images.mean, std: images.std))
  }

  static func check(_ points: [Settings]) throws {
    for point in points { try SignalRounds.check(network: point.one(\.networks), method: point.one(\.methods)) }
  }

  static func train(_ settings: Settings, in context: RunContext) throws -> RunOutcome {
    try SignalRounds(
      network: settings.one(\.networks), method: settings.one(\.methods), variant: settings.one(\.variants),
      noise: settings.one(\.noises), seed: UInt64(settings.one(\.seeds)), rounds: settings.rounds,
      images: settings.images
    ).run(
      on: try context.dataset(settings.data.name.rawValue),
      normalization: Normalization(mean: settings.data.mean, std: settings.data.std), in: context)
  }
}
