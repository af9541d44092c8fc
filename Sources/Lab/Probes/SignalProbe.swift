import Torch

/// Mean and standard deviation of what each layer makes, forward, and of the loss's gradient with respect to it,
/// backward (Section 3.4 and Figure 13: a signal that keeps its size is what an initialisation is for).
public struct SignalProbe: Probe {
  public let name = "signal"
  public let title = "Size of the signal by layer, forward, and of the gradient, backward"

  public init() {}

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    let (output, layers) = try subject.network.observed(subject.input)
    guard let first = layers.first, let last = layers.last else {
      throw LabError(.configuration, "signal: the network applies no weight of two or more dimensions")
    }
    // One value at a time: a value that the loss does not depend on has no gradient, which is an error for all.
    let loss = try crossEntropy(output, subject.labels)
    var rows: [Row] = []
    var gradients: [Double] = []
    for (depth, layer) in layers.enumerated() {
      let gradient = try? grad(of: loss, withRespectTo: [layer.output], keepGraph: true).first
      let deviation = try gradient?.standardDeviation(correction: 0).item()
      if let deviation { gradients.append(deviation) }
      rows.append([
        "depth": .int(depth + 1), "layer": .string(layer.layer), "mean": .double(layer.mean),
        "std": .double(layer.standardDeviation), "gradientStd": deviation.map(JSONValue.double) ?? .null,
      ])
    }
    // The classifier makes logits, which have a size of their own: the last hidden layer is what the signal arrives at.
    let arrival = layers.dropLast().last ?? last
    let forward = arrival.standardDeviation / first.standardDeviation
    // The gradient travels from the last hidden layer back to the first.
    let hidden = gradients.dropLast()
    let backward = hidden.isEmpty ? 1 : (hidden.first ?? .nan) / (hidden.last ?? .nan)
    return ProbeResult(
      rows: rows,
      summary: [
        "forwardRatio": .double(forward), "backwardRatio": .double(backward), "layers": .int(layers.count),
        "outputStd": .double(last.standardDeviation),
      ],
      verdict: Growth.worse(Growth.judged(forward), Growth.judged(backward)),
      sentence:
        "over \(layers.count) layers the signal's size changes by ×\(NumberText.three(forward)) on its way forward, "
        + "the gradient's by ×\(NumberText.three(backward)) on its way back")
  }
}
