import Datasets
import Torch

/// Training of a sentence classifier: cross entropy over classes, batches of sentences of about one length.
///
/// Shapes: N sentences of a batch, L words of its longest.
public struct SentenceClassification: TrainingTask {
  /// Sentences as numbers of words, each with its class.
  public struct Sentences: Sendable {
    /// For people: `sst2 train`.
    public var name: String
    /// Numbers of words, 0 for padding; each sentence has one at least.
    public var ids: [[Int32]]
    /// A class for each sentence.
    public var labels: [UInt8]

    /// Sentences with their classes.
    public init(name: String, ids: [[Int32]], labels: [UInt8]) {
      (self.name, self.ids, self.labels) = (name, ids, labels)
    }
  }

  /// In what portions.
  public struct Options: Sendable {
    /// Sentences a step.
    public var batchSize: Int
    /// Of the order of sentences.
    public var seed: UInt64
    /// Sentences at a time when testing.
    public var testBatchSize = 256
    /// Batches whose sentences are sorted by length together (``/Datasets/SentenceBatches``).
    public var poolSize = 50

    /// Options with the defaults for all else.
    public init(batchSize: Int, seed: UInt64) { (self.batchSize, self.seed) = (batchSize, seed) }
  }

  public let unit = "sentences"
  private let train: Sentences
  private let test: Sentences
  private let classCount: Int
  private let options: Options
  private let device: Device

  /// - Parameters:
  ///   - train: What to train on.
  ///   - test: What to test on after every epoch.
  ///   - classCount: How many classes there are.
  ///   - options: In what portions, by which seed.
  ///   - device: Where batches are wanted.
  public init(train: Sentences, test: Sentences, classCount: Int, options: Options, device: Device = .cpu) {
    (self.train, self.test, self.classCount) = (train, test, classCount)
    (self.options, self.device) = (options, device)
  }

  public var trainCount: Int { train.ids.count }
  public var testCount: Int { test.ids.count }
  public var stepsPerEpoch: Int { (trainCount + options.batchSize - 1) / max(1, options.batchSize) }

  public func validate() throws(LabError) {
    for (name, value) in [
      ("batchSize", options.batchSize), ("testBatchSize", options.testBatchSize), ("poolSize", options.poolSize),
    ] { try TrainingNumber.require(value > 0, name, value, "1 or more") }
    for part in [train, test] {
      guard part.ids.count == part.labels.count, !part.ids.isEmpty else {
        throw LabError(
          .configuration,
          "\(part.name) has \(part.ids.count) sentences and \(part.labels.count) labels; expected as many, and one at least"
        )
      }
      if let empty = part.ids.firstIndex(where: \.isEmpty) {
        throw LabError(.data, "\(part.name): sentence \(empty + 1) has no words that are kept; expected one at least")
      }
      if let wrong = part.labels.first(where: { Int($0) >= classCount }) {
        throw LabError(.data, "\(part.name) has a label \(wrong); expected 0 to \(classCount - 1)")
      }
    }
  }

  /// The batches of an epoch; a function of seed and epoch.
  private func order(ofEpoch epoch: Int) throws -> SentenceBatches {
    try SentenceBatches(
      lengths: train.ids.map(\.count), batchSize: options.batchSize, poolSize: options.poolSize, epoch: epoch,
      streams: PhiloxStreams(seed: options.seed))
  }

  public func trainBatches(epoch: Int, from step: Int) throws -> any BatchStream {
    let batches = try order(ofEpoch: epoch).batches
    return Stream(train, batches[min(max(step, 0), batches.count)...], task: self)
  }

  public func testBatches() throws -> any BatchStream {
    // Sentences of one length go together, so that there is little padding; their order does not matter here.
    let sorted = test.ids.indices.sorted { (test.ids[$0].count, $0) < (test.ids[$1].count, $1) }
    let batches = stride(from: 0, to: sorted.count, by: options.testBatchSize).map {
      Array(sorted[$0..<min(sorted.count, $0 + options.testBatchSize)])
    }
    return Stream(test, batches[...], task: self)
  }

  public func examples(in steps: Int, ofEpoch epoch: Int) -> Int {
    guard steps < stepsPerEpoch, let batches = try? order(ofEpoch: epoch).batches else { return trainCount }
    return batches[..<max(0, steps)].reduce(0) { $0 + $1.count }
  }

  /// `paddedFraction`: of all places that the network goes through, the part that is padding.
  public func notes(ofEpoch epoch: Int) -> Row {
    guard epoch > 0, let order = try? order(ofEpoch: epoch) else { return [:] }
    return ["paddedFraction": .double(order.paddedFraction)]
  }

  private func batch(_ indices: [Int], of part: Sentences) throws(TorchError) -> Batch {
    let (ids, length) = SentenceBatches.padded(indices.map { part.ids[$0] })
    return Batch(
      ids_NL: try Tensor(ids.map(Int64.init), shape: [indices.count, length], device: device),
      labels_N: try Tensor(indices.map { Int64(part.labels[$0]) }, device: device), classCount: classCount)
  }

  private final class Stream: BatchStream {
    private let part: Sentences
    private var batches: ArraySlice<[Int]>
    private let task: SentenceClassification

    init(_ part: Sentences, _ batches: ArraySlice<[Int]>, task: SentenceClassification) {
      (self.part, self.batches, self.task) = (part, batches, task)
    }

    func nextBatch() throws -> (any TrainingBatch)? { try batches.popFirst().map { try task.batch($0, of: part) } }

    func stop() { batches = [] }
  }

  /// Sentences that go together, with their classes.
  public struct Batch: TrainingBatch {
    /// Numbers of words, int64.
    public let ids_NL: Tensor
    /// Classes, int64.
    public let labels_N: Tensor
    let classCount: Int

    public var count: Int { labels_N.shape[0] }
    public var input: Tensor { ids_NL }

    public func loss(of network: any Module, isTraining: Bool) throws -> BatchLoss {
      let logits_NK = try network(ids_NL)
      try ClassificationLoss.check(logits_NK, count: count, classes: classCount, unit: "sentences")
      return BatchLoss(loss: try crossEntropy(logits_NK, labels_N)) {
        Double(try logits_NK.argmax(1).eq(labels_N).sum().integer())
      }
    }
  }
}
