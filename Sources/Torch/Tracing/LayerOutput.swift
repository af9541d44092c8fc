import CTorch

/// What one layer of a network made in a forward pass.
public struct LayerOutput {
  /// The layer's path: `layer1.0.conv2`; a parameter of the network itself is its own layer.
  public var layer: String
  /// The operation that made it, by its ATen name: `aten.conv2d.default`.
  public var operation: String
  /// The output, part of what the pass recorded for differentiation. A later operation in place (a ReLU, an addition)
  /// has changed its values: a gradient with respect to it is one with respect to these.
  public var output: Tensor
  /// Of the output's elements as the layer made them.
  public var mean: Double
  public var standardDeviation: Double
}

extension Module {
  /// Runs a forward pass that can be differentiated, in the modes that the modules are in, and notes what each layer
  /// makes: each operation that applies a parameter of two or more dimensions (a linear layer, a convolution, an
  /// attention's weights; no normalisation).
  ///
  /// Buffers and generators are put back (``keepingState(_:)``).
  ///
  /// - Parameter x: The input, as for the forward pass.
  /// - Returns: The network's output, and the layers' in the order of their operations.
  /// - Throws: ``TorchError`` if the pass fails.
  public func observed(_ x: Tensor) throws(TorchError) -> (output: Tensor, layers: [LayerOutput]) {
    let notes = LayerNotes(self)
    var output: Tensor?
    try keepingState { () throws(TorchError) in
      _ = try GraphTracer.trace(
        parameters: parameters.map { ($0.key, $0.value) }, buffers: buffers.map { ($0.key, $0.value) },
        inputs: [("x", x)], observe: notes.look
      ) { () throws(TorchError) in
        // A trace records no gradients, since it mostly wants none.
        ct_grad_mode_set(true)
        defer { ct_grad_mode_set(false) }
        let result = try self(x)
        output = result
        return [result]
      }
    }
    if let failure = notes.failure { throw failure }
    guard let output else {
      throw TorchError(kind: .argument, operation: "Module.observed", message: "the pass has no output")
    }
    return (output, notes.layers)
  }
}

private final class LayerNotes {
  private(set) var layers: [LayerOutput] = []
  private(set) var failure: TorchError?
  private let names: TracedParameters
  private let weights: Set<String>

  init(_ module: any Module) {
    names = TracedParameters(of: module)
    weights = Set(module.parameters.filter { $0.value.shape.count >= 2 }.keys)
  }

  func look(_ operation: String, _ arguments: [TraceArgument], _ outputs: [Tensor]) {
    guard failure == nil, let used = names.used(by: arguments, for: outputs), let output = outputs.first,
      let weight = used.first(where: weights.contains)
    else { return }
    do throws(TorchError) {
      let (mean, deviation) = try withoutGradient { () throws(TorchError) in
        let values = try output.detached()
        return (try values.mean().item(), try values.standardDeviation(correction: 0).item())
      }
      let layer = weight.lastIndex(of: ".").map { String(weight[..<$0]) } ?? weight
      layers.append(
        LayerOutput(layer: layer, operation: operation, output: output, mean: mean, standardDeviation: deviation))
    } catch {
      failure = error
    }
  }
}
