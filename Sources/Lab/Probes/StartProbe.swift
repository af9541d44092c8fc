import Foundation
import Torch

/// Loss and gradient before the first step.
///
/// A classifier that knows nothing yet loses ln(classes) an image; one whose logits are large loses more, and has that to
/// unlearn first. A regression has no such measure: its loss and gradient are told, and judged only where they are lost.
public struct StartProbe: Probe {
  public let name = "start"
  public let title = "Loss before the first step against ln(classes), and the gradient's norm"

  /// The probe, which has no options.
  public init() {}

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    let network = subject.network
    let parameters = network.parameters
    let loss = try subject.loss(network(subject.input))
    let value = try loss.item()
    let gradients = value.isFinite ? try grad(of: loss, withRespectTo: Array(parameters.values)) : []
    var rows: [Row] = []
    var squares = 0.0
    for (name, gradient) in zip(parameters.keys, gradients) {
      let norm = try gradient.norm().item()
      squares += norm * norm
      rows.append(["parameter": .string(name), "gradientNorm": .double(norm)])
    }
    let norm = gradients.isEmpty ? Double.nan : squares.squareRoot()
    let isLost = !norm.isFinite || norm == 0
    var summary: Row = ["loss": .double(value), "lnClasses": .null, "gradientNorm": .double(norm)]
    var verdict: Conditioning = isLost ? .bad : .none
    var sentence = "loss \(NumberText.three(value)); the gradient's norm is \(NumberText.three(norm))"
    if case .classes(_, count: let classes) = subject.target {
      let expected = log(Double(classes))
      let excess = value / expected
      summary["lnClasses"] = .double(expected)
      // A tenth more than ln(classes) is a start that knows nothing; ten times as much has to be unlearned first.
      verdict = isLost ? .bad : excess <= 1.1 ? .good : excess <= 10 ? .fair : .bad
      sentence =
        "loss \(NumberText.three(value)), ln \(classes) is \(NumberText.three(expected)); "
        + "the gradient's norm is \(NumberText.three(norm))"
    }
    return ProbeResult(rows: rows, summary: summary, verdict: verdict, sentence: sentence)
  }
}
