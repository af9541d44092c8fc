/// A residual block: a stem and its shortcut, joined by an addition.
public struct ResidualBlock: Hashable, Sendable, Codable {
  public enum Shortcut: String, Hashable, Sendable, Codable {
    /// The block's input itself.
    case identity
    /// The block's input through at most one weight.
    case projection
  }

  /// The sum's name in the graph.
  public let add: String
  /// The name of the value that the stem adds.
  public let stem: String
  /// The name of the value that the shortcut adds.
  public let shortcut: String
  public let kind: Shortcut
  /// The paths of the stem's last weights: those after which no other weight comes before the addition.
  /// Empty if the stem has none, so that nothing in it can carry the zero.
  public let last: [String]
  /// The paths of the weights on the shortcut.
  public let shortcutWeights: [String]
  /// The paths of all weights of the stem, in the order of the graph; the last ones are among them.
  public var stemWeights: [String] = []
  /// The paths of the normalisation scales between the last weights and the addition (Zero-γ's γ); empty if none is.
  public var lastNormScales: [String] = []
  /// What was ambiguous, and how it was decided.
  public let notes: [String]
}

/// The residual blocks, the head and the first weights of a network, read off its graph.
///
/// Source: the residual network of Eq. (1) and the positions named at the end of Section 3.3.2: "the last
/// position of residual blocks, and the position of last classification layer".
struct ResidualStructure {
  private(set) var blocks: [ResidualBlock] = []
  /// Weights of the last classification layers; empty in a network without residual blocks.
  private(set) var head: Set<NetworkGraph.ValueID> = []
  /// Weights before which no other weight (an embedding table counts) comes.
  private(set) var first: Set<NetworkGraph.ValueID> = []

  /// What was ambiguous on the way to the head, and how it was decided.
  private(set) var headNotes: [String] = []

  private let graph: NetworkGraph
  private let topology: GraphTopology
  /// The weights by the vertex that applies them.
  private let weights: [GraphTopology.Vertex: WeightOperation]

  init(_ graph: NetworkGraph, topology: GraphTopology, operations: [WeightOperation]) {
    self.graph = graph
    self.topology = topology
    var weights: [GraphTopology.Vertex: WeightOperation] = [:]
    for operation in operations {
      guard let output = graph.nodes[operation.node].outputs.first, let vertex = topology.vertex(of: output) else {
        continue
      }
      weights[vertex] = operation
    }
    self.weights = weights

    var joins: Set<GraphTopology.Vertex> = []
    for (vertex, node) in topology.nodeOfVertex.enumerated() {
      guard let node, let (a, b) = addends(of: node), let block = block(adding: a, b, at: node) else { continue }
      blocks.append(block)
      joins.insert(vertex)
    }
    if !blocks.isEmpty {
      for output in graph.outputs {
        guard let end = topology.vertex(of: output) else { continue }
        head.formUnion(lastWeights(before: end, within: nil, stoppingAt: joins, notes: &headNotes))
      }
    }
    first = firstWeights()
  }

  // MARK: Blocks

  /// The two activations that `node` adds, if that is what it does.
  private func addends(of node: Int) -> (NetworkGraph.ValueID, NetworkGraph.ValueID)? {
    guard ["aten.add.Tensor", "aten.add_.Tensor"].contains(graph.nodes[node].operation) else { return nil }
    return activations(of: node)
  }

  private func activations(of node: Int) -> (NetworkGraph.ValueID, NetworkGraph.ValueID)? {
    guard let a = graph.nodes[node].value(at: 0), let b = graph.nodes[node].value(at: 1),
      topology.isActivation(a), topology.isActivation(b)
    else { return nil }
    return (a, b)
  }

  private func block(adding a: NetworkGraph.ValueID, _ b: NetworkGraph.ValueID, at node: Int) -> ResidualBlock? {
    guard let u = topology.vertex(of: a), let v = topology.vertex(of: b), u != v else { return nil }
    // The identity shortcut is a matter of ancestry, not of dominance: cross-attention has a second input.
    if topology.isAncestor(u, of: v) { return block(stem: b, shortcut: a, from: u, kind: .identity, node: node) }
    if topology.isAncestor(v, of: u) { return block(stem: a, shortcut: b, from: v, kind: .identity, node: node) }

    guard let start = topology.nearestCommonDominator(u, v) else { return nil }
    let (left, right) = (weightCount(from: start, to: u), weightCount(from: start, to: v))
    if left < right, left <= 1 { return block(stem: b, shortcut: a, from: start, kind: .projection, node: node) }
    if right < left, right <= 1 { return block(stem: a, shortcut: b, from: start, kind: .projection, node: node) }
    return nil  // a sum of equal branches: parallel attention and MLP, an inception module
  }

  private func block(
    stem: NetworkGraph.ValueID, shortcut: NetworkGraph.ValueID, from start: GraphTopology.Vertex,
    kind: ResidualBlock.Shortcut, node: Int
  ) -> ResidualBlock? {
    guard let end = topology.vertex(of: stem), let side = topology.vertex(of: shortcut),
      let sum = graph.nodes[node].outputs.first
    else { return nil }
    var notes: [String] = []
    let last = lastWeights(
      before: end, within: descendants(of: start, upTo: end), stoppingAt: [start], notes: &notes)
    let onShortcut = kind == .identity ? [] : weightsInCone(from: start, to: side)
    if last.isEmpty { notes.append("the stem has no weight that can carry the zero") }
    return ResidualBlock(
      add: graph[sum].name, stem: graph[stem].name, shortcut: graph[shortcut].name, kind: kind,
      last: paths(of: last), shortcutWeights: paths(of: onShortcut), notes: notes)
  }

  private func weightCount(from start: GraphTopology.Vertex, to end: GraphTopology.Vertex) -> Int {
    weightsInCone(from: start, to: end).count
  }

  private func weightsInCone(
    from start: GraphTopology.Vertex, to end: GraphTopology.Vertex
  ) -> [NetworkGraph.ValueID] {
    topology.cone(from: start, to: end).sorted().compactMap { $0 == start ? nil : weights[$0]?.weight }
  }

  /// What lies between `start` and `end`: the vertices that depend on the one and lead to the other.
  private func descendants(of start: GraphTopology.Vertex, upTo end: GraphTopology.Vertex) -> Set<Int> {
    var reached: Set<Int> = [start]
    for vertex in topology.cone(from: start, to: end).sorted()
    where topology.predecessors[vertex].contains(where: reached.contains) {
      reached.insert(vertex)
    }
    return reached
  }

  // MARK: Walks

  /// The weights met first on the way back from `end`, through everything that is no weight operation.
  ///
  /// At an addition both sides are followed; at a product the side that dominates the other, since a gate
  /// computed from the main path is not the main path; at a quotient the numerator.
  private func lastWeights(
    before end: GraphTopology.Vertex, within region: Set<Int>?, stoppingAt stops: Set<Int>, notes: inout [String]
  ) -> Set<NetworkGraph.ValueID> {
    var found: Set<NetworkGraph.ValueID> = []
    var seen: Set<Int> = [end]
    var pending = [end]
    while let vertex = pending.popLast() {
      guard !stops.contains(vertex), region?.contains(vertex) ?? true else { continue }
      if let operation = weights[vertex] {
        found.insert(operation.weight)
        continue
      }
      for source in mainSources(of: vertex, notes: &notes) where seen.insert(source).inserted {
        pending.append(source)
      }
    }
    return found
  }

  /// The vertices that carry the signal into `vertex`: all it reads, but for gates and denominators.
  private func mainSources(of vertex: GraphTopology.Vertex, notes: inout [String]) -> [GraphTopology.Vertex] {
    guard let node = topology.nodeOfVertex[vertex], let (a, b) = activations(of: node),
      let u = topology.vertex(of: a), let v = topology.vertex(of: b), u != v
    else { return topology.predecessors[vertex] }
    switch graph.nodes[node].operation {
    case "aten.mul.Tensor", "aten.mul_.Tensor":
      if topology.dominates(u, v) { return [u] }
      if topology.dominates(v, u) { return [v] }
      let name = graph.nodes[node].outputs.first.map { graph[$0].name } ?? "a product"
      notes.append("\(name) multiplies two paths of equal standing; the zero goes to the first factor")
      return [u]
    case "aten.div.Tensor", "aten.div_.Tensor":
      return [u]
    default:
      return topology.predecessors[vertex]
    }
  }

  private func firstWeights() -> Set<NetworkGraph.ValueID> {
    var first: Set<NetworkGraph.ValueID> = []
    var hasWeightBefore = [Bool](repeating: false, count: topology.predecessors.count)
    for vertex in topology.predecessors.indices {
      let before = topology.predecessors[vertex].contains { hasWeightBefore[$0] }
      let node = topology.nodeOfVertex[vertex].map { graph.nodes[$0] }
      if let operation = weights[vertex] {
        if !before { first.insert(operation.weight) }
        hasWeightBefore[vertex] = true
      } else {
        hasWeightBefore[vertex] = before || node?.operation == "aten.embedding.default"
      }
    }
    return first
  }

  /// Whether a ReLU is met on the way from `weight`'s operations to the next weights.
  func reluFollows(_ weight: NetworkGraph.ValueID) -> Bool {
    var seen: Set<Int> = []
    var pending = weights.filter { $0.value.weight == weight }.map(\.key)
    while let vertex = pending.popLast() {
      for next in topology.successors[vertex] where weights[next] == nil && seen.insert(next).inserted {
        if let node = topology.nodeOfVertex[next],
          ["aten.relu.default", "aten.relu_.default"].contains(graph.nodes[node].operation)
        {
          return true
        }
        pending.append(next)
      }
    }
    return false
  }

  private func paths(of weights: some Collection<NetworkGraph.ValueID>) -> [String] {
    weights.sorted().compactMap { if case .parameter(let path) = graph[$0].origin { path } else { nil } }
  }
}
