import IDInit
import Torch

extension Module {
  /// Plans this network by `scheme`, from the operations of a real forward pass.
  ///
  /// - Parameters:
  ///   - scheme: What decides each parameter's rule.
  ///   - example: An input of the shape that the network takes; its values do not matter.
  ///   - seed: What the random rules draw from, together with each parameter's name.
  /// - Returns: The plan, a line for every parameter.
  /// - Throws: `TorchError` if the forward pass fails, `PlanError` if the scheme cannot serve the network.
  public func plan(
    _ scheme: some InitializationScheme, example: Tensor, seed: UInt64 = 0
  ) throws -> InitializationPlan {
    try InitializationPlan(scheme, for: try GraphTracer.trace(self, example), seed: seed)
  }

  /// The graph of a pass that takes or returns more than one tensor, in evaluation mode and without gradients.
  ///
  /// - Parameters:
  ///   - inputs: What `pass` takes, by name; the values do not matter.
  ///   - pass: A pass through this network; it returns its outputs.
  /// - Returns: The graph, with this network's parameters and buffers by their paths.
  /// - Throws: `TorchError` if the pass fails.
  public func graph(
    of inputs: [(name: String, tensor: Tensor)], _ pass: () throws(TorchError) -> [Tensor]
  ) throws(TorchError) -> NetworkGraph {
    var graph = try evaluating { () throws(TorchError) in
      try GraphTracer.trace(
        parameters: parameters.map { ($0.key, $0.value) }, buffers: buffers.map { ($0.key, $0.value) },
        inputs: inputs, pass)
    }
    graph.noteClasses(of: self)
    return graph
  }

  /// Fills the parameters as the plan says; those that it keeps stay as they are.
  ///
  /// - Parameters:
  ///   - plan: A plan with a line for every parameter of this network.
  ///   - threads: How many threads may write; the values do not depend on it.
  /// - Throws: ``PlanMismatch`` before anything is written if the plan is not this network's; `RuleError` for a
  ///   rule that does not fit its parameter.
  public func initialize(by plan: InitializationPlan, threads: Int = 1) throws {
    let parameters = parameters
    for entry in plan.entries where parameters[entry.name] == nil {
      throw PlanMismatch(parameter: entry.name, message: "is in the plan, but the network has no such parameter")
    }
    let lines = Dictionary(plan.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var filled: [(entry: InitializationPlan.Entry, tensor: Tensor, type: ElementType)] = []
    var seen: Set<ObjectIdentifier> = []
    for (name, tensor) in parameters {
      guard seen.insert(ObjectIdentifier(tensor)).inserted else { continue }  // tied: under its first name
      guard let entry = lines[name] else {
        throw PlanMismatch(parameter: name, message: "has no line in the plan")
      }
      guard entry.shape == tensor.shape else {
        throw PlanMismatch(parameter: name, message: "has shape \(tensor.shape), in the plan \(entry.shape)")
      }
      guard let type = tensor.dtype.weightType else {
        throw PlanMismatch(parameter: name, message: "holds \(tensor.dtype), which no rule writes")
      }
      filled.append((entry, tensor, type))
    }
    try plan.validate()
    for (entry, tensor, type) in filled where entry.rule != nil {
      if tensor.device == .cpu, tensor.isContiguous {
        try tensor.withUnsafeMutableBytes { _ = try plan.fill(entry, into: $0, as: type, threads: threads) }
      } else {
        let host = try Tensor.empty(tensor.shape, dtype: tensor.dtype)
        try host.withUnsafeMutableBytes { _ = try plan.fill(entry, into: $0, as: type, threads: threads) }
        try withoutGradient { () throws(TorchError) in try tensor.copy(from: host) }
      }
    }
  }
}

/// A plan that belongs to another network.
public struct PlanMismatch: Error, Equatable, CustomStringConvertible {
  /// The parameter's name.
  public let parameter: String
  /// What does not fit.
  public let message: String

  /// An error about this parameter.
  public init(parameter: String, message: String) {
    self.parameter = parameter
    self.message = message
  }

  public var description: String { "parameter '\(parameter)' \(message)" }
}

extension DType {
  /// The same type among those that rules write; nil for whole numbers and truth values.
  var weightType: ElementType? {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .float16: .float16
    case .bfloat16: .bfloat16
    default: nil
    }
  }
}
