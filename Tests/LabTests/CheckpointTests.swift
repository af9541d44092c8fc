import Foundation
import IDInit
import OrderedCollections
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

@Suite struct CheckpointTests {
  /// What is spoilt in the state of a run that stands in step 5 of 10 of epoch 1 of 3, and what the error must say.
  static let spoilt: [(what: String, spoil: @Sendable (inout Checkpoint.State) -> Void, says: String)] = [
    ("lines below 0", { $0.metricsLines = -1 }, "metricsLines is -1; expected 1"),
    ("lines of another epoch", { $0.metricsLines = 2 }, "metricsLines is 2; expected 1"),
    ("epoch 0", { $0.epoch = 0 }, "epoch is 0; expected 1 to 4"),
    ("epoch beyond all", { $0.epoch = 99 }, "epoch is 99; expected 1 to 4"),
    ("epoch beyond counting", { $0.epoch = .max }, "expected 1 to 4"),
    // Would write the model untrained and call the run finished.
    ("after the last epoch", { ($0.epoch, $0.metricsLines) = (4, 4) }, "step is 5; expected 0 to 0 in epoch 4"),
    ("step below 0", { $0.step = -1 }, "step is -1; expected 0 to 10"),
    ("step beyond the epoch", { $0.step = 11 }, "step is 11; expected 0 to 10"),
    ("images", { $0.seen = 3 }, "seen is 3; expected 320 images"),
    ("right answers", { $0.correct = 321 }, "correct is 321; expected 0 to 320"),
    ("time", { $0.seconds = -1 }, "seconds is -1.0; expected"),
  ]

  @Test(arguments: spoilt.indices) func aSpoiltStateIsAnError(_ index: Int) throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: 5)
    let url = bench.url("checkpoint.safetensors")
    var checkpoint = try Checkpoint(reading: url)
    #expect(checkpoint.state.step == 5 && checkpoint.state.epoch == 1)
    Self.spoilt[index].spoil(&checkpoint.state)
    try checkpoint.write(to: url)
    let error = #expect(throws: LabError.self) { try bench.run() }
    #expect(error?.kind == .data)
    for part in [url.path, Self.spoilt[index].says, "remove that checkpoint"] {
      #expect(error?.message.contains(part) == true, "\(Self.spoilt[index].what): \(error?.message ?? "")")
    }
    #expect(!FileManager.default.fileExists(atPath: bench.url("summary.json").path))
  }

  /// λ of a + (1 − λ) of b is a little more than all where every answer of a mixed batch is right.
  @Test func sharesMayAddUpToAnUlpMoreThanAll() throws {
    var state = Checkpoint.State(epoch: 1, step: 5, metricsLines: 1)
    (state.seen, state.correct) = (320, (320.0).nextUp)
    let url = URL(fileURLWithPath: "/checkpoint")
    try state.validate(epochs: 3, task: CountedExamples(count: 600, batchSize: 64), in: url)
    state.correct = 320.5
    #expect(throws: LabError.self) {
      try state.validate(epochs: 3, task: CountedExamples(count: 600, batchSize: 64), in: url)
    }
  }

  @Test(arguments: [0, 4, 200, -100]) func aTruncatedFileIsAnError(_ length: Int) throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: 5)
    let url = bench.url("checkpoint.safetensors")
    let data = try Data(contentsOf: url)
    try data.prefix(length < 0 ? data.count + length : length).write(to: url)
    let error = #expect(throws: LabError.self) { try bench.run() }
    #expect(error?.kind == .data)
    #expect(error?.message.contains(url.path) == true)
  }

  @Test func tensorsOfAnotherNetworkAreAnError() throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: 5)
    let url = bench.url("checkpoint.safetensors")
    var checkpoint = try Checkpoint(reading: url)
    checkpoint.tensors["model.fc1.weight"] = try Tensor.zeros([2, 2])
    try checkpoint.write(to: url)
    let error = #expect(throws: LabError.self) { try bench.run() }
    #expect(error?.kind == .data)
    #expect(error?.message.contains("fc1.weight") == true)
  }

  @Test func metricsLinesBelowZeroAreAnError() throws {
    let folder = try TemporaryFolder()
    let log = MetricsLog(url: URL(fileURLWithPath: try folder.write(Array("{}\n".utf8), to: "metrics.jsonl")))
    let error = #expect(throws: LabError.self) { try log.keep(first: -1) }
    #expect(error?.kind == .data)
  }
}

/// 784 → 16 → 10 with dropout between, or with something that only evaluation meets.
private final class SmallNet: Module {
  let fc1: Linear
  let fc2: Linear
  let dropout: Dropout
  /// What logits are multiplied by in evaluation.
  var evaluationFactor = 1.0

  init() throws {
    fc1 = try Linear(784, 16)
    fc2 = try Linear(16, 10)
    dropout = Dropout(0.5, generator: try Generator(seed: 7))
    for (name, layer) in [("fc1", fc1), ("fc2", fc2)] {
      let values: [Float] = try Rule.xavier(XavierRule(.uniform)).values(
        geometry: .linear(out: layer.weight.shape[0], in: layer.weight.shape[1]), seed: 0, name: name)
      let filled = try Tensor(values, shape: layer.weight.shape)
      try withoutGradient { try layer.weight.copy(from: filled) }
    }
  }

  var submodules: OrderedDictionary<String, any Module> { ["fc1": fc1, "drop": dropout, "fc2": fc2] }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    let logits = try fc2(dropout(relu(fc1(x.flattened(from: 1)))))
    return isTraining ? logits : try logits * evaluationFactor
  }
}

@Suite struct TrainerStateTests {
  /// One training of 600 images in batches of 64, 10 steps an epoch, 2 epochs.
  private func run(in folder: TemporaryFolder, stopAfter: Int? = nil, evaluationFactor: Double = 1) throws
    -> FinishedRun
  {
    var options = RunOptions(out: folder.url)
    options.threads = 1
    options.checkpointSeconds = 1e9
    if let stopAfter {
      let counter = Counter()
      options.stop = StopSignal { counter.next() > stopAfter }
    }
    let planned = PlannedRun(name: "small", labels: [:], settings: [:]) { context in
      let dataset = try context.dataset("synthetic")
      let network = try SmallNet()
      network.evaluationFactor = evaluationFactor
      let trainer = Trainer(
        network,
        groups: [OptimizerGroup(optimizer: try SGD(network.parameters, learningRate: 0.1, momentum: 0.9))],
        task: try ImageClassification(
          train: dataset.train, test: dataset.test, normalization: Normalization(mean: [0], std: [1]),
          options: .init(batchSize: 64, seed: 0)),
        settings: .init(epochs: 2), context: context
      ) { _, _ in 0.1 }
      return try trainer.run()
    }
    return try #require(try RunQueue(options).perform([planned], recipe: "small", about: [:]).first)
  }

  private func text(_ folder: TemporaryFolder) throws -> String {
    MetricsLog.comparable(try String(contentsOfFile: folder.path("small/metrics.jsonl"), encoding: .utf8))
  }

  @Test(arguments: [1, 7, 10, 13]) func dropoutGoesOnToTheSameBits(_ step: Int) throws {
    let (whole, stopped) = (try TemporaryFolder(), try TemporaryFolder())
    _ = try run(in: whole)
    #expect(throws: LabError.self) { try run(in: stopped, stopAfter: step) }
    #expect(try run(in: stopped).status == .finished)
    #expect(try text(stopped) == text(whole))
    let models = try [stopped, whole].map {
      try Data(contentsOf: URL(fileURLWithPath: $0.path("small/model.safetensors")))
    }
    #expect(models[0] == models[1])
  }

  @Test func aCheckpointWithoutItsGeneratorsIsAnError() throws {
    let folder = try TemporaryFolder()
    #expect(throws: LabError.self) { try run(in: folder, stopAfter: 7) }
    let url = URL(fileURLWithPath: folder.path("small/checkpoint.safetensors"))
    var checkpoint = try Checkpoint(reading: url)
    #expect(checkpoint.tensors["generator.drop"] != nil)
    checkpoint.tensors["generator.drop"] = nil
    try checkpoint.write(to: url)
    let error = #expect(throws: LabError.self) { try run(in: folder) }
    #expect(error?.kind == .data)
    #expect(error?.message.contains("expected those of [drop]") == true, "\(error?.message ?? "")")
  }

  @Test func aTestLossThatIsNoNumberIsADivergence() throws {
    let folder = try TemporaryFolder()
    let run = try run(in: folder, evaluationFactor: .infinity)
    #expect(run.status == .diverged)
    #expect(run.reason?.contains("the test loss became") == true, "\(run.reason ?? "")")
  }
}

/// A task that is only counted.
private struct CountedExamples: TrainingTask {
  let count: Int
  let batchSize: Int

  let unit = "images"
  var trainCount: Int { count }
  var testCount: Int { 0 }
  var stepsPerEpoch: Int { (count + batchSize - 1) / batchSize }
  func validate() {}
  func trainBatches(epoch: Int, from step: Int) -> any BatchStream { NoBatches() }
  func testBatches() -> any BatchStream { NoBatches() }
  func examples(in steps: Int, ofEpoch epoch: Int) -> Int { min(count, steps * batchSize) }

  private final class NoBatches: BatchStream {
    func nextBatch() -> (any TrainingBatch)? { nil }
    func stop() {}
  }
}
