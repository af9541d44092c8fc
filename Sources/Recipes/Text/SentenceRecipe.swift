import IDInit
import Lab
import Networks
import Torch

/// A row of Tables 5 and 7: a network on a set of sentences, from three initialisations, with two sets of word vectors.
protocol SentenceRecipe: GridRecipe where Settings == SentenceRecipeSettings {
  static var kind: SentenceNetworkSettings.Kind { get }
  static var dataName: SentenceDataSettings.Name { get }
}

/// The settings of every row of Tables 5 and 7.
public struct SentenceRecipeSettings: RecipeSettings {
  /// Where word vectors come from; a run for each.
  public var vectors: [Vectors]
  /// The initialisation methods; a run for each.
  public var methods: [String]
  /// The seeds; a run for each.
  public var seeds: [Int]
  /// What is trained and tested on.
  public var data: SentenceDataSettings
  /// The network's sizes.
  public var network: SentenceNetworkSettings
  /// How long it is trained, and in what portions.
  public var training: TrainingSettings
  /// The optimiser.
  public var optimizer: SentenceOptimizerSettings

  public func validate() throws(SettingError) {
    try Check.list(vectors, "vectors")
    try Methods.validate(methods)
    try Check.seeds(seeds)
    try data.validate()
    try training.validate()
    try optimizer.validate()
    for source in vectors where (source == .random) != (data.name == .synthetic) {
      throw SettingError(
        "vectors", found: source.rawValue,
        expected: data.name == .synthetic ? "random, for made-up sentences" : "glove or word2vec")
    }
  }
}

extension SentenceRecipe {
  static var axes: [Axis<Settings>] {
    [Axis("seeds", \.seeds, prefix: "seed"), Axis("vectors", \.vectors), Axis("methods", \.methods)]
  }

  /// What the paper calls "Default": Kaiming for TextCNN, Xavier for the others.
  static var defaultMethod: String { kind == .textCNN ? "kaiming" : "xavier" }

  /// Of a maximum over time it makes a difference which columns a kernel's identity takes: see the card.
  private static var methods: [String] {
    [defaultMethod, "orthogonal", "idinit"] + (kind == .textCNN ? ["idinit-window-first"] : [])
  }

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      vectors: scale == .smoke ? [.random] : scale == .small ? [.glove] : [.glove, .word2vec], methods: methods,
      seeds: scale == .smoke ? [0] : [0, 1, 2, 3, 4], data: .at(scale, dataName), network: .at(scale, kind),
      training: scale == .smoke ? .init(epochs: 2, batchSize: 10) : .init(epochs: 10, batchSize: 50),
      optimizer: .of(kind))
  }

  /// Each way to start is tried on a network of five words before anything is trained.
  static func check(_ points: [Settings]) throws {
    var checked: Set<String> = []
    for point in points {
      try point.network.validate(kind, dimension: point.data.dimension)
      try point.optimizer.validate(kind)
      let method = try point.one(\.methods)
      guard checked.insert(method).inserted else { continue }
      let network = try SentenceTraining.network(kind, point, vocabulary: 5, classes: 2, seed: 0, device: .cpu)
      _ = try network.plan(try Schemes.scheme(named: method), example: try SentenceTraining.example(device: .cpu))
    }
  }

  static func train(_ settings: Settings, in context: RunContext) throws -> RunOutcome {
    try SentenceTraining(settings, kind).run(in: context)
  }
}
