import Torch

/// The largest learning rate from which a few steps of SGD with momentum do not blow up: a short sweep.
public struct RateProbe: Probe {
  public let name = "rate"
  public let title = "Largest learning rate that some steps of SGD with momentum survive"

  /// What is tried, from small to large.
  public var rates: [Double]
  /// Steps that a rate must survive.
  public var steps: Int
  /// SGD's momentum.
  public var momentum: Double

  /// The probe with these rates to try.
  public init(rates: [Double] = [1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3], steps: Int = 10, momentum: Double = 0.9) {
    (self.rates, self.steps, self.momentum) = (rates, steps, momentum)
  }

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    var rows: [Row] = []
    // What a rate survives a smaller one does too, so that halving the list finds the largest in a few trainings.
    var (low, high) = (-1, rates.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      let training = ProbeTraining(learningRate: rates[middle], momentum: momentum, steps: steps)
      let losses = try subject.network.keepingParameters { try training.losses(subject) }
      // Momentum overshoots; what has not come back below twice the loss of the start by the end has blown up.
      let isStable =
        losses.allSatisfy(\.isFinite) && (losses.last ?? .infinity) <= 2 * max(losses.first ?? 0, .leastNormalMagnitude)
      rows.append([
        "learningRate": .double(rates[middle]), "lastLoss": .double(losses.last ?? .nan), "stable": .bool(isStable),
      ])
      if isStable { low = middle } else { high = middle }
    }
    let largest = low >= 0 ? rates[low] : nil
    rows.sort { ($0.number("learningRate") ?? 0) < ($1.number("learningRate") ?? 0) }
    let sentence =
      largest.map {
        "\(steps) steps of SGD with momentum \(momentum) survive a learning rate of \(NumberText.three($0))"
      }
      ?? "even a learning rate of \(NumberText.three(rates.first ?? .nan)) blows up within \(steps) steps"
    return ProbeResult(
      rows: rows, summary: ["largestStableRate": largest.map(JSONValue.double) ?? .null],
      verdict: largest == nil ? .bad : .none,
      sentence: sentence)
  }
}
