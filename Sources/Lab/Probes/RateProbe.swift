import Torch

/// The largest learning rate from which a few steps of SGD with momentum do not blow up, and the loss after these steps
/// for every rate that was tried: a short sweep.
///
/// A quadratic's steps stay bounded up to the rate 2(1 + β)/λ, with its largest curvature λ and the momentum β (Polyak
/// 1964); what few steps survive lies near it: a little above where there is no momentum, since what grows slowly has not
/// grown far, and below it with much of it, which overshoots first.
public struct RateProbe: Probe {
  public let name = "rate"
  public let title = "Largest learning rate that some steps of SGD with momentum survive, and the loss after them"

  /// What is tried, from small to large.
  public var rates: [Double]
  /// Steps that a rate must survive.
  public var steps: Int
  /// SGD's momentum.
  public var momentum: Double
  /// How often the gap between the largest rate that is survived and the next is halved, on a logarithmic scale.
  public var halvings: Int

  /// The probe with these rates to try.
  public init(
    rates: [Double] = [1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3], steps: Int = 10, momentum: Double = 0.9,
    halvings: Int = 2
  ) {
    (self.rates, self.steps, self.momentum, self.halvings) = (rates, steps, momentum, halvings)
  }

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    var trials = try rates.map { try trial($0, subject) }
    var survived = trials.prefix(while: \.isStable).last?.rate
    var lost = trials.first { !$0.isStable }?.rate
    for _ in 0..<max(0, halvings) {
      guard let low = survived, let high = lost else { break }
      let middle = try trial((low * high).squareRoot(), subject)
      trials.append(middle)
      if middle.isStable { survived = middle.rate } else { lost = middle.rate }
    }
    trials.sort { $0.rate < $1.rate }
    let run = "\(steps) steps of SGD with momentum \(momentum)"
    let sentence: String
    switch (survived, lost) {
    case (let survived?, let lost?):
      sentence =
        "\(run) survive a learning rate of \(NumberText.three(survived)), and none of \(NumberText.three(lost))"
    case (let survived?, nil):
      sentence = "\(run) survive a learning rate of \(NumberText.three(survived)), the largest that was tried"
    default:
      sentence =
        "even a learning rate of \(NumberText.three(rates.first ?? .nan)) blows up within \(steps) steps of SGD with "
        + "momentum \(momentum)"
    }
    return ProbeResult(
      rows: trials.map(\.row),
      summary: [
        "largestStableRate": survived.map(JSONValue.double) ?? .null,
        "leastUnstableRate": lost.map(JSONValue.double) ?? .null, "steps": .int(steps), "momentum": .double(momentum),
      ], verdict: survived == nil ? .bad : .none, sentence: sentence)
  }

  /// The training at one rate.
  private struct Trial {
    let rate: Double
    /// Before each step and after the last, as far as it is finite.
    let losses: [Double]
    let isStable: Bool

    var row: Row {
      [
        "learningRate": .double(rate), "firstLoss": .double(losses.first ?? .nan),
        "lastLoss": .double(losses.last ?? .nan), "steps": .int(losses.count - 1), "stable": .bool(isStable),
      ]
    }
  }

  private func trial(_ rate: Double, _ subject: ProbeSubject) throws -> Trial {
    let training = ProbeTraining(learningRate: rate, momentum: momentum, steps: steps)
    let losses = try subject.network.keepingParameters { try training.losses(subject) }
    // Momentum overshoots; what has not come back below twice the loss of the start by the end has blown up.
    let isStable =
      losses.allSatisfy(\.isFinite) && (losses.last ?? .infinity) <= 2 * max(losses.first ?? 0, .leastNormalMagnitude)
    return Trial(rate: rate, losses: losses, isStable: isStable)
  }
}
