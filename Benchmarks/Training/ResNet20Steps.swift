import BenchmarkSupport
import Datasets
import IDInit
import Lab
import Networks
import Torch

/// Our side of the ResNet-20 step, as the paper's Table 4 trains: batches of the real loader (crop, flip,
/// normalisation from bytes, on its own thread), forward, cross-entropy, backward, SGD, and the count of right answers that
/// Lab's trainer takes of every batch. PyTorch's side in scripts/bench/resnet20.py only gathers floats, and counts nothing.
final class ResNet20Steps: TrainingSteps {
  static let batch = 128

  private let network: CIFARResNet
  private let optimizer: SGD
  private let loader: BatchLoader
  private var epoch = 0
  private var batches: EpochBatches?

  /// - Parameter images: As many made-up images as there are to train on.
  /// - Throws: What building the network or the loader throws.
  init(images: Int) throws {
    network = try CIFARResNet(depth: 20)
    // Random weights, as in PyTorch: a sparse kernel could be faster or slower.
    let plan = try network.plan(KaimingScheme(), example: try Tensor.zeros([2, 3, 32, 32]))
    try network.initialize(by: plan)
    optimizer = try SGD(network.parameters, learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4)
    loader = try Self.loader(images: images)
  }

  /// Batches of bytes without meaning, which cost as much to prepare as any others.
  static func loader(images count: Int) throws -> BatchLoader {
    var state: UInt32 = 1
    let bytes = (0..<count * 3 * 32 * 32).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
    let images = try LabeledImages(
      name: "noise", images: bytes, labels: (0..<count).map { UInt8($0 % 10) }, channels: 3, height: 32, width: 32,
      classCount: 10)
    return try BatchLoader(
      images, normalization: Normalization(mean: [0.49, 0.48, 0.45], std: [0.25, 0.24, 0.26]),
      augmentation: Augmentation(cropPadding: 4, flip: true), batchSize: batch, order: .shuffled)
  }

  func run(_ count: Int) throws -> Double {
    try seconds {
      for _ in 0..<count { try step() }
    }
  }

  private func step() throws {
    let batch = try next()
    let logits = try network(batch.x_NCHW)
    let loss = try crossEntropy(logits, batch.labels_N)
    _ = try loss.item()
    try optimizer.zeroGrad()
    try loss.backward()
    try optimizer.step()
    _ = try logits.argmax(1).eq(batch.labels_N).sum().integer()
  }

  /// The next batch of whatever epoch has any.
  private func next() throws -> Batch {
    while true {
      if let batch = try batches?.next() { return batch }
      epoch += 1
      batches = loader.batches(epoch: epoch)
    }
  }
}
