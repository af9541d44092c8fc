import Datasets
import IDInit
import Lab
import Networks
import OrderedCollections
import Torch

extension Figure9 {
  /// Each way to start is tried on the smallest network before anything is trained.
  static func check(_ points: [Settings]) throws {
    for method in Set(try points.map { try $0.one(\.methods) }).sorted() {
      _ = try plan(of: try BERTForPreTraining(.tiny), method: method, std: 0.02, seed: 0)
    }
  }

  static func train(_ settings: Settings, in context: RunContext) throws -> RunOutcome {
    let seed = UInt64(try settings.one(\.seeds)), training = settings.training
    let texts = try settings.data.texts(context.locator, madeIn: context.record.folder)
    try context.note(texts, as: "data")
    let configuration = settings.configuration(vocabularyCount: texts.train.vocabularyCount)
    let network = try BERTForPreTraining(configuration, dropoutSeed: seed, device: context.device)
    try context.initialise(
      network,
      by: try plan(of: network, method: try settings.one(\.methods), std: settings.start.std, seed: seed))
    let task = BERTPreTraining(
      train: texts.train, test: texts.test, configuration: configuration,
      options: .init(
        batchSize: training.batchSize, stepsPerEpoch: training.stepsPerEpoch, seed: seed,
        testCount: training.testCount), device: context.device)
    let epochs = training.steps / training.stepsPerEpoch
    let schedule = LearningRateSchedule.warmupLinear(warmup: training.warmup, total: training.steps)
    let trainer = Trainer(
      network, groups: try groups(of: network, settings.optimizer), task: task, settings: .init(epochs: epochs),
      context: context
    ) { epoch, fraction in
      schedule.rate(
        at: (Double(epoch) + fraction) * Double(training.stepsPerEpoch), base: settings.optimizer.learningRate)
    }
    var outcome = try trainer.run()
    let rows = try context.record.metrics.rows()
    if outcome.status == .finished, let last = rows.last {
      outcome.results = outcome.results.appending([
        "testMaskedLoss": last["testMaskedLoss"] ?? .null, "testNextLoss": last["testNextLoss"] ?? .null,
        "steps": last["step"] ?? .null, "flops": last["flops"] ?? .null,
        "trainLossByEpoch": .array(rows.compactMap { $0["trainLoss"] }),
      ])
    }
    return outcome
  }

  /// The plan of a scheme, with embeddings as BERT has them; from `default` everything is as BERT has it.
  static func plan(
    of network: BERTForPreTraining, method: String, std: Double, seed: UInt64
  ) throws -> InitializationPlan {
    var plan = try network.plan(try Schemes.scheme(named: method), seed: seed)
    let weights = ["*.attention.self.*.weight", "*.dense.weight", "cls.seq_relationship.weight"]
    let patterns = ["bert.embeddings.*_embeddings.weight"] + (method == PaperDefaultScheme().name ? weights : [])
    try plan.apply(patterns.map { try PlanOverride(parsing: "\($0)=normal,std=\(std)") })
    return plan
  }

  /// Weight decay for weights and embeddings alone.
  private static func groups(
    of network: BERTForPreTraining, _ optimizer: AdamWSettings
  ) throws(TorchError) -> [OptimizerGroup] {
    let (decayed, others) = (
      network.parameters.filter { $0.value.shape.count > 1 }, network.parameters.filter { $0.value.shape.count < 2 }
    )
    var spared = optimizer
    spared.weightDecay = 0
    return [
      OptimizerGroup(optimizer: try optimizer.make(decayed)), OptimizerGroup(optimizer: try spared.make(others)),
    ]
  }
}

extension Figure9.Settings {
  func configuration(vocabularyCount: Int) -> BERTConfiguration {
    BERTConfiguration(
      vocabularyCount: vocabularyCount, width: network.width, layers: network.layers, heads: network.heads,
      intermediateWidth: network.intermediateWidth, greatestLength: data.length, dropout: network.dropout,
      attentionDropout: network.attentionDropout)
  }
}
