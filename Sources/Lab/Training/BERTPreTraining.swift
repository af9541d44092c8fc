import Datasets
import Networks
import Torch

/// BERT's pre-training (Devlin et al. 2019): what stands at hidden places, and whether the second text follows the first.
///
/// An epoch is a number of steps, not a pass over the examples: these are several copies of one text, each with other
/// places hidden, so that a pass has no meaning of its own. (BERT's own program counts steps, too.) Examples are drawn in
/// passes all the same, each in an order of its own, so that every one is met as often as any other.
public struct BERTPreTraining: TrainingTask {
  /// In what portions.
  public struct Options: Sendable {
    /// Texts a step.
    public var batchSize: Int
    /// Steps of an epoch.
    public var stepsPerEpoch: Int
    /// Of the order of texts.
    public var seed: UInt64
    /// Texts to test with, drawn from those that are held out, the same for every seed.
    public var testCount: Int

    /// Options of these numbers.
    public init(batchSize: Int, stepsPerEpoch: Int, seed: UInt64, testCount: Int) {
      (self.batchSize, self.stepsPerEpoch) = (batchSize, stepsPerEpoch)
      (self.seed, self.testCount) = (seed, testCount)
    }
  }

  public let unit = "texts"
  private let train: BERTExamples
  private let test: BERTExamples
  private let configuration: BERTConfiguration
  private let options: Options
  private let device: Device
  private let tested: [Int]

  /// - Parameters:
  ///   - train: What to train on.
  ///   - test: Of other texts; what is tested with is drawn from these.
  ///   - configuration: The network's sizes.
  ///   - options: In what portions, by which seed.
  ///   - device: Where batches are wanted.
  public init(
    train: BERTExamples, test: BERTExamples, configuration: BERTConfiguration, options: Options, device: Device = .cpu
  ) {
    (self.train, self.test, self.configuration) = (train, test, configuration)
    (self.options, self.device) = (options, device)
    tested = EpochOrder.permutation(count: test.count, seed: 0, epoch: 0).prefix(max(0, options.testCount)).map(
      Int.init)
  }

  public var trainCount: Int { options.batchSize * options.stepsPerEpoch }
  public var testCount: Int { tested.count }
  public var stepsPerEpoch: Int { options.stepsPerEpoch }

  public func validate() throws(LabError) {
    func require(_ holds: Bool, _ problem: String) throws(LabError) {
      guard !holds else { return }
      throw LabError(.configuration, "training: \(problem)")
    }
    try require(options.batchSize > 0, "batchSize is \(options.batchSize); expected 1 or more texts")
    try require(options.stepsPerEpoch > 0, "stepsPerEpoch is \(options.stepsPerEpoch); expected 1 or more")
    for examples in [train, test] {
      try require(examples.count > 0, "\(examples.file) has no examples; expected one at least")
      try require(
        examples.vocabularyCount <= configuration.vocabularyCount,
        "\(examples.file) has a vocabulary of \(examples.vocabularyCount) pieces; expected at most the network's "
          + "\(configuration.vocabularyCount)")
      try require(
        examples.greatestLength <= configuration.greatestLength,
        "\(examples.file) has examples of \(examples.greatestLength) pieces; expected at most the network's "
          + "\(configuration.greatestLength)")
    }
    try require(
      (1...test.count).contains(options.testCount),
      "testCount is \(options.testCount); expected 1 to \(test.count), the examples in \(test.file)")
  }

  public func trainBatches(epoch: Int, from step: Int) throws -> any BatchStream {
    let first = (epoch - 1) * stepsPerEpoch + step
    let last = epoch * stepsPerEpoch
    var draws = ExampleDraws(count: train.count, seed: options.seed, from: first * options.batchSize)
    return Stream(steps: max(0, last - first)) { try batch(of: train, draws.next(options.batchSize)) }
  }

  public func testBatches() throws -> any BatchStream {
    var rest = tested[...]
    return Stream(steps: (tested.count + options.batchSize - 1) / options.batchSize) {
      defer { rest = rest.dropFirst(options.batchSize) }
      return try batch(of: test, Array(rest.prefix(options.batchSize)))
    }
  }

  public func examples(in steps: Int, ofEpoch epoch: Int) -> Int { steps * options.batchSize }

  /// `step` and `flops`: the steps at the epoch's end and the operations of all of them
  /// (``/Networks/BERTConfiguration/trainingFLOPs(texts:length:predictions:)``).
  public func notes(ofEpoch epoch: Int) -> Row {
    let steps = epoch * stepsPerEpoch
    let step = configuration.trainingFLOPs(
      texts: options.batchSize, length: train.greatestLength, predictions: train.greatestPredictions)
    return ["step": .int(steps), "flops": .double(Double(steps) * step)]
  }

  private func batch(of examples: BERTExamples, _ indices: [Int]) throws -> Batch {
    let batch = try examples.batch(indices)
    func tensor(_ values: [Int64], _ columns: Int) throws(TorchError) -> Tensor {
      try Tensor(values, shape: [indices.count, columns], device: device)
    }
    let (length, places) = (examples.greatestLength, examples.greatestPredictions)
    return Batch(
      texts: BERTInput(
        ids: try tensor(batch.ids, length), segments: try tensor(batch.segments, length),
        mask: try tensor(batch.mask, length), positions: try tensor(batch.positions, places)),
      labels_M: try Tensor(batch.labels, device: device), next_N: try Tensor(batch.isRandomNext, device: device),
      count: indices.count)
  }

  private final class Stream: BatchStream {
    private var steps: Int
    private let make: () throws -> any TrainingBatch

    init(steps: Int, _ make: @escaping () throws -> any TrainingBatch) { (self.steps, self.make) = (steps, make) }

    func nextBatch() throws -> (any TrainingBatch)? {
      guard steps > 0 else { return nil }
      steps -= 1
      return try make()
    }

    func stop() { steps = 0 }
  }

  /// Texts that go together. Legend: N texts, P places to predict in each, M = N · P.
  public struct Batch: TrainingBatch {
    /// The texts.
    public let texts: BERTInput
    /// −100 where there is no place to predict.
    let labels_M: Tensor
    /// Int64: 0 where the second text follows the first, 1 where it is from elsewhere.
    public let next_N: Tensor
    public let count: Int

    public var input: Tensor { texts.ids }

    public func loss(of network: any Module, isTraining: Bool) throws -> BatchLoss {
      guard let network = network as? BERTForPreTraining else {
        throw LabError(.configuration, "\(type(of: network)) is not pre-trained on text; expected BERTForPreTraining")
      }
      let (words_MV, next_N2) = try network.predict(texts)
      let masked = try crossEntropy(words_MV, labels_M)
      let next = try crossEntropy(next_N2, next_N)
      return BatchLoss(loss: try masked + next, parts: ["testMaskedLoss": masked, "testNextLoss": next]) {
        // A text counts for the share of its batch's hidden places that are found.
        let asked = try labels_M.ge(0)
        let found = try words_MV.argmax(1).eq(labels_M).and(asked).sum().integer()
        return Double(count) * Double(found) / Double(max(1, try asked.sum().integer()))
      }
    }
  }
}
