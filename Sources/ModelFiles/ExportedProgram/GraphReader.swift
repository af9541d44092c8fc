import IDInit

/// Reads the graph of a program: one pass over its nodes, each checked against what stands before it.
///
/// A value that no earlier node, parameter, buffer or input has produced is an error, so what comes out is a graph
/// without cycles, whatever the file says.
struct GraphReader {
  typealias Problem = JSONScanner.Problem
  typealias ValueID = NetworkGraph.ValueID

  /// The names that nodes can use. A graph inside a node (of a higher-order operation) has names of its own.
  struct Scope {
    var values: [String: ValueID] = [:]
    var tensors: [String: (shape: [Int], dtype: TensorDType?)] = [:]
    var symbols: [String: NetworkGraph.Argument] = [:]
    /// Tokens and custom objects: names that stand for no tensor.
    var ignored: Set<String> = []
    /// For a graph inside a node: what its values are called in the graph that is built. Its results have the node's
    /// own names (which are those that Python knows), the others stand behind the inner graph's name and a dot.
    var results: [String: String] = [:]
    var prefix = ""

    func graphName(_ name: String) -> String { results[name] ?? prefix + name }
  }

  /// More nodes are refused: far more than torch.export can write in a day, and about 1.3 GB of memory.
  static let maximumNodeCount = 1_400_000

  let text: MappedBytes
  var graph = NetworkGraph()
  var scope = Scope()
  var operations = OperationNames()
  var modules = ModulePaths()
  private let nodeLimit: Int
  private var nodeCount = 0

  /// Builds the graph.
  ///
  /// - Parameters:
  ///   - text: The program's JSON.
  ///   - document: Where its parts stand in `text`.
  ///   - redirected: Names of parameters that are other parameters under a second path: the others' names. Operations
  ///     that read the former read the latter.
  ///   - nodeLimit: More nodes are an error.
  /// - Returns: The graph, without ties.
  /// - Throws: What is wrong, and at which byte of `text`.
  static func read(
    _ text: MappedBytes, _ document: ProgramDocument, redirected: [String: String] = [:],
    nodeLimit: Int = maximumNodeCount
  ) throws(Problem) -> NetworkGraph {
    guard let places = document.graph else { throw Problem(position: 0, message: "there is no graph") }
    var reader = GraphReader(text: text, nodeLimit: nodeLimit)
    reader.scope = try reader.declarations(places)
    try reader.addInputs(document.inputs)
    for (alias, original) in redirected { reader.scope.values[alias] = reader.scope.values[original] }
    try reader.readNodes(places)
    var outputs: [ValueID] = []
    let end = places.outputs?.position ?? 0
    for name in document.outputs {
      guard let name, !reader.scope.ignored.contains(name) else { continue }
      outputs.append(try reader.value(name, at: end, reader: "the signature"))
    }
    do throws(GraphError) { try reader.graph.setOutputs(outputs) } catch {
      throw Problem(position: end, message: error.description)
    }
    for (path, name) in reader.modules.classes { reader.graph.setModuleClass(name, of: path) }
    return reader.graph
  }

  private init(text: MappedBytes, nodeLimit: Int) { (self.text, self.nodeLimit) = (text, nodeLimit) }

  func scanner(at place: ProgramDocument.Place) -> JSONScanner {
    JSONScanner(text, at: place.position, depth: place.depth)
  }

  // MARK: Declarations

  /// The types of the values that a graph will have.
  func declarations(_ places: ProgramDocument.GraphPlaces) throws(Problem) -> Scope {
    var scope = Scope()
    if let place = places.tensors {
      var scanner = scanner(at: place)
      // Equal keys are noticed here: `fields` looks at the first few only.
      try scanner.entries { (scanner, name) throws(Problem) in
        let start = scanner.position
        let metadata = try TensorMetadata(from: &scanner)
        guard scope.tensors.updateValue((metadata.shape, metadata.dtype), forKey: name) == nil else {
          throw Problem(position: start, message: "the tensor \(quoted(name)) is described twice")
        }
      }
    }
    for place in places.symbols {
      var scanner = scanner(at: place)
      try scanner.entries { (scanner, name) throws(Problem) in
        scope.symbols[name] = try SymbolicNumber.read(&scanner)
      }
    }
    return scope
  }

  private mutating func addInputs(_ inputs: [ProgramDocument.Input]) throws(Problem) {
    for input in inputs {
      switch input {
      case .user(let name):
        guard let name else { continue }
        let (shape, dtype) = try tensor(name, at: 0)
        try add(name, at: 0) { (graph) throws(GraphError) in try graph.addInput(name, shape: shape, dtype: dtype) }
      case .parameter(let name, let path):
        let (shape, dtype) = try tensor(name, at: 0)
        try add(name, at: 0) { (graph) throws(GraphError) in
          try graph.addParameter(path, shape: shape, dtype: dtype, name: name)
        }
      case .buffer(let name, let path, _), .constant(let name, let path):
        let (shape, dtype) = try tensor(name, at: 0)
        try add(name, at: 0) { (graph) throws(GraphError) in
          try graph.addBuffer(path, shape: shape, dtype: dtype, name: name)
        }
      case .other(let name): scope.ignored.insert(name)
      }
    }
  }

  private mutating func add(
    _ name: String, at position: Int, _ body: (inout NetworkGraph) throws(GraphError) -> ValueID
  ) throws(Problem) {
    do throws(GraphError) { scope.values[name] = try body(&graph) } catch {
      throw Problem(position: position, message: error.description)
    }
  }

  func tensor(_ name: String, at position: Int) throws(Problem) -> (shape: [Int], dtype: TensorDType?) {
    guard let tensor = scope.tensors[name] else {
      throw Problem(position: position, message: "no type and shape is given for the value \(quoted(name))")
    }
    return tensor
  }

  /// The value of that name, which must have been produced.
  func value(_ name: String, at position: Int, reader: @autoclosure () -> String) throws(Problem) -> ValueID {
    if let id = scope.values[name] { return id }
    let reason =
      scope.tensors[name] == nil
      ? "which is nowhere in the graph"
      : "which nothing before it produces (the nodes are out of order, or form a cycle)"
    throw Problem(position: position, message: "\(reader()) reads \(quoted(name)), \(reason)")
  }

  // MARK: Nodes

  /// Reads the nodes of the graph, or of a graph inside a node, into the present scope.
  mutating func readNodes(_ places: ProgramDocument.GraphPlaces) throws(Problem) {
    guard let place = places.nodes else { return }
    var scanner = scanner(at: place)
    try scanner.array { (scanner) throws(Problem) in
      let position = scanner.position
      nodeCount += 1
      guard nodeCount <= nodeLimit else {
        throw Problem(position: position, message: "more than \(nodeLimit) nodes, which is the most that are read")
      }
      try add(try readNode(&scanner), at: position)
    }
  }

  private mutating func readNode(_ scanner: inout JSONScanner) throws(Problem) -> ProgramNode {
    var node = ProgramNode()
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "target": node.operation = operations.operation(try scanner.rawString())
      case "inputs":
        try scanner.array { (scanner) throws(Problem) in
          try readArgument(&scanner, of: &node)
        }
      case "outputs":
        try scanner.array { (scanner) throws(Problem) in
          try Self.tensorNames(&scanner, into: &node.outputs)
        }
      case "metadata":
        try scanner.fields { (scanner, key) throws(Problem) in
          switch key {
          case "nn_module_stack": node.module = modules.path(try scanner.rawString())
          default: try scanner.skipQuickly()
          }
        }
      default: try scanner.skipQuickly()
      }
    }
    return node
  }

  private mutating func add(_ node: ProgramNode, at position: Int) throws(Problem) {
    guard let operation = node.operation else { throw Problem(position: position, message: "a node without a target") }
    // Checks on sizes and arithmetic on symbolic numbers make no tensors.
    guard !node.outputs.isEmpty else { return }
    if let subgraph = node.subgraph, operation.callsItsGraph, try inline(node, subgraph, at: position) { return }

    var outputs: [(name: String, shape: [Int])] = []
    var dtypes: [TensorDType?] = []
    for name in node.outputs {
      let (shape, dtype) = try tensor(name, at: position)
      guard scope.values[name] == nil else {
        throw Problem(position: position, message: "the value \(quoted(name)) is produced twice")
      }
      outputs.append((scope.graphName(name), shape))
      dtypes.append(dtype)
    }
    let ids: [ValueID]
    do throws(GraphError) {
      ids = try graph.addNode(
        operation.name, operation.inOrder(node.arguments), outputs: outputs, dtypes: dtypes, module: node.module)
    } catch { throw Problem(position: position, message: error.description) }
    for (name, id) in zip(node.outputs, ids) where scope.values.updateValue(id, forKey: name) != nil {
      throw Problem(position: position, message: "the value \(quoted(name)) is produced twice")
    }
  }
}

/// A node as the file has it.
struct ProgramNode {
  var operation: OperationNames.Operation?
  /// In the file's order, each with the mark of its name (``JSONKey/mark``).
  var arguments: [(mark: UInt64, value: NetworkGraph.Argument)] = []
  /// The names of the tensors that it makes.
  var outputs: [String] = []
  var module: String?
  /// The graph that it was given, and how many arguments stand before it.
  var subgraph: (places: ProgramDocument.GraphPlaces, argumentCount: Int)?
}
