import Torch

extension Trainer {
  /// What one pass over the test images gives.
  struct Measure {
    var loss: Double
    var accuracy: Double
    /// A batch whose loss is not finite, if there is any.
    var worst: Batch?
  }

  /// The mean loss and the share of right answers over all images, in evaluation mode, by the averaged weights if there
  /// are any; without label smoothing, so that losses of trainings with and without compare.
  func measure(_ loader: BatchLoader) throws -> Measure {
    try network.evaluating { try withTestedWeights { try withoutGradient { try measured(loader) } } }
  }

  private func measured(_ loader: BatchLoader) throws -> Measure {
    let batches = loader.batches()
    defer { batches.stop() }
    let batchLoss = ClassificationLoss()
    var (loss, correct) = (0.0, 0.0)
    var worst: Batch?
    while let batch = try batches.next() {
      let logits = try network(batch.x_NCHW)
      try ClassificationLoss.check(logits, count: batch.count, classes: loader.images.classCount)
      let value = try batchLoss(logits, batch).item()
      if !value.isFinite, worst == nil { worst = batch }
      loss += value * Double(batch.count)
      correct += try ClassificationLoss.correct(logits, batch)
    }
    return Measure(loss: loss / Double(loader.count), accuracy: correct / Double(loader.count), worst: worst)
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
      "epochs": .int(settings.epochs), "trainCount": .int(train.count), "testCount": .int(test.count),
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
  func diverged(_ loss: Double, _ what: String, in batch: Batch?, afterSteps step: Int) throws -> RunOutcome {
    var results: Row = ["epoch": .int(state.epoch), "step": .int(step), "loss": .double(loss)]
    results["lastWholeEpoch"] = .int(state.epoch - 1)
    var reason =
      "\(what) became \(ProgressText.short(loss)) in epoch \(state.epoch), step \(step) of \(stepsPerEpoch)"
    if let batch {
      let divergence = try Divergence(in: network, input: batch.x_NCHW)
      results["layer"] = divergence.layer.map(JSONValue.string) ?? .null
      reason += "; first not finite: \(divergence.text)"
    }
    if let kept = keptCheckpoint {
      reason += "; the weights of epoch \(kept.epoch), step \(kept.step), are in \(kept.name)"
    }
    return RunOutcome(
      .diverged, results: results, reason: reason, timing: timing(seconds: state.seconds, images: 0))
  }
}
