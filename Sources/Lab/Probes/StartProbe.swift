import Foundation
import Torch

/// Loss and gradient before the first step.
///
/// A classifier that knows nothing yet loses ln(classes) an image; one whose logits are large loses more, and has that to
/// unlearn first.
public struct StartProbe: Probe {
  public let name = "start"
  public let title = "Loss before the first step against ln(classes), and the gradient's norm"

  /// The probe, which has no options.
  public init() {}

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    let network = subject.network
    let parameters = network.parameters
    let loss = try crossEntropy(network(subject.input), subject.labels)
    let value = try loss.item()
    let gradients = value.isFinite ? try grad(of: loss, withRespectTo: Array(parameters.values)) : []
    var rows: [Row] = []
    var squares = 0.0
    for (name, gradient) in zip(parameters.keys, gradients) {
      let norm = try gradient.norm().item()
      squares += norm * norm
      rows.append(["parameter": .string(name), "gradientNorm": .double(norm)])
    }
    let expected = log(Double(subject.classes))
    let norm = gradients.isEmpty ? Double.nan : squares.squareRoot()
    let excess = value / expected
    // A tenth more than ln(classes) is a start that knows nothing; ten times as much has to be unlearned first.
    let verdict: Conditioning =
      !norm.isFinite || norm == 0 ? .bad : excess <= 1.1 ? .good : excess <= 10 ? .fair : .bad
    return ProbeResult(
      rows: rows,
      summary: [
        "loss": .double(value), "lnClasses": .double(expected), "gradientNorm": .double(norm),
      ],
      verdict: verdict,
      sentence: "loss \(NumberText.three(value)), ln \(subject.classes) is \(NumberText.three(expected)); "
        + "the gradient's norm is \(NumberText.three(norm))")
  }
}
