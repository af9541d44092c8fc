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
  /// gets: each operation that applies a parameter of two or more dimensions to numbers (a linear layer, a convolution;
  /// no normalisation, no addition of a table, and no look-up in one, which gets numbers of rows and no signal).
  ///
  /// Inputs and not outputs, since a residual stem may end in zeros on purpose while the signal goes past it.
  ///
  /// The *entry* is where the signal begins: `x` itself if it has a floating type, else the first value that a parameter
  /// makes of it, as the embedding of token ids. Gradients with respect to it can be taken of the latter in any case,
  /// of `x` if it asks for them.
  ///
  /// Buffers change as in any pass. Who wants them as they were takes the gradients, too, inside of
  /// ``keepingState(_:)``: a normalisation's gradient needs the buffers of its pass.
  ///
  /// - Parameters:
  ///   - x: The input, as for the forward pass.
  ///   - enter: Gets the entry before anything else does, and may change it in place; nothing of it is recorded.
  /// - Returns: The network's output, the layers' inputs in the order of their operations, and the entry.
  /// - Throws: ``TorchError`` if the pass fails, or ids never meet a parameter; what `enter` throws.
  public func observed(
    _ x: Tensor, entering enter: @escaping (Tensor) throws(TorchError) -> Void = { _ in }
  ) throws(TorchError) -> (output: Tensor, layers: [LayerInput], entry: Tensor) {
    let notes = LayerNotes(self, x, enter)
    if x.dtype.isFloatingPoint { try notes.begin(x) }
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
    if let failure = notes.failure { throw failure }
    guard let output, let entry = notes.entry else {
      throw TorchError(
        kind: .argument, operation: "Module.observed",
        message: output == nil ? "the pass has no output" : "no parameter is ever applied to the input")
    }
    return (output, notes.layers, entry)
  }
}

private final class LayerNotes {
  private(set) var layers: [LayerInput] = []
  private(set) var entry: Tensor?
  private(set) var failure: TorchError?
  private let names: TracedParameters
  private let weights: Set<String>
  private let enter: (Tensor) throws(TorchError) -> Void
  /// The input and what is made of it, up to the entry.
  private var early: [ObjectIdentifier: Tensor]

  init(_ module: any Module, _ x: Tensor, _ enter: @escaping (Tensor) throws(TorchError) -> Void) {
    names = TracedParameters(of: module)
    weights = Set(module.parameters.filter { $0.value.shape.count >= 2 }.keys)
    early = [ObjectIdentifier(x): x]
    self.enter = enter
  }

  func begin(_ entry: Tensor) throws(TorchError) {
    self.entry = entry
    early = [:]
    try withoutGradient { () throws(TorchError) in try enter(entry) }
  }

  func look(_ operation: String, _ arguments: [TraceArgument], _ outputs: [Tensor]) {
    guard let used = names.used(by: arguments, for: outputs) else { return }
    if entry == nil, failure == nil { lookForEntry(arguments, outputs, isApplied: !used.isEmpty) }
    // A table that is added (positions, a class token) is no layer: the signal does not pass through it.
    guard !operation.hasPrefix("aten.add"), let weight = used.first(where: weights.contains),
      let input = names.activations(in: arguments).first, input.dtype.isFloatingPoint
    else { return }
    let layer = weight.lastIndex(of: ".").map { String(weight[..<$0]) } ?? weight
    layers.append(LayerInput(layer: layer, operation: operation, input: input))
  }

  private func lookForEntry(_ arguments: [TraceArgument], _ outputs: [Tensor], isApplied: Bool) {
    guard arguments.flatMap(\.allTensors).contains(where: { early[ObjectIdentifier($0)] != nil }) else { return }
    guard isApplied, let found = outputs.first(where: \.dtype.isFloatingPoint) else {
      for output in outputs { early[ObjectIdentifier(output)] = output }
      return
    }
    do throws(TorchError) {
      // Of a frozen table: its values are a leaf, and can ask for gradients themselves.
      if !found.requiresGrad { try found.settingRequiresGrad() }
      try begin(found)
    } catch {
      failure = error
    }
  }
}
