import CTorch

/// What one layer of a network gets in a forward pass: the signal at its place.
public struct LayerInput {
  /// The layer's path: `layer1.0.conv2`; a parameter of the network itself is its own layer.
  public var layer: String
  /// The operation that takes it, by its ATen name: `aten.conv2d.default`.
  public var operation: String
  /// Part of what the pass recorded for differentiation: gradients with respect to it can be taken.
  public var input: Tensor
}

extension Module {
  /// Runs a forward pass that can be differentiated, in the modes that the modules are in, and notes what each layer
  /// gets: each operation that applies a parameter of two or more dimensions (a linear layer, a convolution; no
  /// normalisation).
  ///
  /// Inputs and not outputs, since a residual stem may end in zeros on purpose while the signal goes past it.
  ///
  /// Buffers change as in any pass. Who wants them as they were takes the gradients, too, inside of
  /// ``keepingState(_:)``: a normalisation's gradient needs the buffers of its pass.
  ///
  /// - Parameter x: The input, as for the forward pass.
  /// - Returns: The network's output, and the layers' inputs in the order of their operations.
  /// - Throws: ``TorchError`` if the pass fails.
  public func observed(_ x: Tensor) throws(TorchError) -> (output: Tensor, layers: [LayerInput]) {
    let notes = LayerNotes(self)
    var output: Tensor?
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
    guard let output else {
      throw TorchError(kind: .argument, operation: "Module.observed", message: "the pass has no output")
    }
    return (output, notes.layers)
  }
}

private final class LayerNotes {
  private(set) var layers: [LayerInput] = []
  private let names: TracedParameters
  private let weights: Set<String>

  init(_ module: any Module) {
    names = TracedParameters(of: module)
    weights = Set(module.parameters.filter { $0.value.shape.count >= 2 }.keys)
  }

  func look(_ operation: String, _ arguments: [TraceArgument], _ outputs: [Tensor]) {
    guard let used = names.used(by: arguments, for: outputs), let weight = used.first(where: weights.contains),
      let input = names.activations(in: arguments).first
    else { return }
    let layer = weight.lastIndex(of: ".").map { String(weight[..<$0]) } ?? weight
    layers.append(LayerInput(layer: layer, operation: operation, input: input))
  }
}
