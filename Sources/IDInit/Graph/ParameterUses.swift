/// What becomes of the parameters that are neither weights nor normalisations.
struct ParameterUses {
  struct Use {
    let role: ParameterRole
    var multiplies = false
    let reason: String
    /// For biases: the value that it is added to.
    var beside: NetworkGraph.ValueID?
  }

  private(set) var embeddings: [NetworkGraph.ValueID: String] = [:]
  private var uses: [NetworkGraph.ValueID: Use] = [:]

  private let graph: NetworkGraph
  private let path: MainPath
  private let views: ParameterViews
  private let rows: OutputRows
  /// By value: the nodes that read it. Of values that carry no signal only.
  private let readers: [NetworkGraph.ValueID: [Int]]

  init(_ path: MainPath, flow: DataFlow, views: ParameterViews, rows: OutputRows, signal: Signal) {
    graph = path.graph
    self.path = path
    self.views = views
    self.rows = rows
    var readers: [NetworkGraph.ValueID: [Int]] = [:]
    for (index, node) in graph.nodes.enumerated() where flow.isLive[index] {
      for input in Set(node.inputs) where !signal.isActivation[input.index] || views[input] != nil {
        readers[input, default: []].append(index)
      }
      guard case .lookUp(let table, _) = path.kinds.kinds[index],
        let view = node.value(at: table).flatMap({ views[$0] }),
        let output = node.outputs.first,
        path.kinds.names[index].base.contains("embedding") || signal.lookups.contains(output)
      else { continue }
      if embeddings[view.parameter] == nil { embeddings[view.parameter] = "looked up by \(graph[output].name)" }
    }
    self.readers = readers
  }

  /// What a parameter is used for; nil if nothing reads it.
  func use(of parameter: NetworkGraph.ValueID) -> Use? {
    if path.topology.isActivation(parameter) {
      return Use(role: .other, reason: "a learned input: weights are applied to it")
    }
    var isRead = false
    var seen: Set<NetworkGraph.ValueID> = [parameter]
    var pending = [parameter]
    var next = 0
    // The first meeting with an activation; what is computed from the parameter alone is followed.
    while next < pending.count, next < 256 {
      let id = pending[next]
      next += 1
      for reader in readers[id] ?? [] {
        isRead = true
        let node = graph.nodes[reader]
        if let use = meeting(of: parameter, as: id, node, reader) { return use }
        for output in node.outputs where !path.topology.isActivation(output) && seen.insert(output).inserted {
          pending.append(output)
        }
      }
    }
    return isRead ? Use(role: .other, reason: "no known use") : nil
  }

  private func meeting(
    of parameter: NetworkGraph.ValueID, as id: NetworkGraph.ValueID, _ node: NetworkGraph.Node, _ index: Int
  ) -> Use? {
    guard let output = node.outputs.first, path.topology.isActivation(output) else { return nil }
    let isItself = views[id].map { $0.parameter == parameter && !$0.isTransformed } ?? false
    let other = node.inputs.first { $0 != id && path.topology.isActivation($0) }
    switch path.kinds.kinds[index] {
    case .add, .subtract, .reversedSubtract:
      if isItself, graph.isVector(parameter) || isBias(id, of: other) {
        return Use(role: .bias, reason: "added to an activation", beside: other)
      }
      return Use(role: .other, reason: "added to activations")
    case .addProduct where node.value(at: 0) == id: return Use(role: .other, reason: "added to activations")
    case .multiply, .divide, .addProduct:
      return Use(
        role: .other, multiplies: isItself,
        reason: graph.isNumber(parameter)
          ? "a number that activations are multiplied by"
          : "activations are multiplied by it")
    case .attention: return Use(role: .other, reason: "added to attention scores")
    case .concatenate: return Use(role: .other, reason: "concatenated to activations")
    case .pointwise:
      let isSlope = path.kinds.names[index].base.contains("prelu")
      return Use(role: .other, reason: isSlope ? "slope of a PReLU" : "combined with activations element by element")
    case .product: return Use(role: .other, reason: "activations are multiplied by a matrix computed from it")
    case .write, .choose: return Use(role: .other, reason: "written into activations")
    default: return Use(role: .other, reason: "read by \(node.operation)")
    }
  }

  /// Whether a value has one element for each output of the weight beside it, spread over several axes (heads, say).
  private func isBias(_ id: NetworkGraph.ValueID, of other: NetworkGraph.ValueID?) -> Bool {
    guard let other, let found = rows[other] else { return false }
    let shape = graph[id].shape
    guard shape.count <= found.map.axes.count else { return false }
    return zip(shape, found.map.axes.suffix(shape.count)).allSatisfy { size, digits in
      size == 1 || digits.allSatisfy { $0.stride != 0 }
    }
  }
}
