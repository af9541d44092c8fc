/// A network as a graph of operations: what the planner reads.
///
/// The graph has the form of a `torch.export` program: operations carry their ATen names
/// (`aten.linear.default`), each value is assigned once, and a node can only use values that are already
/// there, so the order of `nodes` is a topological order and a cycle cannot be built. The same type holds
/// a network traced from Swift and one read from a PyTorch file.
public struct NetworkGraph: Sendable, Equatable {
  /// A value's place in ``NetworkGraph/values``.
  public struct ValueID: Hashable, Comparable, Sendable {
    /// The index in ``NetworkGraph/values``.
    public let index: Int
    /// The value at this index.
    public init(index: Int) { self.index = index }
    public static func < (a: ValueID, b: ValueID) -> Bool { a.index < b.index }
  }

  /// Where a value comes from.
  public enum Origin: Hashable, Sendable {
    /// A trainable tensor, by its dotted path (`layer1.0.conv2.weight`).
    case parameter(String)
    /// A tensor that is stored but not trained (running statistics, position tables), by its dotted path.
    case buffer(String)
    /// An argument of the network's forward call.
    case input(String)
    /// Output number `output` of `nodes[node]`.
    case node(Int, output: Int)
  }

  /// A tensor of the graph: a parameter, a buffer, an input, or what an operation gives.
  public struct Value: Hashable, Sendable {
    /// The name in the graph: unique, and what a plan's blocks refer to.
    public let name: String
    /// The sizes of the axes; empty for a scalar.
    public let shape: [Int]
    /// Where it comes from.
    public let origin: Origin
    /// The element type; nil where it is not known, which the planner takes for a floating-point type.
    public let dtype: TensorDType?
  }

  /// An argument of an operation.
  public enum Argument: Hashable, Sendable {
    /// A tensor.
    case value(ValueID)
    /// A list of tensors, as `aten.cat` takes.
    case values([ValueID])
    /// A whole number: an axis, a size.
    case integer(Int)
    /// A list of whole numbers: a shape, a stride.
    case integers([Int])
    /// A number with a fraction.
    case real(Double)
    /// True or false.
    case boolean(Bool)
    /// A word, as `aten.gelu` has for its approximation.
    case string(String)
    /// Nothing, where an argument may be absent.
    case none
  }

  /// An operation with what it reads and gives.
  public struct Node: Hashable, Sendable {
    /// The ATen name with its overload: `aten.conv2d.default`.
    public let operation: String
    /// In the order of the operation's schema. Trailing arguments that have their default may be absent.
    public let arguments: [Argument]
    /// The values that it gives, in the order of its schema.
    public let outputs: [ValueID]
    /// The dotted path of the module that ran the operation, where known.
    public let module: String?

    /// The values that the operation reads.
    public var inputs: [ValueID] {
      arguments.flatMap { argument -> [ValueID] in
        switch argument {
        case .value(let id): [id]
        case .values(let ids): ids
        default: []
        }
      }
    }
  }

  /// All values, each after those that it is computed from.
  public private(set) var values: [Value] = []
  /// All operations, in an order in which they can be carried out.
  public private(set) var nodes: [Node] = []
  /// What the forward call returns.
  public private(set) var outputs: [ValueID] = []
  /// Parameters that share their storage with another one, by path: the other one's path, which is the one that
  /// the operations read.
  public private(set) var ties: [String: String] = [:]
  /// The classes of the modules that ran operations, by their dotted paths ("" is the network itself), as PyTorch names
  /// them: `torch.nn.modules.linear.Linear`. Empty where the graph's source does not say.
  public private(set) var moduleClasses: [String: String] = [:]
  private var names: [String: ValueID] = [:]
  private var origins: [Origin: ValueID] = [:]
  /// Where to go on looking for a name that is not taken.
  private var suffixes: [String: Int] = [:]

  /// A graph with nothing in it, to be built.
  public init() {}

  /// The value with this number, which must be of this graph.
  public subscript(id: ValueID) -> Value { values[id.index] }

  /// The value called `name`.
  public func value(named name: String) -> ValueID? { names[name] }

  /// The parameters in the order in which they were added, which is the network's own.
  public var parameters: [(name: String, id: ValueID)] {
    values.indices.compactMap { index in
      guard case .parameter(let name) = values[index].origin else { return nil }
      return (name, ValueID(index: index))
    }
  }

  // MARK: Building

  /// Adds a trainable tensor. Its value is called `name`, or as `torch.export` would call it.
  ///
  /// - Throws: ``GraphError`` for a path that is already there or a negative size.
  @discardableResult
  public mutating func addParameter(
    _ path: String, shape: [Int], dtype: TensorDType? = nil, name: String? = nil
  ) throws(GraphError) -> ValueID {
    try addStored(name, "p_", path, shape: shape, dtype: dtype, origin: .parameter(path))
  }

  /// Adds a tensor that is stored but not trained.
  @discardableResult
  public mutating func addBuffer(
    _ path: String, shape: [Int], dtype: TensorDType? = nil, name: String? = nil
  ) throws(GraphError) -> ValueID {
    try addStored(name, "b_", path, shape: shape, dtype: dtype, origin: .buffer(path))
  }

  /// Adds an argument of the forward call.
  @discardableResult
  public mutating func addInput(
    _ name: String, shape: [Int], dtype: TensorDType? = nil
  ) throws(GraphError) -> ValueID {
    try add(name, shape: shape, dtype: dtype, origin: .input(name))
  }

  /// Adds an operation and its outputs.
  ///
  /// - Parameters:
  ///   - operation: The ATen name with its overload.
  ///   - arguments: In the order of the operation's schema.
  ///   - outputs: A name and a shape each; a name that is taken gets `_1`, `_2`, … as `torch.export` does.
  ///   - dtypes: The outputs' element types; those that are left out are not known.
  ///   - module: The dotted path of the module that runs the operation.
  /// - Returns: The outputs' values, in their order.
  /// - Throws: ``GraphError`` for an argument that is not in the graph.
  @discardableResult
  public mutating func addNode(
    _ operation: String, _ arguments: [Argument], outputs: [(name: String, shape: [Int])],
    dtypes: [TensorDType?] = [], module: String? = nil
  ) throws(GraphError) -> [ValueID] {
    var node = Node(operation: operation, arguments: arguments, outputs: [], module: module)
    for id in node.inputs where !values.indices.contains(id.index) {
      throw GraphError.unknownValue(operation: operation, index: id.index, count: values.count)
    }
    for output in outputs {
      if let size = output.shape.first(where: { $0 < 0 }) { throw .negativeSize(name: output.name, size: size) }
    }
    var ids: [ValueID] = []
    for (position, output) in outputs.enumerated() {
      ids.append(
        try add(
          unusedName(output.name), shape: output.shape,
          dtype: dtypes.indices.contains(position) ? dtypes[position] : nil,
          origin: .node(nodes.count, output: position)))
    }
    node = Node(operation: operation, arguments: arguments, outputs: ids, module: module)
    nodes.append(node)
    return ids
  }

  /// Names the values that the forward call returns.
  public mutating func setOutputs(_ ids: [ValueID]) throws(GraphError) {
    for id in ids where !values.indices.contains(id.index) {
      throw GraphError.unknownValue(operation: "output", index: id.index, count: values.count)
    }
    outputs = ids
  }

  /// Says that the parameter `alias` is the parameter `original` under a second path.
  ///
  /// - Throws: ``GraphError`` if there is no such parameter, if their shapes differ, or if `original` is an alias.
  public mutating func tie(_ alias: String, to original: String) throws(GraphError) {
    guard let a = origins[.parameter(alias)], let b = origins[.parameter(original)], alias != original,
      self[a].shape == self[b].shape, ties[original] == nil
    else { throw .unsoundTie(alias: alias, original: original) }
    ties[alias] = original
  }

  /// Says of which class a module is.
  public mutating func setModuleClass(_ name: String, of path: String) { moduleClasses[path] = name }

  /// Parameters and buffers are named as `torch.export` names them: `layer1.0.weight` is `p_layer1_0_weight`.
  private mutating func addStored(
    _ given: String?, _ prefix: String, _ path: String, shape: [Int], dtype: TensorDType?, origin: Origin
  ) throws(GraphError) -> ValueID {
    guard origins[origin] == nil else { throw .duplicateName(path) }
    let name = given ?? unusedName(prefix + String(path.map { $0 == "." ? "_" : $0 }))
    let id = try add(name, shape: shape, dtype: dtype, origin: origin)
    origins[origin] = id
    return id
  }

  private mutating func add(
    _ name: String, shape: [Int], dtype: TensorDType?, origin: Origin
  ) throws(GraphError) -> ValueID {
    guard names[name] == nil else { throw GraphError.duplicateName(name) }
    if let size = shape.first(where: { $0 < 0 }) { throw GraphError.negativeSize(name: name, size: size) }
    let id = ValueID(index: values.count)
    values.append(Value(name: name, shape: shape, origin: origin, dtype: dtype))
    names[name] = id
    return id
  }

  private mutating func unusedName(_ name: String) -> String {
    guard names[name] != nil else { return name }
    var suffix = suffixes[name] ?? 1
    while names["\(name)_\(suffix)"] != nil { suffix += 1 }
    suffixes[name] = suffix
    return "\(name)_\(suffix)"
  }
}

/// A graph that cannot be built.
public enum GraphError: Error, Equatable, CustomStringConvertible {
  /// A name or path that is already there.
  case duplicateName(String)
  /// An axis of a size below 0.
  case negativeSize(name: String, size: Int)
  /// An operation that reads a value which no earlier one gives.
  case unknownValue(operation: String, index: Int, count: Int)
  /// Two parameters that cannot be one.
  case unsoundTie(alias: String, original: String)

  public var description: String {
    switch self {
    case .duplicateName(let name):
      "the graph has two values called '\(name)'; each name must be used once"
    case .negativeSize(let name, let size):
      "value '\(name)' has an axis of size \(size); sizes must be 0 or more"
    case .unknownValue(let operation, let index, let count):
      "\(operation) uses value number \(index), but only \(count) values come before it"
    case .unsoundTie(let alias, let original):
      "'\(alias)' cannot be tied to '\(original)': both must be parameters of one shape, the second no alias itself"
    }
  }
}
