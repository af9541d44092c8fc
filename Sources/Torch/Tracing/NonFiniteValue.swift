/// A value of a forward pass that has numbers which are not finite.
public struct NonFiniteValue: Hashable, Sendable {
  /// The operation that made it, by its ATen name: `aten.conv2d.default`.
  public var operation: String
  /// The parameters that the operation uses, directly or through views of them; empty for a sum or an activation.
  public var parameters: [String]
  /// The parameters that the last operation with any used before it; empty if there was none.
  public var parametersBefore: [String]
  public var shape: [Int]
  /// How many of its elements are not a number, and how many are infinite.
  public var nanCount: Int
  public var infiniteCount: Int
}

extension Module {
  /// Runs a forward pass, without gradients and in the modes that the modules are in, and finds the first value in it
  /// that is not finite: where numbers overflow, or where an infinite weight first tells.
  ///
  /// Leaves everything as it was: buffers (running statistics) and the generators that dropout draws from are put back.
  /// Every value is looked at and kept until the pass is over: for looking after an accident, not for every step.
  ///
  /// - Parameter x: The input, as for the forward pass.
  /// - Returns: The value; nil if all are finite.
  /// - Throws: ``TorchError`` if the pass fails.
  public func firstNonFiniteValue(_ x: Tensor) throws(TorchError) -> NonFiniteValue? {
    var saved: [(buffer: Tensor, copy: Tensor)] = []
    for buffer in buffers.values { saved.append((buffer, try buffer.cloned())) }
    var states: [(generator: Generator, state: [UInt8])] = []
    for generator in generators.values { states.append((generator, try generator.state())) }
    let search = NonFiniteSearch(parameters.map { ($0.key, $0.value) })
    let ended: TorchError?
    do throws(TorchError) {
      _ = try GraphTracer.trace(
        parameters: parameters.map { ($0.key, $0.value) }, buffers: buffers.map { ($0.key, $0.value) },
        inputs: [("x", x)], observe: search.look
      ) { () throws(TorchError) in [try self(x)] }
      ended = nil
    } catch {
      ended = error
    }
    try withoutGradient { () throws(TorchError) in
      for (buffer, copy) in saved { try buffer.copy(from: copy) }
    }
    for (generator, state) in states { try generator.restore(state) }
    if let error = search.failure ?? ended { throw error }
    return search.found
  }
}

/// Looks at the operations of a pass as they come.
private final class NonFiniteSearch {
  private(set) var found: NonFiniteValue?
  private(set) var failure: TorchError?
  private var names: [ObjectIdentifier: [String]] = [:]
  private var before: [String] = []
  /// Views of parameters, alive while their identities are looked up.
  private var kept: [Tensor] = []

  init(_ parameters: [(String, Tensor)]) {
    // A tied parameter goes by its first name.
    for (name, tensor) in parameters where names[ObjectIdentifier(tensor)] == nil {
      names[ObjectIdentifier(tensor)] = [name]
    }
  }

  func look(_ operation: String, _ arguments: [TraceArgument], _ outputs: [Tensor]) {
    guard found == nil, failure == nil else { return }
    let inputs = arguments.flatMap(\.allTensors)
    let used = inputs.flatMap { names[ObjectIdentifier($0)] ?? [] }
    if !inputs.isEmpty, inputs.allSatisfy({ names[ObjectIdentifier($0)] != nil }) {
      // A view of parameters, or what is computed of them alone, stands for them.
      for output in outputs where names[ObjectIdentifier(output)] == nil {
        names[ObjectIdentifier(output)] = used
        kept.append(output)
      }
      return
    }
    do throws(TorchError) {
      for output in outputs where try output.isFinite().all().integer() == 0 {
        let nans = try output.isNaN().sum().integer()
        let finite = try output.isFinite().sum().integer()
        found = NonFiniteValue(
          operation: operation, parameters: used, parametersBefore: before, shape: output.shape, nanCount: nans,
          infiniteCount: output.elementCount - finite - nans)
        return
      }
    } catch {
      failure = error
    }
    if !used.isEmpty { before = used }
  }
}

extension TraceArgument {
  /// The tensors in it.
  fileprivate var allTensors: [Tensor] {
    switch self {
    case .tensor(let tensor): [tensor]
    case .tensors(let tensors): tensors
    case .optional(let tensor): tensor.map { [$0] } ?? []
    case .integer, .integers, .real, .boolean, .string, .none: []
    }
  }
}
