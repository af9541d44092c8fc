import Datasets
import Lab
import Networks
import Torch

extension SentenceRecipe {
  /// Without dropout, which hides a part of the signal that differs from pass to pass.
  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    let dataset = try bench.sentences(settings.data.name.rawValue)
    let words = try SentenceWords(dataset)
    let classes = dataset.classNames.count
    let task = SentenceClassification(
      train: words.train, test: words.test, classCount: classes,
      options: .init(batchSize: bench.batch ?? settings.training.batchSize, seed: bench.seed), device: bench.device)
    try task.validate()
    let first = try task.trainBatches(epoch: 1, from: 0).nextBatch()
    guard let batch = first as? SentenceClassification.Batch else {
      throw LabError(.data, "\(words.train.name) has no sentences; expected one or more")
    }
    var read: [Vectors: WordVectors] = [:]
    let subjects = try subjects(
      settings,
      {
        var start = $0
        start.seeds = [Int(clamping: bench.seed)]
        start.network.dropout = 0
        return start
      },
      { start in
        let source = try WordVectorSource(start)
        let vectors = try read[source.source] ?? source.vectors(for: words.vocabulary, at: bench.locator)
        read[source.source] = vectors
        let (network, plan) = try SentenceTraining(start, kind).start(vectors, classes: classes, device: bench.device)
        try network.initialize(by: plan, threads: Runtime.threadCount)
        return network
      }, input: batch.ids_NL, target: .classes(batch.labels_N, count: classes), seed: bench.seed)
    return RecipeProbe(
      subjects: subjects,
      data: "\(batch.count) sentences of \(words.train.name), of up to \(batch.ids_NL.shape[1]) words, without dropout")
  }
}
