import CTorch
import IDInit

/// Records the operations of a real forward pass as a ``/IDInit/NetworkGraph``, in the form of a `torch.export`
/// program: ATen names, parameters and buffers by their dotted paths, the shapes of all values.
///
/// Every operation of this module looks, with one `if`, whether its thread has a tracer. Arguments are in the order of
/// the ATen schema; a tensor that the pass used but that is neither parameter, buffer, input nor a recorded result (a
/// table made in advance) appears as a buffer called `constant_0`, `constant_1`, ….
public final class GraphTracer {
  private var graph = NetworkGraph()
  private var ids: [ObjectIdentifier: NetworkGraph.ValueID] = [:]
  /// Keeps every tensor alive while tracing, so that no new one gets an old one's identity.
  private var kept: [Tensor] = []
  private var constantCount = 0
  private var failure: GraphError?
  /// Sees every operation right after it, before a later one changes its output in place.
  private var observe: Observer?

  typealias Observer = (_ operation: String, _ arguments: [TraceArgument], _ outputs: [Tensor]) -> Void

  private init() {}

  /// The graph of a module's forward pass on an example input.
  ///
  /// Runs the pass once, in evaluation mode (so that running statistics stay as they are) and without gradients, and
  /// puts the modes back.
  ///
  /// - Throws: ``TorchError`` if the pass fails.
  public static func trace(_ module: any Module, _ input: Tensor) throws(TorchError) -> NetworkGraph {
    var graph = try module.evaluating { () throws(TorchError) in
      try trace(
        parameters: module.parameters.map { ($0.key, $0.value) }, buffers: module.buffers.map { ($0.key, $0.value) },
        inputs: [("x", input)]
      ) { () throws(TorchError) in [try module(input)] }
    }
    graph.noteClasses(of: module)
    return graph
  }

  /// The graph of what `body` computes from named tensors; `body` returns the outputs.
  ///
  /// - Throws: ``TorchError`` if an operation fails, or of kind `argument` if two tensors have one name.
  public static func trace(
    parameters: [(name: String, tensor: Tensor)], buffers: [(name: String, tensor: Tensor)] = [],
    inputs: [(name: String, tensor: Tensor)], _ body: () throws(TorchError) -> [Tensor]
  ) throws(TorchError) -> NetworkGraph {
    try trace(parameters: parameters, buffers: buffers, inputs: inputs, observe: nil, body)
  }

  static func trace(
    parameters: [(name: String, tensor: Tensor)], buffers: [(name: String, tensor: Tensor)],
    inputs: [(name: String, tensor: Tensor)], observe: Observer?, _ body: () throws(TorchError) -> [Tensor]
  ) throws(TorchError) -> NetworkGraph {
    let tracer = GraphTracer()
    tracer.observe = observe
    do throws(GraphError) {
      for (name, tensor) in parameters {
        // A tied parameter is one value under its first name.
        if tracer.ids[ObjectIdentifier(tensor)] != nil { continue }
        tracer.keep(tensor, as: try tracer.graph.addParameter(name, shape: tensor.shape))
      }
      for (name, tensor) in buffers {
        tracer.keep(tensor, as: try tracer.graph.addBuffer(name, shape: tensor.shape))
      }
      for (name, tensor) in inputs {
        tracer.keep(tensor, as: try tracer.graph.addInput(name, shape: tensor.shape))
      }
    } catch {
      throw TorchError(kind: .argument, operation: "GraphTracer.trace", message: "\(error)")
    }

    let outer = ct_tracer()
    ct_tracer_set(Unmanaged.passUnretained(tracer).toOpaque())
    defer { ct_tracer_set(outer) }
    let outputs = try withExtendedLifetime(tracer) { () throws(TorchError) in
      try withoutGradient { () throws(TorchError) in try body() }
    }
    if let failure = tracer.failure {
      throw TorchError(kind: .argument, operation: "GraphTracer.trace", message: "\(failure)")
    }
    do throws(GraphError) {
      let ids = outputs.map(tracer.id(of:))
      if let failure = tracer.failure { throw failure }
      try tracer.graph.setOutputs(ids)
    } catch {
      throw TorchError(kind: .argument, operation: "GraphTracer.trace", message: "\(error)")
    }
    return tracer.graph
  }

  // MARK: What operations call

  /// Records an operation if the thread has a tracer.
  @inline(__always)
  static func record(_ operation: @autoclosure () -> String, outputs: [Tensor], _ arguments: () -> [TraceArgument]) {
    guard let pointer = ct_tracer() else { return }
    Unmanaged<GraphTracer>.fromOpaque(pointer).takeUnretainedValue().add(operation(), arguments(), outputs)
  }

  /// Records an operation that changes a tensor: the tensor stands for the new value from here on.
  @inline(__always)
  static func recordInPlace(_ operation: String, on tensor: Tensor, _ arguments: () -> [TraceArgument]) {
    record(operation, outputs: [tensor], arguments)
  }

  private func add(_ operation: String, _ arguments: [TraceArgument], _ outputs: [Tensor]) {
    guard failure == nil else { return }
    if let observe {
      // What it computes is no part of the pass.
      let tracer = ct_tracer()
      ct_tracer_set(nil)
      defer { ct_tracer_set(tracer) }
      observe(operation, arguments, outputs)
    }
    let inputs = arguments.map(argument)
    guard failure == nil else { return }
    let name = Self.valueName(of: operation)
    do {
      let made = try graph.addNode(operation, inputs, outputs: outputs.map { (name, $0.shape) })
      for (tensor, id) in zip(outputs, made) { keep(tensor, as: id) }
    } catch {
      failure = error
    }
  }

  /// `aten.conv2d.default` makes values called `conv2d`, `conv2d_1`, …, as in `torch.export`.
  private static func valueName(of operation: String) -> String {
    let parts = operation.split(separator: ".")
    return String(parts.count > 1 ? parts[1] : parts.first ?? "value")
  }

  private func argument(_ argument: TraceArgument) -> NetworkGraph.Argument {
    switch argument {
    case .tensor(let tensor): .value(id(of: tensor))
    case .tensors(let tensors): .values(tensors.map(id(of:)))
    case .optional(let tensor): tensor.map { .value(id(of: $0)) } ?? .none
    case .integer(let value): .integer(value)
    case .integers(let values): .integers(values)
    case .real(let value): .real(value)
    case .boolean(let value): .boolean(value)
    case .string(let value): .string(value)
    case .none: .none
    }
  }

  private func id(of tensor: Tensor) -> NetworkGraph.ValueID {
    if let id = ids[ObjectIdentifier(tensor)] { return id }
    do {
      let id = try graph.addBuffer("constant_\(constantCount)", shape: tensor.shape)
      constantCount += 1
      keep(tensor, as: id)
      return id
    } catch {
      failure = error
      return NetworkGraph.ValueID(index: 0)
    }
  }

  private func keep(_ tensor: Tensor, as id: NetworkGraph.ValueID) {
    ids[ObjectIdentifier(tensor)] = id
    kept.append(tensor)
  }
}

/// An argument of an operation as the operation knows it.
enum TraceArgument {
  case tensor(Tensor)
  case tensors([Tensor])
  case optional(Tensor?)
  case integer(Int)
  case integers([Int])
  case real(Double)
  case boolean(Bool)
  case string(String)
  case none
}

extension Tensor {
  /// Records the operation that made this tensor, if the thread has a tracer.
  @inline(__always)
  func traced(_ operation: @autoclosure () -> String, _ arguments: () -> [TraceArgument]) -> Tensor {
    guard ct_tracer() != nil else { return self }
    GraphTracer.record(operation(), outputs: [self], arguments)
    return self
  }
}
