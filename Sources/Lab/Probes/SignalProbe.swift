import Torch

/// Mean and standard deviation of what each layer gets, forward, and of the loss's gradient with respect to it, backward
/// (Figure 13: a signal that keeps its size is what an initialisation is for).
///
/// It is told as it is: a network that normalises at once, or takes a mean over places before its last layer, changes the
/// size of the signal by what it is, and not by its start. There one start is to be compared with another.
public struct SignalProbe: Probe {
  public let name = "signal"
  public let title = "Size of the signal that each layer gets, forward, and of its gradient, backward"

  /// The standard deviation of what is added to the input, or to the embedding of token ids (Figure 13).
  public var inputNoise: Double

  /// The probe of a batch with this much noise added to it.
  public init(inputNoise: Double = 0) { self.inputNoise = inputNoise }

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    let generator = try Generator(seed: subject.seed, device: subject.input.device)
    let noise = inputNoise
    let (output, layers, _) = try subject.network.observed(try subject.input.ofItsOwn()) {
      (entry) throws(TorchError) in
      guard noise != 0 else { return }
      let deviates = try Tensor.randn(entry.shape, dtype: entry.dtype, device: entry.device, generator: generator)
      try entry.formAdd(deviates, scale: noise)
    }
    guard layers.count >= 2 else {
      throw LabError(.configuration, "signal: the network has \(layers.count) layers; expected at least 2")
    }
    // One gradient for all: what the loss does not depend on would be an error, and there is no such layer in a chain.
    let loss = try subject.loss(output)
    let gradients = try grad(of: loss, withRespectTo: layers.map(\.input))
    var rows: [Row] = []
    var sizes: [(forward: Double, backward: Double)] = []
    for (depth, (layer, gradient)) in zip(layers, gradients).enumerated() {
      let (signal, back) = (try LayerSignal(layer.layer, layer.input), try LayerSignal(layer.layer, gradient))
      sizes.append((signal.rms, back.rms))
      rows.append([
        "depth": .int(depth + 1), "layer": .string(layer.layer), "mean": .double(signal.mean),
        "std": .double(signal.std), "rms": .double(signal.rms), "gradientMean": .double(back.mean),
        "gradientStd": .double(back.std), "gradientRMS": .double(back.rms),
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
}

extension Tensor {
  /// A copy that asks for gradients; token ids, which have none, as they are.
  func ofItsOwn() throws(TorchError) -> Tensor {
    dtype.isFloatingPoint ? try detached().cloned().settingRequiresGrad() : self
  }
}
