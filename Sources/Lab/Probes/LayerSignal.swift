import Torch

/// The size of what one layer gets.
public struct LayerSignal: Sendable {
  /// The layer's path; ``output`` for what the network makes.
  public var layer: String
  /// Of all elements.
  public var mean: Double
  /// Of all elements, around their mean (population's).
  public var std: Double
  /// √(Σx² / N) with N examples, so that layers of different widths compare by what they carry.
  public var rms: Double

  /// The name of what follows the last layer.
  public static let output = "output"

  /// - Parameters:
  ///   - layer: The path.
  ///   - values: [N, …]
  /// - Throws: `TorchError` for a tensor without axes.
  public init(_ layer: String, _ values: Tensor) throws(TorchError) {
    let values = try values.detached()
    self.layer = layer
    mean = try values.mean().item()
    std = try values.standardDeviation(correction: 0).item()
    rms = try values.norm().item() / Double(max(1, try values.size(0))).squareRoot()
  }

  /// The signal of one forward pass, layer by layer: what the first layer gets is the network's input.
  ///
  /// - Parameters:
  ///   - network: In the mode that it is in; its buffers change as in any pass.
  ///   - x: The input.
  /// - Returns: One a layer, in the order of their operations, and ``output`` last.
  /// - Throws: `TorchError` if the pass fails.
  public static func passage(of network: any Module, _ x: Tensor) throws(TorchError) -> [LayerSignal] {
    let (output, layers, _) = try network.observed(x)
    var signals: [LayerSignal] = []
    for layer in layers { signals.append(try LayerSignal(layer.layer, layer.input)) }
    return signals + [try LayerSignal(Self.output, output)]
  }
}
