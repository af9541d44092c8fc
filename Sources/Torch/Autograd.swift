import CTorch

extension Tensor {
  /// Whether gradients with respect to this tensor are wanted, or flow through it.
  public var requiresGrad: Bool { ct_tensor_requires_grad(handle) }

  /// True for a tensor that was not made by a recorded operation; ``grad`` accumulates in leaves.
  public var isLeaf: Bool { ct_tensor_is_leaf(handle) }

  /// Asks for gradients (or stops asking) and returns the same tensor. Only leaves of a floating type can.
  @discardableResult
  public func settingRequiresGrad(_ on: Bool = true) throws(TorchError) -> Tensor {
    try check(ct_tensor_requires_grad_set(handle, on), "Tensor.settingRequiresGrad")
    return self
  }

  /// The accumulated gradient, or nil before the first ``backward(gradient:keepGraph:)``.
  public var grad: Tensor? {
    var out: OpaquePointer?
    guard ct_tensor_grad(&out, handle) == CT_OK, let out else { return nil }
    return Tensor(adopting: out)
  }

  /// Replaces the gradient; nil removes it. It has this tensor's shape, element type and device.
  public func setGrad(_ gradient: Tensor?) throws(TorchError) {
    try check(ct_tensor_grad_set(handle, gradient?.handle), "Tensor.setGrad")
  }

  /// The same values and memory, with no history.
  public func detached() throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.detached") { ct_tensor_detach(&$0, handle) }
      .traced("aten.detach.default") { [.tensor(self)] }
  }

  /// Adds the gradients of this tensor to the ``grad`` of every leaf that asks for it.
  ///
  /// - Parameters:
  ///   - gradient: What to start from, of this tensor's shape; 1 if absent, and then the tensor has one element.
  ///   - keepGraph: Keeps what the forward pass saved, so that it can be differentiated again.
  /// - Throws: ``TorchError`` if there is nothing to differentiate, or a saved value was changed meanwhile.
  public func backward(gradient: Tensor? = nil, keepGraph: Bool = false) throws(TorchError) {
    try check(ct_autograd_backward(handle, gradient?.handle, keepGraph, false), "backward")
  }
}

/// Adds the gradients of a loss of one element to the ``Tensor/grad`` of every leaf that asks for it.
public func backward(_ loss: Tensor) throws(TorchError) {
  try loss.backward()
}

/// The gradients of `output` with respect to `inputs`, leaving every ``Tensor/grad`` alone (`torch.autograd.grad`).
///
/// - Parameters:
///   - output: What is differentiated.
///   - inputs: With respect to what.
///   - gradient: What to start from, of `output`'s shape; 1 if absent, and then `output` has one element.
///   - keepGraph: Keeps what the forward pass saved, so that it can be differentiated again.
///   - createGraph: Records the computation of the gradients, for higher derivatives; implies `keepGraph`.
/// - Returns: One gradient an input, of its shape.
/// - Throws: ``TorchError`` if `output` does not depend on one of the inputs.
public func grad(
  of output: Tensor, withRespectTo inputs: [Tensor], gradient: Tensor? = nil, keepGraph: Bool = false,
  createGraph: Bool = false
) throws(TorchError) -> [Tensor] {
  var outs = [OpaquePointer?](repeating: nil, count: inputs.count)
  let status = outs.withUnsafeMutableBufferPointer { outs in
    withHandles(inputs) { inputs, count in
      ct_autograd_grad(
        outs.baseAddress, output.handle, inputs, count, gradient?.handle, keepGraph || createGraph, createGraph, false)
    }
  }
  try check(status, "grad")
  return outs.compactMap { $0.map(Tensor.init(adopting:)) }
}

/// Runs `body` without recording for differentiation, on this thread (`torch.no_grad`).
///
/// In a function that `throws(TorchError)` the closure says so too: `{ () throws(TorchError) in … }`.
public func withoutGradient<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
  let before = ct_grad_mode()
  ct_grad_mode_set(false)
  defer { ct_grad_mode_set(before) }
  return try body()
}

/// Whether operations on this thread are recorded for differentiation.
public var isGradientEnabled: Bool { ct_grad_mode() }

/// Removes the gradients of all the tensors in one call.
public func clearGradients(of tensors: [Tensor]) throws(TorchError) {
  let status = withHandles(tensors) { ct_autograd_clear($0, $1) }
  try check(status, "clearGradients")
}

/// Scales the tensors' gradients so that their joint Euclidean norm is at most `maxNorm`
/// (`torch.nn.utils.clip_grad_norm_`).
///
/// - Returns: The norm before scaling.
@discardableResult
public func clipGradients(of tensors: [Tensor], maxNorm: Double) throws(TorchError) -> Double {
  var total = 0.0
  let status = withHandles(tensors) { ct_optimizer_clip_gradients(&total, $0, $1, maxNorm) }
  try check(status, "clipGradients")
  return total
}
