import OrderedCollections
import Torch

extension Trainer {
  /// What one pass over the test examples gives.
  struct Measure {
    var loss: Double
    var accuracy: Double
    /// What the loss is a sum of, as cells of a row.
    var parts: Row
    /// A batch whose loss is not finite, if there is any.
    var worst: (any TrainingBatch)?
  }

  /// The mean loss and the share of right answers over all test examples, in evaluation mode, by the averaged weights if
  /// there are any.
  func measure() throws -> Measure {
    try network.evaluating { try withTestedWeights { try withoutGradient { try measured() } } }
  }

  private func measured() throws -> Measure {
    let batches = try task.testBatches()
    defer { batches.stop() }
    var (loss, correct) = (0.0, 0.0)
    var parts: OrderedDictionary<String, Double> = [:]
    var worst: (any TrainingBatch)?
    while let batch = try batches.nextBatch() {
      let result = try batch.loss(of: network, isTraining: false)
      let value = try result.loss.item()
      if !value.isFinite, worst == nil { worst = batch }
      loss += value * Double(batch.count)
      for (name, part) in result.parts { parts[name, default: 0] += try part.item() * Double(batch.count) }
      correct += try result.correct()
    }
    let count = Double(task.testCount)
    return Measure(
      loss: loss / count, accuracy: correct / count,
      parts: Row(parts.map { .init($0.key, .double($0.value / count)) }), worst: worst)
  }

  /// Runs `body` while the network holds what is tested and saved: its averaged weights, if there are any.
  func withTestedWeights<R>(_ body: () throws -> R) throws -> R {
    guard let average else { return try body() }
    return try average.withAverages(body)
  }

  /// The last epoch's figures, and the first epochs that reached the targets.
  func results() throws -> Row {
    let rows = try context.record.metrics.rows()
    guard let last = rows.last else { throw LabError(.data, "\(context.record.metrics.url.path) is empty") }
    var results: Row = [
      "testAccuracy": last["testAccuracy"] ?? .null, "testLoss": last["testLoss"] ?? .null,
      "trainLoss": last["trainLoss"] ?? .null, "trainAccuracy": last["trainAccuracy"] ?? .null,
      "bestTestAccuracy": .double(rows.compactMap { $0.number("testAccuracy") }.max() ?? .nan),
    ]
    for target in settings.targets {
      results[Self.targetName(target)] =
        rows.first { ($0.number("testAccuracy") ?? 0) >= target }?["epoch"] ?? .null
    }
    return results.appending([
      "epochs": .int(settings.epochs), "trainCount": .int(task.trainCount), "testCount": .int(task.testCount),
      "parameters": .int(network.parameters.values.reduce(0) { $0 + $1.elementCount }),
    ])
  }

  /// The name among the results of the first epoch that reached a test accuracy.
  /// - Returns: `epochsTo90` of 0.9, `epochsTo92.5` of 0.925.
  public static func targetName(_ target: Double) -> String { "epochsTo" + targetPercent(target) }

  /// A test accuracy in percent.
  /// - Returns: `90` of 0.9, `92.5` of 0.925.
  public static func targetPercent(_ target: Double) -> String {
    // A share is seldom an exact binary number: 0.57 · 100 is 56.99999999999999.
    let percent = (target * 1e8).rounded() / 1e6
    return percent == percent.rounded() && abs(percent) < 1e9 ? String(Int(percent)) : "\(percent)"
  }

  /// The outcome of a run whose loss is no number. The network stands as it did for that loss.
  func diverged(_ loss: Double, _ what: String, in batch: (any TrainingBatch)?, afterSteps step: Int) throws -> RunOutcome {
    var results: Row = ["epoch": .int(state.epoch), "step": .int(step), "loss": .double(loss)]
    results["lastWholeEpoch"] = .int(state.epoch - 1)
    var reason =
      "\(what) became \(ProgressText.short(loss)) in epoch \(state.epoch), step \(step) of \(stepsPerEpoch)"
    if let batch {
      let divergence = try Divergence(in: network, input: batch.input)
      results["layer"] = divergence.layer.map(JSONValue.string) ?? .null
      reason += "; first not finite: \(divergence.text)"
    }
    if let kept = keptCheckpoint {
      reason += "; the weights of epoch \(kept.epoch), step \(kept.step), are in \(kept.name)"
    }
    return RunOutcome(
      .diverged, results: results, reason: reason, timing: timing(seconds: state.seconds, examples: 0))
  }
}
