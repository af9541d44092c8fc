import IDInit

/// Writes graphs by hand in few lines, as `torch.export` would have recorded them.
struct GraphSketch {
  typealias ID = NetworkGraph.ValueID
  var graph = NetworkGraph()

  mutating func input(_ name: String = "x", _ shape: [Int]) throws -> ID { try graph.addInput(name, shape: shape) }

  mutating func parameter(_ path: String, _ shape: [Int]) throws -> ID {
    try graph.addParameter(path, shape: shape)
  }

  mutating func node(_ operation: String, _ inputs: [ID], _ shape: [Int], name: String? = nil) throws -> ID {
    let name = name ?? String(operation.split(separator: ".")[1])
    return try graph.addNode("\(operation)", inputs.map { .value($0) }, outputs: [(name, shape)])[0]
  }

  /// An operation with any arguments; its value's name is the operation's.
  mutating func call(
    _ operation: String, _ arguments: [NetworkGraph.Argument], _ shape: [Int], dtype: TensorDType? = nil
  ) throws -> ID {
    let name = String(operation.split(separator: ".")[1])
    return try graph.addNode(operation, arguments, outputs: [(name, shape)], dtypes: [dtype])[0]
  }

  /// An operation with several results.
  mutating func pieces(_ operation: String, _ arguments: [NetworkGraph.Argument], _ shapes: [[Int]]) throws -> [ID] {
    let name = String(operation.split(separator: ".")[1])
    return try graph.addNode(operation, arguments, outputs: shapes.map { (name, $0) })
  }

  mutating func view(_ x: ID, _ shape: [Int]) throws -> ID {
    try call("aten.view.default", [.value(x), .integers(shape)], shape)
  }

  mutating func permute(_ x: ID, _ order: [Int]) throws -> ID {
    try call("aten.permute.default", [.value(x), .integers(order)], order.map { graph[x].shape[$0] })
  }

  mutating func select(_ x: ID, _ axis: Int, _ index: Int) throws -> ID {
    var shape = graph[x].shape
    shape.remove(at: axis < 0 ? axis + shape.count : axis)
    return try call("aten.select.int", [.value(x), .integer(axis), .integer(index)], shape)
  }

  /// `chunk(x, count, axis)`, axis counted from the front.
  mutating func chunk(_ x: ID, _ count: Int, _ axis: Int) throws -> [ID] {
    var shape = graph[x].shape
    shape[axis] /= count
    return try pieces(
      "aten.chunk.default", [.value(x), .integer(count), .integer(axis)], Array(repeating: shape, count: count))
  }

  mutating func attention(_ q: ID, _ k: ID, _ v: ID) throws -> ID {
    try node("aten.scaled_dot_product_attention.default", [q, k, v], graph[q].shape)
  }

  /// `path.weight` (and `path.bias`) applied by `aten.linear`.
  mutating func linear(_ x: ID, _ path: String, out: Int, bias: Bool = true) throws -> ID {
    let width = graph[x].shape.last ?? 0
    var inputs = [x, try parameter("\(path).weight", [out, width])]
    if bias { inputs.append(try parameter("\(path).bias", [out])) }
    return try node("aten.linear.default", inputs, graph[x].shape.dropLast() + [out])
  }

  mutating func relu(_ x: ID) throws -> ID { try node("aten.relu.default", [x], graph[x].shape) }
  mutating func add(_ a: ID, _ b: ID) throws -> ID { try node("aten.add.Tensor", [a, b], graph[a].shape) }
  mutating func multiply(_ a: ID, _ b: ID) throws -> ID { try node("aten.mul.Tensor", [a, b], graph[a].shape) }
  mutating func output(_ ids: ID...) throws { try graph.setOutputs(ids) }
}

extension NetworkStructure {
  subscript(name: String) -> ParameterDescription? { parameters.first { $0.name == name } }

  var roles: [String: ParameterRole] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.role) })
  }
}
