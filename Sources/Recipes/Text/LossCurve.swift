import Lab

/// A training loss over computation: the mean over some steps, at the operations that were done at their end.
struct LossCurve {
  let points: [(flops: Double, loss: Double)]

  /// - Parameters:
  ///   - losses: The mean loss of each epoch; all have the same number of steps.
  ///   - flops: The operations of all of them.
  ///   - window: Epochs that a point is the mean of.
  init(_ losses: [Double], flops: Double, window: Int) {
    let window = max(1, window)
    points = losses.indices.dropFirst(window - 1).map { last in
      let mean = losses[(last - window + 1)...last].reduce(0, +) / Double(window)
      return (flops * Double(last + 1) / Double(losses.count), mean)
    }
  }

  /// The curve of a run that finished; nil of any other.
  init?(_ run: FinishedRun) {
    let losses = (run.results["trainLossByEpoch"]?.elements ?? []).compactMap(\.number)
    guard run.status == .finished, let flops = run.results.number("flops"), !losses.isEmpty,
      let smoothed = run.settings["training"]?["smoothedSteps"]?.number,
      let steps = run.settings["training"]?["stepsPerEpoch"]?.number
    else { return nil }
    self.init(losses, flops: flops, window: Int(smoothed / steps))
  }

  /// The last loss.
  var last: Double { points.last?.loss ?? .nan }

  /// The operations after which the loss is first at a level or below it, on straight lines between points; nil if it
  /// never is.
  func flops(to level: Double) -> Double? {
    guard let index = points.firstIndex(where: { $0.loss <= level }) else { return nil }
    let point = points[index]
    guard index > 0 else { return point.flops }
    let before = points[index - 1]
    return before.flops + (point.flops - before.flops) * (before.loss - level) / (before.loss - point.loss)
  }

  /// The share of a baseline's computation that is saved in reaching its last loss; negative where the baseline ends
  /// lower and reaches this curve's last loss earlier, by the share that it saves then; nil where neither is reached.
  func saved(against baseline: LossCurve) -> Double? {
    // A dip on the way to a worse end has saved nothing.
    if last <= baseline.last, let flops = flops(to: baseline.last), let all = baseline.points.last?.flops {
      return 1 - flops / all
    }
    guard let flops = baseline.flops(to: last), let all = points.last?.flops else { return nil }
    return flops / all - 1
  }
}
