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
  var roles: [String: ParameterRole] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.role) })
  }
}
