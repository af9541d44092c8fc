import Datasets
import Torch

/// Training of an image classifier: cross entropy over classes, batches with augmentation.
public struct ImageClassification: TrainingTask {
  /// In what portions, and what is done to them.
  public struct Options: Sendable {
    /// Images a step.
    public var batchSize: Int
    /// Of the order of images and of what augmentation draws.
    public var seed: UInt64
    /// Images at a time when testing.
    public var testBatchSize = 1000
    /// What is done to each training batch.
    public var augmentation = Augmentation.none
    /// 0 … 1: this part of each target is spread over all classes, in training only.
    public var labelSmoothing = 0.0

    /// Options with the defaults for all else.
    public init(batchSize: Int, seed: UInt64) { (self.batchSize, self.seed) = (batchSize, seed) }

    func validate() throws(LabError) {
      try TrainingNumber.require(batchSize > 0, "batchSize", batchSize, "1 or more images")
      try TrainingNumber.require(testBatchSize > 0, "testBatchSize", testBatchSize, "1 or more images")
      try TrainingNumber.require((0...1).contains(labelSmoothing), "labelSmoothing", labelSmoothing, "0 to 1")
      try augmentation.validate()
    }
  }

  public let unit = "images"
  private let train: LabeledImages
  private let test: LabeledImages
  private let options: Options
  private let trainLoader: BatchLoader
  private let testLoader: BatchLoader

  /// - Parameters:
  ///   - train: What to train on.
  ///   - test: What to test on after every epoch.
  ///   - normalization: How pixels become numbers, the same in training and testing.
  ///   - options: In what portions, by which seed, with which augmentation.
  ///   - device: Where batches are wanted.
  /// - Throws: `LabError` (`.configuration`) for options that do not fit the images.
  public init(
    train: LabeledImages, test: LabeledImages, normalization: Normalization, options: Options, device: Device = .cpu
  ) throws(LabError) {
    try options.validate()
    (self.train, self.test, self.options) = (train, test, options)
    trainLoader = try BatchLoader(
      train, normalization: normalization, augmentation: options.augmentation, batchSize: options.batchSize,
      order: .shuffled, seed: options.seed, device: device)
    testLoader = try BatchLoader(
      test, normalization: normalization, batchSize: options.testBatchSize, order: .inOrder, device: device)
  }

  public var trainCount: Int { train.count }
  public var testCount: Int { test.count }
  public var stepsPerEpoch: Int { trainLoader.batchesPerEpoch }

  public func validate() throws(LabError) {
    let (ours, theirs) = (train, test)
    guard
      (ours.channels, ours.height, ours.width, ours.classCount)
        == (theirs.channels, theirs.height, theirs.width, theirs.classCount)
    else {
      throw LabError(
        .configuration,
        "\(theirs.name) has images of \(theirs.channels)×\(theirs.height)×\(theirs.width) in \(theirs.classCount) "
          + "classes; expected \(ours.channels)×\(ours.height)×\(ours.width) in \(ours.classCount), as \(ours.name) has"
      )
    }
  }

  public func trainBatches(epoch: Int, from step: Int) -> any BatchStream {
    Stream(
      trainLoader.batches(epoch: epoch, from: step), classCount: train.classCount,
      labelSmoothing: options.labelSmoothing)
  }

  public func testBatches() -> any BatchStream {
    Stream(testLoader.batches(), classCount: test.classCount, labelSmoothing: 0)
  }

  public func examples(in steps: Int, ofEpoch epoch: Int) -> Int { min(trainCount, steps * options.batchSize) }

  private final class Stream: BatchStream {
    private let batches: EpochBatches
    private let classCount: Int
    private let labelSmoothing: Double

    init(_ batches: EpochBatches, classCount: Int, labelSmoothing: Double) {
      (self.batches, self.classCount, self.labelSmoothing) = (batches, classCount, labelSmoothing)
    }

    func nextBatch() throws -> (any TrainingBatch)? {
      try batches.next().map { Images(batch: $0, classCount: classCount, labelSmoothing: labelSmoothing) }
    }

    func stop() { batches.stop() }
  }

  private struct Images: TrainingBatch {
    let batch: Batch
    let classCount: Int
    let labelSmoothing: Double

    var count: Int { batch.count }
    var input: Tensor { batch.x_NCHW }

    func loss(of network: any Module, isTraining: Bool) throws -> BatchLoss {
      let logits = try network(batch.x_NCHW)
      try ClassificationLoss.check(logits, count: batch.count, classes: classCount, unit: "images")
      // Without label smoothing in testing, so that losses of trainings with and without compare.
      let loss = ClassificationLoss(labelSmoothing: isTraining ? labelSmoothing : 0)
      return BatchLoss(loss: try loss(logits, batch)) { try ClassificationLoss.correct(logits, batch) }
    }
  }
}
