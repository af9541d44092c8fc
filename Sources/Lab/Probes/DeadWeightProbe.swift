import IDInit
import Torch

/// How much of the last weights of residual blocks a few steps of training do not move at all (Section 3.3.2, Figure 5):
/// what starts at 0 behind a zero of another kind gets no gradient, and its neurons are dead.
///
/// The last weights are those that the network's graph shows to end a stem. Moved is what is not exactly where it
/// started. Weights, buffers and generators are put back.
public struct DeadWeightProbe: Probe {
  /// `dead`.
  public let name = "dead"
  /// What it measures, in a line.
  public let title = "Share of each residual block's last weight that some steps of SGD leave exactly where it started"

  /// How many steps are taken; fewer than none are none.
  public var steps: Int
  /// Of SGD.
  public var learningRate: Double
  /// Of SGD.
  public var momentum: Double

  /// The probe with these steps.
  public init(steps: Int = 3, learningRate: Double = 0.01, momentum: Double = 0.9) {
    (self.steps, self.learningRate, self.momentum) = (steps, learningRate, momentum)
  }

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    let network = subject.network
    let names = Self.lastWeights(try GraphTracer.trace(network, subject.input))
    guard !names.isEmpty else {
      return ProbeResult(
        rows: [], summary: ["unmoved": .null, "elements": 0, "steps": 0], verdict: .none,
        sentence: "the network has no residual block whose last weight could stay where it starts")
    }
    let weights = network.parameters.filter { names.contains($0.key) }
    let start = try weights.mapValues { try $0.detached().cloned() }
    return try network.keepingParameters {
      let training = ProbeTraining(learningRate: learningRate, momentum: momentum, steps: max(0, steps))
      let losses = try training.losses(subject)
      var rows: [Row] = []
      var (still, all) = (0, 0)
      var isFinite = losses.last?.isFinite ?? true
      for (name, weight) in weights {
        guard let before = start[name] else { continue }
        let count = try withoutGradient { () throws(TorchError) in try weight.eq(before).sum().integer() }
        rows.append([
          "parameter": .string(name), "elements": .int(weight.elementCount),
          "unmoved": .double(Double(count) / Double(max(1, weight.elementCount))),
        ])
        let sum = try withoutGradient { () throws(TorchError) in try weight.sum().item() }
        isFinite = isFinite && sum.isFinite
        still += count
        all += weight.elementCount
      }
      return result(rows, share: Double(still) / Double(max(1, all)), elements: all, losses, isFinite: isFinite)
    }
  }

  /// The last weights of all stems, each once.
  static func lastWeights(_ graph: NetworkGraph) -> Set<String> {
    Set(NetworkStructure(graph).blocks.flatMap(\.last))
  }

  private func result(_ rows: [Row], share: Double, elements: Int, _ losses: [Double], isFinite: Bool)
    -> ProbeResult
  {
    let done = losses.count - 1
    let percent = NumberText.fixed(share * 100, digits: 1)
    var sentence =
      "\(done) step\(done == 1 ? "" : "s") of SGD at \(NumberText.three(learningRate)) leave \(percent) % of the last "
      + "weights of \(rows.count) residual stem\(rows.count == 1 ? "" : "s") where they start"
    if !isFinite { sentence += "; but training has blown up: the loss is \(NumberText.three(losses.last ?? .nan))" }
    return ProbeResult(
      rows: rows, summary: ["unmoved": .double(share), "elements": .int(elements), "steps": .int(done)],
      // The paper's: more than half is what it calls dead neurons, none what IDIZ is for.
      verdict: done == 0 || !isFinite ? .none : share > 0.5 ? .bad : share > 0.01 ? .fair : .good, sentence: sentence)
  }
}
