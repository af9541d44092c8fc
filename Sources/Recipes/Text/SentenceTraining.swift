import Datasets
import IDInit
import Lab
import Networks
import Torch

/// One training of a sentence classifier.
struct SentenceTraining {
  private let settings: SentenceRecipeSettings
  private let kind: SentenceNetworkSettings.Kind
  /// Of weights, unknown words, dropout and the order of sentences.
  private let seed: UInt64

  /// The training of the run that `settings` are narrowed to.
  init(_ settings: SentenceRecipeSettings, _ kind: SentenceNetworkSettings.Kind) throws(SettingError) {
    (self.settings, self.kind) = (settings, kind)
    seed = UInt64(try settings.one(\.seeds))
  }

  /// A sentence as networks take it, for tracing: [1, 8].
  static func example(device: Device) throws -> Tensor { try Tensor.ones([1, 8], dtype: .int64, device: device) }

  /// The network, not yet initialised.
  static func network(
    _ kind: SentenceNetworkSettings.Kind, _ settings: SentenceRecipeSettings, vocabulary: Int, classes: Int,
    seed: UInt64, device: Device
  ) throws -> any Module {
    let (network, width) = (settings.network, settings.data.dimension)
    let dropout =
      network.dropout > 0
      ? Dropout(network.dropout, generator: try Generator(seed: seed, device: device)) : nil
    switch kind {
    case .textCNN:
      return try TextCNN(
        vocabulary: vocabulary, width: width, classes: classes, maps: network.hidden, dropout: dropout, device: device)
    case .textRNN:
      return try TextRNN(
        vocabulary: vocabulary, width: width, classes: classes, context: network.context, hidden: network.hidden,
        dropout: dropout, device: device)
    case .transformer:
      return try TransformerClassifier(
        vocabulary: vocabulary, width: width, classes: classes, heads: network.heads, layers: network.layers,
        feedForward: network.hidden, dropout: dropout, device: device)
    }
  }

  /// Trains.
  ///
  /// - Parameter context: The run that this is.
  /// - Returns: How it ended.
  /// - Throws: `LabError`, `DatasetError`, `PlanError`: data are missing, the scheme cannot serve the network, or the run
  ///   is stopped.
  func run(in context: RunContext) throws -> RunOutcome {
    let dataset = try context.sentences(settings.data.name.rawValue)
    let words = try SentenceWords(dataset)
    let vectors = try WordVectorSource(settings).vectors(for: words.vocabulary, in: context)
    let (network, plan) = try start(vectors, classes: dataset.classNames.count, device: context.device)
    try context.initialise(network, by: plan)
    let task = SentenceClassification(
      train: words.train, test: words.test, classCount: dataset.classNames.count,
      options: .init(batchSize: settings.training.batchSize, seed: seed), device: context.device)
    let optimizer = OptimizerGroup(optimizer: try settings.optimizer.make(kind, network.parameters))
    var outcome = try Trainer(
      network, groups: [optimizer], task: task, settings: .init(epochs: settings.training.epochs), context: context
    ) { _, _ in settings.optimizer.learningRate }.run()
    if outcome.status == .finished {
      outcome.results["paddedFraction"] = try context.record.metrics.rows().last?["paddedFraction"] ?? .null
      outcome.results["wordsFound"] = .double(
        Double(vectors.foundCount) / Double(max(1, words.vocabulary.count - 1)))
    }
    return outcome
  }

  /// The network with its word vectors, and the plan that its other parameters are to be filled by.
  ///
  /// - Parameters:
  ///   - vectors: A row for every word.
  ///   - classes: How many there are.
  ///   - device: Where the parameters live.
  /// - Returns: Both.
  /// - Throws: `PlanError` if the scheme cannot serve the network.
  func start(
    _ vectors: WordVectors, classes: Int, device: Device
  ) throws -> (network: any Module, plan: InitializationPlan) {
    let rows = vectors.isFound.count
    let network = try Self.network(
      kind, settings, vocabulary: rows, classes: classes, seed: seed, device: device)
    try fillEmbedding(of: network, vectors, rows: rows)
    let plan = try network.plan(
      try Schemes.scheme(named: try settings.one(\.methods)), example: try Self.example(device: device), seed: seed)
    return (network, plan)
  }

  /// Pretrained vectors; what they lack is drawn as Kim's code draws it. Padding stays zero.
  private func fillEmbedding(of network: any Module, _ vectors: WordVectors, rows: Int) throws {
    guard let weight = network.parameters["embedding.weight"] else {
      throw LabError(.configuration, "the network has no embedding.weight; expected a network of words")
    }
    let values = vectors.embedding(bound: settings.data.unknownBound, using: PhiloxStreams(seed: seed))
    let table = try Tensor(values, shape: [rows, vectors.dimension])
    try withoutGradient { () throws(TorchError) in try weight.copy(from: table) }
  }
}
