import Lab

/// Table 2 (Section 4.2, Appendix B.2): residual networks on CIFAR-10 from every initialisation, by SGD and by Adam.
///
/// The paper's two halves, 56 and 110 layers, are two recipes that differ in depth and in the paper's figures.
protocol Table2: ImageRecipe where Settings == Table2Settings {
  static var depth: Int { get }
  static var smallDepth: Int { get }
}

/// The settings of both halves of Table 2.
public struct Table2Settings: ImageRecipeSettings {
  /// The optimiser, and whether there is batch normalisation.
  public enum Variant: String, SettingChoice {
    /// With batch normalisation.
    case sgd, adam
    /// Without batch normalisation, for those methods that leave it open.
    case sgdPlain = "sgd-no-norm"
    /// The same by Adam.
    case adamPlain = "adam-no-norm"

    /// The name of a variant in a sentence.
    static func title(_ name: String) -> String {
      switch Self(rawValue: name) {
      case .sgd: "SGD"
      case .adam: "Adam"
      case .sgdPlain: "SGD without batch normalisation"
      case .adamPlain: "Adam without batch normalisation"
      case nil: name
      }
    }

    var usesAdam: Bool { self == .adam || self == .adamPlain }
    var isNormalised: Bool { self == .sgd || self == .adam }
  }

  /// The variants; a run for each.
  public var variants: [Variant]
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
  /// SGD's settings, for its variants.
  public var sgd: SGDSettings
  /// Adam's settings, for its variants.
  public var adam: AdamSettings
  /// How the learning rate goes over training.
  public var schedule: ScheduleSettings

  public func validate() throws(SettingError) {
    try Check.list(variants, "variants")
    try Methods.validate(methods)
    if methods.contains("zero-gamma"), let variant = variants.first(where: { !$0.isNormalised }) {
      throw SettingError(
        "methods", found: "zero-gamma",
        expected: "starts that need no normalisation with the variant \(variant.rawValue)")
    }
    try Check.seeds(seeds)
    try network.validate()
    try validateTraining()
    try sgd.validate("sgd")
    try adam.validate()
  }
}

extension Table2 {
  static var paperMethods: [String] {
    ["zero-gamma", "zero-hadamard", "fixup", "skipinit", "rezero", "kaiming", "idinit"]
  }

  static var axes: [Axis<Table2Settings>] { [Axis("variants", \.variants), .seeds, .methods] }

  public static func settings(at scale: Scale) -> Table2Settings {
    Table2Settings(
      variants: scale == .smoke ? [.sgd, .adamPlain] : [.sgd, .adam],
      methods: scale == .smoke ? ["kaiming", "fixup", "idinit"] : paperMethods + ["xavier", "orthogonal"],
      seeds: scale == .paper ? [0, 1, 2] : [0],
      network: .init(depth: scale == .paper ? depth : scale == .small ? smallDepth : 8),
      data: .cifar10(at: scale), augmentation: .cropAndFlip,
      training: .at(scale, paper: (epochs: 200, batchSize: 1024), small: (epochs: 8, batchSize: 128)),
      sgd: .init(learningRate: 0.2, momentum: 0.9, weightDecay: 5e-4),
      adam: .init(learningRate: 1e-3, beta1: 0.9, beta2: 0.999, weightDecay: 0),
      schedule: .init(shape: .cosine, every: .epoch))
  }

  static func training(_ settings: Table2Settings) throws -> ImageTraining {
    let variant = try settings.one(\.variants)
    return try ImageTraining(
      settings, .resNet(settings.network, normalised: variant.isNormalised),
      variant.usesAdam ? settings.adam : settings.sgd)
  }

  static var claim: String {
    "IDInit reaches 80 % test accuracy no later than any other start, and it ends no less accurate than Kaiming."
  }

  static var deviations: [String] {
    [
      "The paper gives no batch size: 1024, which Appendices C.3 and F.1 have with the same rate on the same data.",
      "The paper names no augmentation: crops of images padded by 4 and mirror images, the usual ones.",
      "The paper gives Adam no weight decay: 0.",
      "The paper says \"w/ and w/o BN\" and not which rows are which: Fixup and SkipInit, which are made for it, go without; "
        + "the others have it, ReZero as its author's ResNet does. The variants sgd-no-norm and adam-no-norm leave it out "
        + "for all.",
      "ZerO (zero-hadamard) as its authors' code scales it; Fixup's scalars at a tenth of the rate, as in its authors' code; "
        + "SkipInit and ReZero with Kaiming's weights.",
      "SkipInit's block has its activation after the sum and no biases, as the other starts' have; its authors' activates "
        + "first.",
      "The paper writes that IDInit needs the fewest epochs in all settings; in its own table SkipInit needs as many (26 with "
        + "ResNet-56 by SGD), so the claim judged here is no later.",
      "Xavier and orthogonal are not in the paper's table.",
      "The scale small trains ResNet-\(smallDepth), not ResNet-\(depth), on 10,000 images in batches of 128 for 8 epochs and "
        + "counts the epochs to 40 %.",
    ]
  }
}

/// The half with 56 layers.
public enum Table2ResNet56: Table2 {
  static let depth = 56
  static let smallDepth = 20

  public static let card = RecipeCard(
    id: "table2-resnet56",
    title: "ResNet-56 on CIFAR-10 from the paper's seven initialisations and two more, by SGD and by Adam",
    locus: "Table 2", section: "Section 4.2",
    paper: Table2Figures.figures([
      "zero-gamma": ("92.32 ± 0.19", "57 ± 7", "87.37 ± 0.43", "63 ± 4"),
      "zero-hadamard": ("90.57 ± 0.31", "57 ± 3", "83.53 ± 0.42", "85 ± 4"),
      "fixup": ("93.24 ± 0.82", "31 ± 3", "89.50 ± 0.18", "55 ± 3"),
      "skipinit": ("92.29 ± 0.30", "26 ± 1", "85.45 ± 0.74", "81 ± 3"),
      "rezero": ("93.06 ± 0.54", "33 ± 2", "89.26 ± 0.30", "44 ± 3"),
      "kaiming": ("93.36 ± 0.14", "34 ± 3", "87.55 ± 0.32", "50 ± 2"),
      "idinit": ("93.41 ± 0.10", "26 ± 1", "90.01 ± 0.32", "34 ± 1"),
    ]), claim: claim, deviations: deviations)
}

/// The half with 110 layers.
public enum Table2ResNet110: Table2 {
  static let depth = 110
  static let smallDepth = 32

  public static let card = RecipeCard(
    id: "table2-resnet110",
    title: "ResNet-110 on CIFAR-10 from the paper's seven initialisations and two more, by SGD and by Adam",
    locus: "Table 2", section: "Section 4.2",
    paper: Table2Figures.figures([
      "zero-gamma": ("93.07 ± 0.28", "36 ± 2", "88.30 ± 0.31", "56 ± 7"),
      "zero-hadamard": ("91.71 ± 0.21", "55 ± 3", "84.24 ± 0.10", "76 ± 2"),
      "fixup": ("93.32 ± 0.23", "33 ± 3", "90.67 ± 0.12", "49 ± 2"),
      "skipinit": ("92.67 ± 0.16", "31 ± 5", "87.18 ± 0.94", "70 ± 7"),
      "rezero": ("94.03 ± 0.26", "35 ± 5", "90.25 ± 0.20", "38 ± 3"),
      "kaiming": ("94.06 ± 0.18", "33 ± 4", "87.89 ± 0.41", "56 ± 3"),
      "idinit": ("94.04 ± 0.24", "27 ± 1", "90.53 ± 0.10", "36 ± 2"),
    ]), claim: claim,
    deviations: deviations + ["SkipInit's epochs are garbled in the text of the paper and read as 31 ± 5 and 70 ± 7."])
}

/// The paper's rows as figures.
enum Table2Figures {
  typealias Cells = (sgd: String, sgdEpochs: String, adam: String, adamEpochs: String)

  static func figures(_ rows: KeyValuePairs<String, Cells>) -> [PaperFigure] {
    rows.flatMap { method, cells in
      [
        figure(["sgd", method, "accuracy"], cells.sgd, unit: " %"),
        figure(["sgd", method, "epochs to 80 %"], cells.sgdEpochs),
        figure(["adam", method, "accuracy"], cells.adam, unit: " %"),
        figure(["adam", method, "epochs to 80 %"], cells.adamEpochs),
      ]
    }
  }

  private static func figure(_ labels: [String], _ text: String, unit: String = "") -> PaperFigure {
    PaperFigure(labels, Double(text.prefix { $0 != " " }) ?? .nan, text + unit)
  }
}
