/// A value of a forward pass that has numbers which are not finite.
public struct NonFiniteValue: Hashable, Sendable {
  /// The operation that made it, by its ATen name: `aten.conv2d.default`.
  public var operation: String
  /// The parameters that the operation uses, directly or through views of them; empty for a sum or an activation.
  public var parameters: [String]
  /// The parameters that the last operation with any used before it; empty if there was none.
  public var parametersBefore: [String]
  /// Its shape.
  public var shape: [Int]
  /// How many of its elements are not a number, and how many are infinite.
  public var nanCount: Int
  /// How many of its elements are infinite.
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
    let search = NonFiniteSearch(TracedParameters(of: self))
    try keepingState { () throws(TorchError) in
      _ = try GraphTracer.trace(
        parameters: parameters.map { ($0.key, $0.value) }, buffers: buffers.map { ($0.key, $0.value) },
        inputs: [("x", x)], observe: search.look
      ) { () throws(TorchError) in [try self(x)] }
    }
    if let error = search.failure { throw error }
    return search.found
  }
}

/// Looks at the operations of a pass as they come.
private final class NonFiniteSearch {
  private(set) var found: NonFiniteValue?
  private(set) var failure: TorchError?
  private var before: [String] = []
  private let names: TracedParameters

  init(_ names: TracedParameters) { self.names = names }

  func look(_ operation: String, _ arguments: [TraceArgument], _ outputs: [Tensor]) {
    guard found == nil, failure == nil, let used = names.used(by: arguments, for: outputs) else { return }
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
