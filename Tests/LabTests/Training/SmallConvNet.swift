import Datasets
import Foundation
import IDInit
import OrderedCollections
import TestSupport
import Testing
import Torch

@testable import Lab

/// 3×8×8 → conv1 → norm → ReLU → conv2 → ReLU → dropout → mean → fc, with a trainable scalar: a bit of everything.
final class SmallConvNet: Module {
  let conv1: Convolution
  let bn1: BatchNorm
  let conv2: Convolution
  let dropout: Dropout
  let fc: Linear
  /// One number; [1].
  let scale: Tensor

  init() throws {
    conv1 = try Conv2d(3, 8, 3, padding: 1, bias: false)
    bn1 = try BatchNorm2d(8)
    conv2 = try Conv2d(8, 8, 3, padding: 1)
    dropout = Dropout(0.25, generator: try Generator(seed: 3))
    fc = try Linear(8, 10)
    scale = try Tensor.ones([1]).settingRequiresGrad()
    let generator = try Generator(seed: 11)
    try withoutGradient {
      for weight in [conv1.weight, conv2.weight, fc.weight] {
        try weight.copy(from: Tensor.randn(weight.shape, generator: generator) * 0.2)
      }
    }
  }

  var localParameters: OrderedDictionary<String, Tensor> { ["scale": scale] }
  var submodules: OrderedDictionary<String, any Module> {
    ["conv1": conv1, "bn1": bn1, "conv2": conv2, "drop": dropout, "fc": fc]
  }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    let h = try relu(bn1(conv1(x)))
    let stem = try relu(conv2(h)) * scale
    return try fc(dropout(h + stem).mean([2, 3]))
  }
}

/// A training of made-up images in a record of its own, in this process.
struct SmallTraining {
  let folder: TemporaryFolder
  var settings = Trainer.Settings(epochs: 2)
  var portions = ImageClassification.Options(batchSize: 16, seed: 5)
  var learningRate = 0.05
  var momentum = 0.9
  /// The rate factor of the scalar's own group; nil puts it with the others.
  var scalarFactor: Double?
  var observe: Trainer.Observer?
  var prepare: (SmallConvNet) throws -> Void = { _ in }

  init() throws { folder = try TemporaryFolder() }

  static func images(_ count: Int, seed: UInt64) throws -> (train: LabeledImages, test: LabeledImages) {
    (
      try MadeUpImages.make(count: count, height: 8, width: 8, seed: seed),
      try MadeUpImages.make(count: 30, height: 8, width: 8, seed: seed + 1)
    )
  }

  static let normalization = Normalization(mean: [0.5, 0.4, 0.6], std: [0.25, 0.3, 0.2])

  func groups(_ network: SmallConvNet) throws -> [OptimizerGroup] {
    func sgd(_ parameters: OrderedDictionary<String, Tensor>) throws -> SGD {
      try SGD(parameters, learningRate: 1, momentum: momentum, weightDecay: 1e-3)
    }
    guard let scalarFactor else { return [OptimizerGroup(optimizer: try sgd(network.parameters))] }
    return [
      OptimizerGroup(optimizer: try sgd(network.parameters.filter { $0.key != "scale" })),
      OptimizerGroup(optimizer: try sgd(["scale": network.scale]), rateFactor: scalarFactor),
    ]
  }

  @discardableResult
  func run(stopAfter: Int? = nil, checkpointSeconds: Double = 1e9) throws -> FinishedRun {
    var options = RunOptions(out: folder.url)
    options.threads = 1
    options.checkpointSeconds = checkpointSeconds
    if let stopAfter {
      let counter = Counter()
      options.stop = StopSignal { counter.next() > stopAfter }
    }
    let (train, test) = try Self.images(70, seed: 1)
    let planned = PlannedRun(name: "run", labels: [:], settings: [:]) { context in
      let network = try SmallConvNet()
      try prepare(network)
      return try Trainer(
        network, groups: try groups(network),
        task: try ImageClassification(
          train: train, test: test, normalization: Self.normalization, options: portions),
        settings: settings, context: context, observe: observe
      ) { epoch, fraction in learningRate / (1 + Double(epoch) + fraction) }.run()
    }
    return try #require(try RunQueue(options).perform([planned], recipe: "small", about: [:]).first)
  }

  func url(_ name: String) -> URL { folder.url.appendingPathComponent("run").appendingPathComponent(name) }
  func file(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }
  func comparable() throws -> String {
    MetricsLog.comparable(String(decoding: try file("metrics.jsonl"), as: UTF8.self))
  }
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url(name).path) }
}
