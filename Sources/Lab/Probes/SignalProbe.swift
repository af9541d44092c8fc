import Torch

/// Mean and standard deviation of what each layer gets, forward, and of the loss's gradient with respect to it, backward
/// (Figure 13: a signal that keeps its size is what an initialisation is for).
public struct SignalProbe: Probe {
  public let name = "signal"
  public let title = "Size of the signal that each layer gets, forward, and of its gradient, backward"

  /// The probe, which has no options.
  public init() {}

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    let (output, layers) = try subject.network.observed(try subject.input.detached().cloned().settingRequiresGrad())
    guard layers.count >= 2 else {
      throw LabError(.configuration, "signal: the network has \(layers.count) layers; expected at least 2")
    }
    // One gradient for all: what the loss does not depend on would be an error, and there is no such layer in a chain.
    let loss = try crossEntropy(output, subject.labels)
    let gradients = try grad(of: loss, withRespectTo: layers.map(\.input))
    var rows: [Row] = []
    var sizes: [(forward: Double, backward: Double)] = []
    for (depth, (layer, gradient)) in zip(layers, gradients).enumerated() {
      let values = try layer.input.detached()
      let size = (try Self.size(values), try Self.size(gradient))
      sizes.append(size)
      rows.append([
        "depth": .int(depth + 1), "layer": .string(layer.layer), "mean": .double(try values.mean().item()),
        "std": .double(try values.standardDeviation(correction: 0).item()), "rms": .double(size.0),
        "gradientStd": .double(try gradient.standardDeviation(correction: 0).item()), "gradientRMS": .double(size.1),
      ])
    }
    let (first, last) = (sizes[0], sizes[sizes.count - 1])
    let forward = last.forward / first.forward
    let backward = first.backward / last.backward
    return ProbeResult(
      rows: rows,
      summary: [
        "forwardRatio": .double(forward), "backwardRatio": .double(backward), "layers": .int(layers.count),
      ],
      verdict: Growth.worse(Growth.judged(forward), Growth.judged(backward)),
      sentence:
        "from the first layer's input to the last one's the signal changes by ×\(NumberText.three(forward)), the "
        + "gradient on its way back by ×\(NumberText.three(backward))")
  }

  /// The root of the mean square, an example: √(Σx² / N), so that layers of different widths compare by what they carry.
  private static func size(_ values: Tensor) throws -> Double {
    let norm = try values.detached().norm().item()
    return norm / Double(max(1, try values.size(0))).squareRoot()
  }
}
