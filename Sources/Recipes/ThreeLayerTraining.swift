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
    let dataset = try context.dataset(settings.data.name.rawValue)
    loader = try BatchLoader(
      dataset.train, normalization: settings.data.normalization(channels: 1), batchSize: settings.training.batchSize,
      order: .shuffled, seed: seed, device: context.device)
    weights = try Self.weights(settings, for: dataset.train, seed: seed, device: context.device)
    optimizer = try settings.optimizer.make(NamedTensors.layers(weights))
  }

  /// The three weights of the run that `settings` are narrowed to, as they start, asking for gradients.
  ///
  /// - Throws: `LabError` (`.data`) for images that the network does not take.
  static func weights(
    _ settings: Figure4.Settings, for images: LabeledImages, seed: UInt64, device: Device
  ) throws -> [Tensor] {
    let side = settings.network.inputSide
    guard images.height == images.width, images.height % side == 0, images.channels == 1 else {
      throw LabError(
        .data,
        "\(images.name) has images of \(images.channels)×\(images.height)×\(images.width); "
          + "expected one channel, square, of a multiple of \(side) pixels a side")
    }
    let rule = try settings.one(\.methods)
      .rule(looseness: try settings.one(\.variants) == .loose ? settings.looseness : 0)
    let widths = [side * side, settings.network.hiddenWidth, settings.network.hiddenWidth, images.classCount]
    return try (0..<3).map { layer in
      let (fanIn, fanOut) = (widths[layer], widths[layer + 1])
      let values: [Float] = try rule.values(
        geometry: .linear(out: fanOut, in: fanIn), seed: seed, name: "\(layer).weight",
        threads: Runtime.threadCount)
      return try Tensor(values, shape: [fanOut, fanIn], device: device).settingRequiresGrad()
    }
  }

  /// What the network makes of images, averaged to `side` pixels a side.
  static func logits(
    _ x_BCHW: Tensor, _ weights: [Tensor], side: Int, _ activation: Figure4.Activation
  ) throws(TorchError) -> Tensor {
    let factor = try x_BCHW.size(3) / side
    let small = factor > 1 ? try avgPool2d(x_BCHW, window: factor) : x_BCHW
    var h = try small.reshaped([-1, side * side])
    for (layer, weight) in weights.enumerated() {
      h = try linear(h, weight: weight)
      if layer < 2, activation == .relu { h = try relu(h) }
    }
    return h
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
      let value = try crossEntropy(
        try Self.logits(batch.x_NCHW, weights, side: settings.network.inputSide, activation), batch.labels_N)
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
