import IDInit
import Lab

/// Figure 2 (Section 1, Appendix C.4): what the first weight of a residual block should be where the last is 0.
public enum Figure2: ImageRecipe {
  /// The shape of the blocks' weights.
  public enum Variant: String, SettingChoice {
    /// W_1 and W_2 are square: Figure 2(b).
    case square
    /// W_1 has more outputs than inputs: Figure 2(c).
    case rectangular
  }

  /// What W_1 is. W_2 is 0, but for `default`.
  public enum First: String, SettingChoice {
    /// Xavier, as Section 1 says of Fixup: the paper's "Random".
    case random
    /// ZerO's, of square weights too.
    case hadamard
    /// An identity with zeros below it. Of square weights it is the identity, as `idinit` is.
    case partialIdentity = "partial-identity"
    /// IDI: identities stacked.
    case idinit
    /// There is no W_1: a block is x + W_2·x. The paper's "Identity-1". It has no width that could be rectangular.
    case identity1 = "identity-1"
    /// W_2 is Xavier too.
    case `default`

    /// What differs from Xavier everywhere.
    var overrides: [PlanOverride] {
      get throws {
        let first: String? =
          switch self {
          case .hadamard: "hadamard,squares=hadamard"
          case .partialIdentity: "partial-identity"
          case .idinit: "idi"
          case .random, .identity1, .default: nil
          }
        let last = self == .default ? nil : "blocks.*.fc2.weight=zero"
        return try [first.map { "blocks.*.fc1.weight=\($0)" }, last].compactMap { $0 }.map(PlanOverride.init(parsing:))
      }
    }
  }

  /// What the classifier starts from, with all starts alike.
  public enum Head: String, SettingChoice {
    /// 0, as Fixup, ZerO and (nearly) IDInit have it.
    case zero
    /// Xavier.
    case xavier
  }

  public struct Settings: ImageRecipeSettings {
    /// The variants.
    public var variants: [Variant]
    /// Words of ``First``.
    public var methods: [String]
    /// A run for each.
    public var seeds: [Int]
    /// The network's sizes.
    public var network: BlockNetworkSettings
    /// Outputs of W_1 in the variant `rectangular`.
    public var rectangularWidth: Int
    /// What the classifier starts from.
    public var head: Head
    /// The images.
    public var data: ImageSettings
    /// What is done to the images.
    public var augmentation: AugmentationSettings
    /// Epochs and batches.
    public var training: ImageTrainingSettings
    /// The optimiser's numbers.
    public var optimizer: AdagradSettings
    /// The learning rate over time.
    public var schedule: ScheduleSettings

    public func validate() throws(SettingError) {
      try Check.list(variants, "variants")
      try Check.list(methods, "methods")
      let known = First.allCases.map(\.rawValue)
      for method in methods where !known.contains(method) {
        throw SettingError(
          "methods", found: JSONValue.quoted(method), expected: SettingError.oneOf(known, nearestTo: method))
      }
      for method in methods where !variants.contains(where: { Figure2.isRun($0, method) }) {
        throw SettingError(
          "methods", found: method,
          expected: "the variant \(method == First.identity1.rawValue ? "square" : "rectangular") for it")
      }
      try Check.seeds(seeds)
      try network.validate()
      guard rectangularWidth > network.width, rectangularWidth <= 2 * BlockNetworkSettings.widest else {
        throw SettingError(
          "rectangularWidth", found: "\(rectangularWidth)",
          expected: "more than network.width, \(network.width), and at most \(2 * BlockNetworkSettings.widest)")
      }
      try validateTraining()
      try optimizer.validate()
    }
  }

  public static let card = RecipeCard(
    id: "figure2", title: "64 residual blocks on CIFAR-10 by their first weight, where the last one starts at 0",
    locus: "Figure 2", section: "Section 1", paper: [],
    claim:
      "Where the last weight of each block is 0, a first weight that is the identity trains to a higher accuracy than "
      + "a random one or Hadamard's; of rectangular weights identities stacked do better than an identity padded with "
      + "zeros, and than Xavier for both weights, which does not train.",
    deviations: [
      "Figure 2 did not survive in the text of the paper: its curves are not known in numbers, nor which starts (b) and (c) "
        + "each show. Its caption names them; all that differ are run.",
      "The caption sends to Appendix C.4 for details: 64 blocks of Figure 1 without batch normalisation, ReLU, Adagrad at "
        + "0.01, batches of 100. The number of epochs is not there: 30. No augmentation is named: none.",
      "\"Identity-1\" is said to be \"a configuration where only one weight is initialized as 0\", beside which others have "
        + "\"more network weights\": read as blocks of one weight, x + W_2·x, W_2 = 0.",
      "The paper does not say what the layers before and after the blocks are, nor what they start from: a linear layer "
        + "from the 3,072 pixels to 240 features from Xavier, for one seed the same numbers with all starts, and one to the "
        + "ten classes from 0, as Fixup, ZerO and (nearly) IDInit have it; --set head=xavier is the other reading. So starts "
        + "differ in the blocks alone.",
      "\"Random\" has no depth scaling: Section 1 calls Fixup's W_1 Xavier. Fixup itself divides it by √64.",
      "ZerO itself takes the identity where a weight is square; the paper's figure has another curve for Hadamard, so the "
        + "corner of a Hadamard matrix is taken there too. IDI has the paper's looseness of 1e-6.",
      "The scale small trains on 10,000 images for 3 epochs.",
    ])

  static var axes: [Axis<Settings>] { [Axis("variants", \.variants), .seeds, .methods] }

  static func isRun(_ point: Settings) -> Bool {
    zip(point.variants, point.methods).allSatisfy { isRun($0, $1) }
  }

  static func isRun(_ variant: Variant, _ method: String) -> Bool {
    switch First(rawValue: method) {
    case .partialIdentity: variant == .rectangular
    case .identity1: variant == .square
    default: true
    }
  }

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      variants: Variant.allCases,
      methods: scale == .smoke
        ? ["hadamard", "partial-identity", "idinit", "identity-1"] : First.allCases.map(\.rawValue),
      seeds: scale == .paper ? [0, 1, 2] : [0], network: .at(scale), rectangularWidth: scale == .smoke ? 20 : 280,
      head: .zero,
      data: .cifar10(at: scale), augmentation: .none,
      training: scale == .smoke
        ? .init(epochs: 1, batchSize: 20, target: 0.3)
        : .init(epochs: scale == .paper ? 30 : 3, batchSize: 100, target: 0.3),
      optimizer: .init(learningRate: 0.01, weightDecay: 0), schedule: .init(shape: .constant, every: .epoch))
  }

  static func training(_ settings: Settings) throws -> ImageTraining {
    let method = try settings.one(\.methods)
    guard let first = First(rawValue: method) else {
      throw SettingError("methods", found: method, expected: "a start that there is")
    }
    let hidden =
      try settings.one(\.variants) == .square ? settings.network.width : settings.rectangularWidth
    var training = try ImageTraining(
      settings,
      .blocks(
        width: settings.network.width, hidden: first == .identity1 ? nil : hidden, depth: settings.network.blocks),
      settings.optimizer)
    training.start.method = "xavier"
    training.start.overrides = try first.overrides
    if settings.head == .zero { training.start.overrides.append(try PlanOverride(parsing: "head.weight=zero")) }
    training.summary = { rows in
      ["testAccuracyByEpoch": .array(rows.compactMap { $0["testAccuracy"] })]
    }
    return training
  }
}
