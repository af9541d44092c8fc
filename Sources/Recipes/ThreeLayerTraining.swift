import Datasets
import IDInit
import Lab
import Torch

/// A linear (or ReLU) network D_0 → D_h → D_h → classes without biases, trained on images, with the rank of its middle
/// weight followed: the experiment of Figure 4.
///
/// Shapes: B images of a batch, D_0 pixels, D_h hidden units.
struct ThreeLayerTraining {
  private let settings: Figure4.Settings
  private let activation: Figure4.Activation
  private let context: RunContext
  private let loader: BatchLoader
  private let weights: [Tensor]
  private let optimizer: any Optimizer

  /// The training of the run that `settings` are narrowed to.
  init(_ settings: Figure4.Settings, in context: RunContext) throws {
    try context.record.restart()
    context.report(.began)
    self.settings = settings
    self.context = context
    activation = try settings.one(\.network.activations)
    let seed = UInt64(try settings.one(\.seeds))
    let rule = try settings.one(\.methods)
      .rule(looseness: try settings.one(\.variants) == .loose ? settings.looseness : 0)
    let dataset = try context.dataset(settings.data.name.rawValue)
    guard dataset.train.height == dataset.train.width, dataset.train.height % settings.network.inputSide == 0,
      dataset.train.channels == 1
    else {
      throw LabError(
        .data,
        "\(dataset.name) has images of \(dataset.train.channels)×\(dataset.train.height)×\(dataset.train.width); "
          + "expected one channel, square, of a multiple of \(settings.network.inputSide) pixels a side")
    }
    loader = try BatchLoader(
      dataset.train, normalization: settings.data.normalization(channels: 1), batchSize: settings.training.batchSize,
      order: .shuffled, seed: seed, device: context.device)
    let inputs = settings.network.inputSide * settings.network.inputSide
    let widths = [inputs, settings.network.hiddenWidth, settings.network.hiddenWidth, dataset.train.classCount]
    weights = try (0..<3).map { layer in
      let (fanIn, fanOut) = (widths[layer], widths[layer + 1])
      let values: [Float] = try rule.values(
        geometry: .linear(out: fanOut, in: fanIn), seed: seed, name: "\(layer).weight",
        threads: Runtime.threadCount)
      return try Tensor(values, shape: [fanOut, fanIn], device: context.device).settingRequiresGrad()
    }
    optimizer = try settings.optimizer.make(NamedTensors.layers(weights))
  }

  func run() throws -> RunOutcome {
    let last = settings.training.rankSteps.last ?? 0
    var epoch = 1
    var batches = loader.batches(epoch: epoch)
    defer { batches.stop() }
    var loss = Double.nan
    var results: Row = [:]
    for step in 0...last {
      if settings.training.rankSteps.contains(step) {
        // A step's loss is from before its update; of a broken weight no rank can be taken.
        let largest = try withoutGradient { try weights[1].abs().max().item() }
        guard largest.isFinite else {
          return RunOutcome(
            .diverged, results: results.appending(["divergedAt": .int(step)]),
            reason: "the middle weight became \(largest) at step \(step)")
        }
        results = try ranks(step: step, loss: loss)
        try context.record.metrics.append(results)
        report(step, last, loss, .milestone)
      }
      if step == last { break }
      try context.stop.check("stopped \(context.run.name); the same command starts this run again")
      // Whole batches only: what is left of an epoch's order after the last one is passed over.
      var next = try batches.next()
      if next.map({ $0.count < min(loader.batchSize, loader.count) }) ?? true {
        epoch += 1
        batches = loader.batches(epoch: epoch)
        next = try batches.next()
      }
      guard let batch = next else { break }
      let value = try crossEntropy(try logits(batch.x_NCHW), batch.labels_N)
      try optimizer.zeroGrad()
      try value.backward()
      try optimizer.step()
      loss = try value.item()
      guard loss.isFinite else {
        return RunOutcome(
          .diverged, results: results.appending(["divergedAt": .int(step)]),
          reason: "the loss became \(ProgressText.short(loss)) at step \(step)")
      }
      report(step, last, loss, .moved)
    }
    return RunOutcome(results: results)
  }

  private func logits(_ x_BCHW: Tensor) throws(TorchError) -> Tensor {
    let side = settings.network.inputSide
    let factor = try x_BCHW.size(3) / side
    let small = factor > 1 ? try avgPool2d(x_BCHW, window: factor) : x_BCHW
    var h = try small.reshaped([-1, side * side])
    for (layer, weight) in weights.enumerated() {
      h = try linear(h, weight: weight)
      if layer < 2, activation == .relu { h = try relu(h) }
    }
    return h
  }

  /// Ranks of the middle weight and of its residual component, by the recipe's tolerance and by torch's own.
  private func ranks(step: Int, loss: Double) throws -> Row {
    try withoutGradient {
      let middle = weights[1]
      let size = settings.network.hiddenWidth
      let residual = try middle - Tensor.eye(size, device: context.device)
      let ofResidual = try residual.singularValues().array(of: Float.self).map(Double.init)
      let ofWeight = try middle.singularValues().array(of: Float.self).map(Double.init)
      func count(_ values: [Double], above tolerance: Double) -> Int { values.count { $0 > tolerance } }
      func automatic(_ values: [Double]) -> Double { (values.max() ?? 0) * Double(size) * Double(Float.ulpOfOne) }
      return [
        "step": .int(step), "inputs": .int(settings.network.inputSide * settings.network.inputSide),
        "hiddenWidth": .int(size), "residualRank": .int(count(ofResidual, above: settings.rank.tolerance)),
        "residualRankDefault": .int(count(ofResidual, above: automatic(ofResidual))),
        "rank": .int(count(ofWeight, above: settings.rank.tolerance)),
        "largestResidual": .double(ofResidual.max() ?? 0), "loss": .double(loss),
      ]
    }
  }

  private func report(_ step: Int, _ last: Int, _ loss: Double, _ moment: ProgressEvent.Moment) {
    context.report(moment) {
      $0.fraction = Double(step) / Double(max(last, 1))
      $0.position = "step \(step)/\(last)"
      $0.loss = loss.isNaN ? nil : loss
    }
  }
}
