import Foundation
import Torch

/// Trains a network, epoch by epoch, so that it can be stopped or killed at any step and go on: on a CPU to the same
/// numbers, bit by bit; on a GPU to nearly the same, since some of libtorch's sums there are in no fixed order.
///
/// What makes that so: the order of an epoch and what augmentation draws depend on seed, epoch and step alone
/// (``TrainingTask``); the learning rate on the epoch and step alone; everything else that a step depends on (parameters,
/// buffers, the optimisers' states, averaged weights, the states of the generators that dropout draws from) is in the
/// checkpoint, bit by bit, with the sums of the epoch so far.
public final class Trainer {
  /// How long to train, and towards what.
  public struct Settings: Sendable {
    /// How often all examples are gone through.
    public var epochs: Int
    /// d of a ← d·a + (1 − d)·w after every step, an average of the weights that is tested and saved in their place;
    /// 0 = off.
    public var averageDecay = 0.0
    /// Shares of right answers in testing whose first epoch is reported: 0.9 as `epochsTo90`.
    public var targets: [Double] = []

    /// Settings with the defaults for all else.
    public init(epochs: Int) { self.epochs = epochs }
  }

  /// Extra cells of an epoch's row of metrics: see ``Trainer/init(_:groups:task:settings:context:observe:learningRate:)``.
  public typealias Observer = (_ epoch: Int, _ network: any Module) throws -> Row

  let network: any Module
  let groups: [OptimizerGroup]
  let task: any TrainingTask
  let settings: Settings
  let context: RunContext
  var average: WeightAverage?
  var state = Checkpoint.State(epoch: 1, step: 0, metricsLines: 0)
  let clock = ContinuousClock()
  var lastCheckpoint: ContinuousClock.Instant
  private var lastReport: ContinuousClock.Instant
  private let observe: Observer?
  private let learningRate: (_ epoch: Int, _ fraction: Double) -> Double

  /// - Parameters:
  ///   - network: Initialised; it is trained in place.
  ///   - groups: Optimisers of its parameters, each of which is in one of them; their rates are set before every step.
  ///   - task: What it is trained on, and tested on after every epoch.
  ///   - settings: How long.
  ///   - context: The run that this is.
  ///   - observe: Called before training (epoch 0) and after every epoch, once tested, with the network as it is trained
  ///     (not averaged) in evaluation mode; its cells go into the epoch's row of metrics, and so survive a resume. It
  ///     leaves weights, buffers and generators as they are.
  ///   - learningRate: The rate for a step, from the epochs that are complete and the share of the present one that
  ///     is (0 at its first step). A group gets it times its `rateFactor`.
  public init(
    _ network: any Module, groups: [OptimizerGroup], task: any TrainingTask, settings: Settings, context: RunContext,
    observe: Observer? = nil,
    learningRate: @escaping (_ epoch: Int, _ fraction: Double) -> Double
  ) {
    (self.network, self.groups) = (network, groups)
    (self.task, self.settings, self.context) = (task, settings, context)
    (self.observe, self.learningRate) = (observe, learningRate)
    lastCheckpoint = clock.now
    lastReport = clock.now
  }

  var stepsPerEpoch: Int { task.stepsPerEpoch }

  /// Trains to the end, or from where the record's checkpoint stands.
  ///
  /// Writes a line of `metrics.jsonl` for epoch 0 (tested before training) and for every epoch, and at the end
  /// `model.safetensors`: the averaged weights, if there are any, with the network's buffers.
  ///
  /// - Returns: The results after the last epoch; or `.diverged`, if the loss became NaN or infinite, in training
  ///   or when tested after an epoch, with the layer where it began (`layer`) and the last checkpoint left in the record.
  /// - Throws: `LabError` of kind `.interrupted` after a stop signal, with a checkpoint written; of kind `.configuration`
  ///   for settings that do not fit the data or the network.
  public func run() throws -> RunOutcome {
    try validate()
    if settings.averageDecay > 0 { average = try WeightAverage(of: network, decay: settings.averageDecay) }
    try resume()
    while state.epoch <= settings.epochs {
      if let outcome = try trainEpoch() { return outcome }
    }
    try withTestedWeights { try TensorFile.write(tensors(of: network), to: context.record.modelURL) }
    return RunOutcome(
      results: try results(), timing: timing(seconds: state.seconds, examples: settings.epochs * task.trainCount))
  }

  // MARK: An epoch

  /// - Returns: An outcome if the run ends here before its time.
  private func trainEpoch() throws -> RunOutcome? {
    network.isTraining = true
    let base = clock.now
    let secondsBefore = (total: state.seconds, epoch: state.epochSeconds)
    func updateClock() {
      let passed = seconds(clock.now - base)
      state.seconds = secondsBefore.total + passed
      state.epochSeconds = secondsBefore.epoch + passed
    }
    let batches = try task.trainBatches(epoch: state.epoch, from: state.step)
    // Also where a step throws: no thread outlives the run.
    defer { batches.stop() }
    while state.step < stepsPerEpoch, let batch = try batches.nextBatch() {
      let value = try step(batch)
      guard value.isFinite else { return try diverged(value, "the loss", in: batch, afterSteps: state.step + 1) }
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
    let tested = try measure()
    updateClock()
    // The last step's loss is from before its update: the network may have broken since.
    guard tested.loss.isFinite else {
      return try withTestedWeights {
        network.isTraining = false
        return try diverged(tested.loss, "the test loss", in: tested.worst, afterSteps: state.step)
      }
    }
    try finishEpoch(tested)
    if isCheckpointDue { try writeCheckpoint() }
    return nil
  }

  private func finishEpoch(_ tested: Measure) throws {
    var row: Row = [
      "epoch": .int(state.epoch), "trainLoss": .double(state.lossSum / Double(state.seen)),
      "trainAccuracy": .double(state.correct / Double(state.seen)), "testLoss": .double(tested.loss),
      "testAccuracy": .double(tested.accuracy), "learningRate": .double(rate(at: stepsPerEpoch - 1)),
    ]
    row = row.appending(tested.parts).appending(task.notes(ofEpoch: state.epoch))
      .appending(try observation(of: state.epoch))
    try context.record.metrics.append(row, timing: timing(seconds: state.epochSeconds, examples: task.trainCount))
    state.metricsLines += 1
    context.report(.milestone) {
      $0.fraction = Double(state.epoch) / Double(settings.epochs)
      $0.position = "epoch \(state.epoch)/\(settings.epochs)"
      $0.loss = state.lossSum / Double(state.seen)
      $0.accuracy = tested.accuracy
      $0.samplesPerSecond = Double(task.trainCount) / max(state.epochSeconds, 1e-9)
      $0.detail = "test loss \(ProgressText.short(tested.loss))"
    }
    state = Checkpoint.State(
      epoch: state.epoch + 1, step: 0, metricsLines: state.metricsLines, seconds: state.seconds)
  }

  /// One step of training; returns the batch's mean loss. Nothing is changed by a loss that is not finite.
  private func step(_ batch: any TrainingBatch) throws -> Double {
    let result = try batch.loss(of: network, isTraining: true)
    let value = try result.loss.item()
    guard value.isFinite else { return value }
    for group in groups { try group.optimizer.zeroGrad() }
    try result.loss.backward()
    let rate = rate(at: state.step)
    for group in groups {
      group.optimizer.learningRate = rate * group.rateFactor
      try group.optimizer.step()
    }
    try average?.update()
    state.lossSum += value * Double(batch.count)
    state.correct += try withoutGradient { try result.correct() }
    state.seen += batch.count
    state.step += 1
    return value
  }

  private func rate(at step: Int) -> Double {
    learningRate(state.epoch - 1, Double(step) / Double(stepsPerEpoch))
  }

  /// The cells that the caller adds to an epoch's row.
  func observation(of epoch: Int) throws -> Row {
    guard let observe else { return [:] }
    return try network.evaluating { try observe(epoch, network) }
  }

  // MARK: Telling

  var fraction: Double {
    (Double(state.epoch - 1) + Double(state.step) / Double(stepsPerEpoch)) / Double(settings.epochs)
  }

  private func reportStep() {
    guard seconds(clock.now - lastReport) > 0.05 else { return }
    lastReport = clock.now
    context.report(.moved) {
      $0.fraction = fraction
      $0.position = "epoch \(state.epoch)/\(settings.epochs) batch \(state.step)/\(stepsPerEpoch)"
      $0.loss = state.lossSum / Double(state.seen)
      $0.accuracy = state.correct / Double(state.seen)
      $0.samplesPerSecond = Double(state.seen) / max(state.epochSeconds, 1e-9)
    }
  }

  func timing(seconds: Double, examples: Int) -> Row {
    [
      "seconds": .double((seconds * 1000).rounded() / 1000),
      "\(task.unit)PerSecond": .double((Double(examples) / max(seconds, 1e-9)).rounded()),
    ]
  }

  func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
