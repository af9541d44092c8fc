import IDInit

extension GraphReader {
  /// Reads one `NamedArgument` of a node: `{"name": "weight", "arg": {"as_tensor": …}, "kind": 1}`.
  mutating func readArgument(_ scanner: inout JSONScanner, of node: inout ProgramNode) throws(Problem) {
    var mark: UInt64 = 0
    var value: NetworkGraph.Argument?
    let operation = node.operation?.name
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "name": mark = JSONKey(bytes: try scanner.rawString()).mark
      case "arg":
        try scanner.union { (scanner, key) throws(Problem) in
          if case "as_graph" = key {
            value = try readSubgraph(&scanner, of: &node)
          } else {
            value = try argument(&scanner, key, of: operation)
          }
        }
      default: try scanner.skipQuickly()
      }
    }
    node.arguments.append((mark, value ?? .none))
  }

  /// Reads an argument of the kind `key`. What the planner has no use for becomes text.
  private func argument(
    _ scanner: inout JSONScanner, _ key: JSONKey, of operation: String?
  ) throws(Problem) -> NetworkGraph.Argument {
    switch key {
    case "as_tensor": return try tensorArgument(&scanner, of: operation).map { .value($0) } ?? .none
    case "as_tensors", "as_nested_tensors", "as_optional_tensors":
      var ids: [ValueID] = []
      try readTensors(&scanner, of: operation, into: &ids)
      return .values(ids)
    case "as_optional_tensor":
      var ids: [ValueID] = []
      try readTensors(&scanner, of: operation, into: &ids)
      return ids.first.map { .value($0) } ?? .none
    case "as_none":
      try scanner.skipQuickly()
      return .none
    case "as_int": return try Self.integerArgument(&scanner)
    case "as_ints":
      var numbers: [Int] = []
      try scanner.array { (scanner) throws(Problem) in numbers.append(try scanner.integer()) }
      return .integers(numbers)
    case "as_float": return .real(try scanner.real())
    case "as_bool": return .boolean(try scanner.boolean())
    case "as_string", "as_operator": return .string(try scanner.string())
    case "as_sym_int", "as_sym_float", "as_sym_bool": return try symbol(&scanner, of: operation)
    case "as_sym_ints":
      var numbers: [Int] = []
      try scanner.array { (scanner) throws(Problem) in
        let start = scanner.position
        guard case .integer(let number) = try symbol(&scanner, of: operation) else {
          throw Problem(position: start, message: "a size that is no integer")
        }
        numbers.append(number)
      }
      return .integers(numbers)
    case "as_scalar_type": return .string(TensorMetadata.typeName(try scanner.integer()))
    default: return .string(String(decoding: try scanner.rawValue(), as: UTF8.self))
    }
  }

  /// An integer; one that 64 bits do not hold (of an unsigned type) as a real number.
  private static func integerArgument(_ scanner: inout JSONScanner) throws(Problem) -> NetworkGraph.Argument {
    let start = scanner.position
    do throws(Problem) { return .integer(try scanner.integer()) } catch {
      scanner.position = start
      let text = try scanner.rawValue()
      guard text.count >= 19, text.dropFirst().allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
        let value = Double(String(decoding: text, as: UTF8.self))
      else { throw error }
      return .real(value)
    }
  }

  /// A number known when the program was exported, by name or as it stands.
  private func symbol(_ scanner: inout JSONScanner, of operation: String?) throws(Problem) -> NetworkGraph.Argument {
    var value = NetworkGraph.Argument.none
    try scanner.union { (scanner, key) throws(Problem) in
      let start = scanner.position
      switch key {
      case "as_name":
        let name = try scanner.string()
        guard let known = scope.symbols[name] else {
          throw Problem(
            position: start,
            message: "\(Self.reader(operation)) uses the number \(quoted(name)), which is nowhere in the graph")
        }
        value = known
      case "as_int": value = try Self.integerArgument(&scanner)
      case "as_float": value = .real(try scanner.real())
      case "as_bool": value = .boolean(try scanner.boolean())
      default: try scanner.skipQuickly()
      }
    }
    return value
  }

  /// An operation in an error.
  private static func reader(_ operation: String?) -> String { operation.map(quoted) ?? "a node" }

  private func tensorArgument(_ scanner: inout JSONScanner, of operation: String?) throws(Problem) -> ValueID? {
    let start = scanner.position
    let name = try ProgramDocument.name(&scanner)
    return scope.ignored.contains(name) ? nil : try value(name, at: start, reader: Self.reader(operation))
  }

  /// Collects the tensors of a list, of nested lists, and of entries that may be none.
  private func readTensors(
    _ scanner: inout JSONScanner, of operation: String?, into ids: inout [ValueID]
  ) throws(Problem) {
    try Self.forEachTensor(&scanner) { (scanner) throws(Problem) in
      if let id = try tensorArgument(&scanner, of: operation) { ids.append(id) }
    }
  }

  /// Calls `body` at each `{"name": …}` of a tensor, a list or nested lists of tensors, or tensors that may be none.
  private static func forEachTensor(
    _ scanner: inout JSONScanner, _ body: (inout JSONScanner) throws(Problem) -> Void
  ) throws(Problem) {
    if scanner.isAt("[") {
      try scanner.array { (scanner) throws(Problem) in try forEachTensor(&scanner, body) }
      return
    }
    let start = scanner.position
    var isUnion = false
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "as_tensor":
        isUnion = true
        try body(&scanner)
      case "as_none":
        isUnion = true
        try scanner.skipQuickly()
      default: try scanner.skipQuickly()
      }
    }
    if !isUnion {
      scanner.position = start
      try body(&scanner)
    }
  }

  /// Reads one `Argument` of a node's or a graph's outputs and appends the names of the tensors in it.
  static func tensorNames(_ scanner: inout JSONScanner, into names: inout [String]) throws(Problem) {
    try scanner.union { (scanner, key) throws(Problem) in
      switch key {
      case "as_tensor", "as_tensors", "as_optional_tensor", "as_optional_tensors", "as_nested_tensors":
        try forEachTensor(&scanner) { (scanner) throws(Problem) in
          names.append(try ProgramDocument.name(&scanner))
        }
      default: try scanner.skipQuickly()
      }
    }
  }

  // MARK: Graphs inside nodes

  private func readSubgraph(
    _ scanner: inout JSONScanner, of node: inout ProgramNode
  ) throws(Problem) -> NetworkGraph.Argument {
    var name = ""
    try scanner.fields { (scanner, key) throws(Problem) in
      switch key {
      case "name": name = try scanner.string()
      case "graph":
        let places = try ProgramDocument.GraphPlaces(from: &scanner)
        if node.subgraph == nil { node.subgraph = (places, node.arguments.count) }
      default: try scanner.skipQuickly()
      }
    }
    return .string(name)
  }

  /// Puts the nodes of a graph that `node` does nothing but call in the node's place.
  ///
  /// - Parameters:
  ///   - node: The call.
  ///   - subgraph: The graph and how many of the node's arguments stand before it.
  ///   - position: Where the node stands in the text.
  /// - Returns: false, with nothing changed, where the graph's inputs or outputs are not the node's one by one; the
  ///   node is then kept as one operation.
  /// - Throws: What is wrong in the inner graph.
  mutating func inline(
    _ node: ProgramNode, _ subgraph: (places: ProgramDocument.GraphPlaces, argumentCount: Int), at position: Int
  ) throws(Problem) -> Bool {
    let operands = node.arguments.dropFirst(subgraph.argumentCount + 1).map(\.value)
    var inputs: [[String]] = []
    var outputs: [String] = []
    if let place = subgraph.places.inputs {
      var scanner = scanner(at: place)
      try scanner.array { (scanner) throws(Problem) in
        inputs.append([])
        try Self.tensorNames(&scanner, into: &inputs[inputs.count - 1])
      }
    }
    if let place = subgraph.places.outputs {
      var scanner = scanner(at: place)
      try scanner.array { (scanner) throws(Problem) in try Self.tensorNames(&scanner, into: &outputs) }
    }
    // `invoke_subgraph` has the graph's name before the operands.
    let skipped = operands.count - inputs.count
    guard skipped >= 0, outputs.count == node.outputs.count else { return false }

    var inner = try declarations(subgraph.places)
    for (names, operand) in zip(inputs, operands.dropFirst(skipped)) {
      switch (names.count, operand) {
      case (0, _): break
      case (1, .value(let id)): inner.values[names[0]] = id
      case (1, .none): inner.ignored.insert(names[0])
      default: return false
      }
    }
    if case .string(let name) = node.arguments[subgraph.argumentCount].value {
      inner.prefix = "\(scope.prefix)\(name)."
    }
    for (name, outer) in zip(outputs, node.outputs) where inner.results[name] == nil {
      inner.results[name] = scope.graphName(outer)
    }
    swap(&scope, &inner)
    try readNodes(subgraph.places)
    var results: [ValueID] = []
    for name in outputs { results.append(try value(name, at: position, reader: "a graph's output")) }
    swap(&scope, &inner)
    for (name, id) in zip(node.outputs, results) where scope.values.updateValue(id, forKey: name) != nil {
      throw Problem(position: position, message: "the value \(quoted(name)) is produced twice")
    }
    return true
  }
}
