import Foundation
import OrderedCollections
import Torch

/// Trains a classifier, epoch by epoch, so that it can be stopped or killed at any step and go on to the same numbers.
///
/// What makes that so: the order of an epoch depends on seed and epoch alone (``EpochOrder``); the learning rate on
/// the epoch and step alone; everything else that a step depends on (parameters, buffers, the optimiser's state, the
/// states of the generators that dropout draws from) is in the checkpoint, bit by bit, with the sums of the epoch so
/// far.
public final class Trainer {
  public struct Settings: Sendable {
    public var epochs: Int
    public var batchSize: Int
    public var seed: UInt64
    /// Images at a time when testing.
    public var testBatchSize = 1000

    public init(epochs: Int, batchSize: Int, seed: UInt64) {
      self.epochs = epochs
      self.batchSize = batchSize
      self.seed = seed
    }
  }

  /// What one pass over images gives.
  struct Measure: Equatable {
    var loss: Double
    var accuracy: Double
  }

  private let network: any Module
  private let optimizer: any Optimizer
  private let train: ImageTensors
  private let test: ImageTensors
  private let settings: Settings
  private let learningRate: (_ epoch: Int, _ fraction: Double) -> Double
  private let context: RunContext
  private var state = Checkpoint.State(epoch: 1, step: 0, metricsLines: 0)
  private let clock = ContinuousClock()
  private var lastCheckpoint: ContinuousClock.Instant
  private var lastReport: ContinuousClock.Instant

  /// - Parameters:
  ///   - network: Initialised; it is trained in place.
  ///   - optimizer: Of the network's parameters; its learning rate is set before every step.
  ///   - train: What to train on.
  ///   - test: What to test on after every epoch.
  ///   - settings: How long, in what portions, by which seed.
  ///   - context: The run that this is.
  ///   - learningRate: The rate for a step, from the epochs that are complete and the share of the present one that
  ///     is (0 at its first step).
  public init(
    _ network: any Module, optimizer: any Optimizer, train: ImageTensors, test: ImageTensors, settings: Settings,
    context: RunContext, learningRate: @escaping (_ epoch: Int, _ fraction: Double) -> Double
  ) {
    self.network = network
    self.optimizer = optimizer
    self.train = train
    self.test = test
    self.settings = settings
    self.context = context
    self.learningRate = learningRate
    lastCheckpoint = clock.now
    lastReport = clock.now
  }

  private var stepsPerEpoch: Int { (train.count + settings.batchSize - 1) / settings.batchSize }

  /// Trains to the end, or from where the record's checkpoint stands.
  ///
  /// Writes a line of `metrics.jsonl` for epoch 0 (tested before training) and for every epoch, and at the end
  /// `model.safetensors`.
  ///
  /// - Returns: The results after the last epoch; or `.diverged`, if the loss became NaN or infinite, in training
  ///   or when tested after an epoch.
  /// - Throws: `LabError` of kind `.interrupted` after a stop signal, with a checkpoint written.
  public func run() throws -> RunOutcome {
    try resume()
    while state.epoch <= settings.epochs {
      if let outcome = try trainEpoch() { return outcome }
    }
    try TensorFile.write(tensors(of: network), to: context.record.modelURL)
    return RunOutcome(
      results: try results(), timing: timing(seconds: state.seconds, images: settings.epochs * train.count))
  }

  // MARK: An epoch

  /// - Returns: An outcome if the run ends here before its time.
  private func trainEpoch() throws -> RunOutcome? {
    let order = try Tensor(
      EpochOrder.permutation(count: train.count, seed: settings.seed, epoch: state.epoch), device: context.device)
    network.isTraining = true
    let base = clock.now
    let secondsBefore = (total: state.seconds, epoch: state.epochSeconds)
    func updateClock() {
      let passed = seconds(clock.now - base)
      state.seconds = secondsBefore.total + passed
      state.epochSeconds = secondsBefore.epoch + passed
    }
    while state.step < stepsPerEpoch {
      let loss = try step(order)
      guard loss.isFinite else { return diverged(loss, "the loss") }
      updateClock()
      let isLast = state.step == stepsPerEpoch
      reportStep()
      if context.stop.isRequested {
        try writeCheckpoint()
        throw LabError(
          .interrupted,
          "stopped \(context.run.name) in epoch \(state.epoch), step \(state.step) of \(stepsPerEpoch); "
            + "the same command goes on from there")
      }
      if !isLast, isCheckpointDue { try writeCheckpoint() }
    }
    let tested = try measure(test)
    updateClock()
    // The last step's loss is from before its update: the network may have broken since.
    guard tested.loss.isFinite else { return diverged(tested.loss, "the test loss") }
    let row: Row = [
      "epoch": .int(state.epoch), "trainLoss": .double(state.lossSum / Double(state.seen)),
      "trainAccuracy": .double(Double(state.correct) / Double(state.seen)), "testLoss": .double(tested.loss),
      "testAccuracy": .double(tested.accuracy), "learningRate": .double(rate(at: stepsPerEpoch - 1)),
    ]
    try context.record.metrics.append(row, timing: timing(seconds: state.epochSeconds, images: train.count))
    state.metricsLines += 1
    context.report(.milestone) {
      $0.fraction = Double(state.epoch) / Double(settings.epochs)
      $0.position = "epoch \(state.epoch)/\(settings.epochs)"
      $0.loss = state.lossSum / Double(state.seen)
      $0.accuracy = tested.accuracy
      $0.samplesPerSecond = Double(train.count) / max(state.epochSeconds, 1e-9)
      $0.detail = "test loss \(ProgressText.short(tested.loss))"
    }
    state = Checkpoint.State(
      epoch: state.epoch + 1, step: 0, metricsLines: state.metricsLines, seconds: state.seconds)
    if isCheckpointDue { try writeCheckpoint() }
    return nil
  }

  /// One step of training; returns the batch's mean loss.
  private func step(_ order: Tensor) throws -> Double {
    let start = state.step * settings.batchSize
    let count = min(settings.batchSize, train.count - start)
    let (x, labels) = try train.batch(try order.narrow(axis: 0, start: start, length: count))
    let logits = try network(x)
    let loss = try crossEntropy(logits, labels)
    try optimizer.zeroGrad()
    try loss.backward()
    optimizer.learningRate = rate(at: state.step)
    try optimizer.step()
    let value = try loss.item()
    state.lossSum += value * Double(count)
    state.correct += try Self.correct(logits, labels)
    state.seen += count
    state.step += 1
    return value
  }

  private func rate(at step: Int) -> Double {
    learningRate(state.epoch - 1, Double(step) / Double(stepsPerEpoch))
  }

  private func diverged(_ loss: Double, _ what: String) -> RunOutcome {
    var results: Row = ["epoch": .int(state.epoch), "step": .int(state.step), "loss": .double(loss)]
    results["lastWholeEpoch"] = .int(state.epoch - 1)
    return RunOutcome(
      .diverged, results: results,
      reason:
        "\(what) became \(ProgressText.short(loss)) in epoch \(state.epoch), step \(state.step) of \(stepsPerEpoch)",
      timing: timing(seconds: state.seconds, images: 0))
  }

  // MARK: Measuring

  /// The mean loss and the share of right answers over `data`, in evaluation mode.
  private func measure(_ data: ImageTensors) throws -> Measure {
    let wasTraining = network.isTraining
    network.isTraining = false
    defer { network.isTraining = wasTraining }
    return try withoutGradient {
      var loss = 0.0
      var correct = 0
      var start = 0
      while start < data.count {
        let count = min(settings.testBatchSize, data.count - start)
        let labels = try data.labels_N.narrow(axis: 0, start: start, length: count)
        let logits = try network(try data.images_NCHW.narrow(axis: 0, start: start, length: count))
        loss += try crossEntropy(logits, labels).item() * Double(count)
        correct += try Self.correct(logits, labels)
        start += count
      }
      return Measure(loss: loss / Double(data.count), accuracy: Double(correct) / Double(data.count))
    }
  }

  private static func correct(_ logits: Tensor, _ labels: Tensor) throws -> Int {
    try withoutGradient { try logits.argmax(1).eq(labels).sum().integer() }
  }

  /// The last epoch's figures, and the first epochs that reached 90 % and 95 %.
  private func results() throws -> Row {
    let rows = try context.record.metrics.rows()
    guard let last = rows.last else { throw LabError(.data, "\(context.record.metrics.url.path) is empty") }
    func firstEpoch(above share: Double) -> JSONValue {
      rows.first { ($0.number("testAccuracy") ?? 0) >= share }?["epoch"] ?? .null
    }
    return [
      "testAccuracy": last["testAccuracy"] ?? .null, "testLoss": last["testLoss"] ?? .null,
      "trainLoss": last["trainLoss"] ?? .null, "trainAccuracy": last["trainAccuracy"] ?? .null,
      "bestTestAccuracy": .double(rows.compactMap { $0.number("testAccuracy") }.max() ?? .nan),
      "epochsTo90": firstEpoch(above: 0.9), "epochsTo95": firstEpoch(above: 0.95),
      "epochs": .int(settings.epochs), "trainCount": .int(train.count), "testCount": .int(test.count),
      "parameters": .int(network.parameters.values.reduce(0) { $0 + $1.elementCount }),
    ]
  }

  // MARK: Going on

  private func resume() throws {
    let record = context.record
    if FileManager.default.fileExists(atPath: record.checkpointURL.path) {
      try load(try Checkpoint(reading: record.checkpointURL), from: record.checkpointURL)
      try record.metrics.keep(first: state.metricsLines)
      context.report(.began) {
        $0.fraction = fraction
        $0.detail = "goes on in epoch \(state.epoch) of \(settings.epochs), step \(state.step)"
      }
    } else {
      try record.restart()
      context.report(.began)
      let start = try measure(test)
      try record.metrics.append([
        "epoch": 0, "testLoss": .double(start.loss), "testAccuracy": .double(start.accuracy),
      ])
      state.metricsLines = 1
    }
    lastCheckpoint = clock.now
  }

  private func load(_ checkpoint: Checkpoint, from url: URL) throws(LabError) {
    try checkpoint.state.validate(
      epochs: settings.epochs, stepsPerEpoch: stepsPerEpoch, batchSize: settings.batchSize, count: train.count, in: url)
    state = checkpoint.state
    do {
      try network.load(checkpoint.tensors(of: "model."))
      try optimizer.load(state: checkpoint.tensors(of: "optimizer."))
      let states = checkpoint.tensors(of: "generator.")
      let generators = network.generators
      guard states.keys.elementsEqual(generators.keys) else {
        let (found, expected) = (states.keys.joined(separator: ", "), generators.keys.joined(separator: ", "))
        throw LabError(.data, "generator states of [\(found)]; expected those of [\(expected)]")
      }
      for (path, generator) in generators {
        if let state = states[path] { try generator.restore(try state.array(of: UInt8.self)) }
      }
    } catch {
      // Whatever libtorch refuses here, the file is what is wrong.
      throw Checkpoint.unusable(LabError(.data, "\(url.path): \(LabError(wrapping: error).message)"))
    }
  }

  private var isCheckpointDue: Bool { seconds(clock.now - lastCheckpoint) >= context.options.checkpointSeconds }

  private func writeCheckpoint() throws {
    try Checkpoint(state: state, tensors: try allTensors()).write(to: context.record.checkpointURL)
    lastCheckpoint = clock.now
  }

  private func allTensors() throws -> OrderedDictionary<String, Tensor> {
    var all: OrderedDictionary<String, Tensor> = [:]
    for (name, tensor) in tensors(of: network) { all["model.\(name)"] = tensor }
    for (name, tensor) in try optimizer.state { all["optimizer.\(name)"] = tensor }
    for (path, generator) in network.generators { all["generator.\(path)"] = try Tensor(try generator.state()) }
    return all
  }

  private func tensors(of network: any Module) -> OrderedDictionary<String, Tensor> {
    network.parameters.merging(network.buffers) { parameter, _ in parameter }
  }

  // MARK: Telling

  private var fraction: Double {
    (Double(state.epoch - 1) + Double(state.step) / Double(stepsPerEpoch)) / Double(settings.epochs)
  }

  private func reportStep() {
    guard seconds(clock.now - lastReport) > 0.05 else { return }
    lastReport = clock.now
    context.report(.moved) {
      $0.fraction = fraction
      $0.position = "epoch \(state.epoch)/\(settings.epochs) batch \(state.step)/\(stepsPerEpoch)"
      $0.loss = state.lossSum / Double(state.seen)
      $0.accuracy = Double(state.correct) / Double(state.seen)
      $0.samplesPerSecond = Double(state.seen) / max(state.epochSeconds, 1e-9)
    }
  }

  private func timing(seconds: Double, images: Int) -> Row {
    [
      "seconds": .double((seconds * 1000).rounded() / 1000),
      "imagesPerSecond": .double((Double(images) / max(seconds, 1e-9)).rounded()),
    ]
  }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
