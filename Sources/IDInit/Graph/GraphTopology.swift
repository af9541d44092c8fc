/// What follows from the edges of a graph alone: which values are activations, who comes before whom, and
/// which value every path to another must pass.
///
/// *Activations* are the values that depend on a user input. Parameters, buffers and what is computed from
/// them alone (position tables, masks) are not, and never make a residual.
struct GraphTopology {
  /// A user input or an operation's output that depends on one, numbered in topological order.
  typealias Vertex = Int

  /// The vertex of a value; nil for what is no activation.
  private let vertexOfValue: [Vertex?]
  /// The vertices that a vertex reads, ascending, each once.
  let predecessors: [[Vertex]]
  /// The vertices that read a vertex, ascending.
  let successors: [[Vertex]]
  /// The node of a vertex; nil for a user input.
  let nodeOfVertex: [Int?]
  /// The nearest vertex that every path from the inputs passes; nil where only the (virtual) common source
  /// of all inputs is.
  private let immediateDominator: [Vertex?]
  private let depth: [Int]

  init(_ graph: NetworkGraph) {
    var vertexOfValue = [Vertex?](repeating: nil, count: graph.values.count)
    var predecessors: [[Vertex]] = []
    var nodeOfVertex: [Int?] = []
    for (index, value) in graph.values.enumerated() {
      if case .input = value.origin {
        vertexOfValue[index] = predecessors.count
        predecessors.append([])
        nodeOfVertex.append(nil)
      }
    }
    for (index, node) in graph.nodes.enumerated() {
      let sources = Set(node.inputs.compactMap { vertexOfValue[$0.index] })
      guard !sources.isEmpty else { continue }
      for output in node.outputs { vertexOfValue[output.index] = predecessors.count }
      predecessors.append(sources.sorted())
      nodeOfVertex.append(index)
    }

    var successors = [[Vertex]](repeating: [], count: predecessors.count)
    for (vertex, sources) in predecessors.enumerated() {
      for source in sources { successors[source].append(vertex) }
    }

    // Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001). One pass is enough: the
    // vertices are in topological order.
    var dominator = [Vertex?](repeating: nil, count: predecessors.count)
    var depth = [Int](repeating: 0, count: predecessors.count)
    for (vertex, sources) in predecessors.enumerated() {
      guard var common = sources.first.map(Optional.some) else { continue }
      for source in sources.dropFirst() {
        common = Self.meet(common, source, dominator: dominator, depth: depth)
      }
      dominator[vertex] = common
      depth[vertex] = common.map { depth[$0] + 1 } ?? 0
    }

    self.vertexOfValue = vertexOfValue
    self.predecessors = predecessors
    self.successors = successors
    self.nodeOfVertex = nodeOfVertex
    self.immediateDominator = dominator
    self.depth = depth
  }

  func vertex(of id: NetworkGraph.ValueID) -> Vertex? { vertexOfValue[id.index] }
  func isActivation(_ id: NetworkGraph.ValueID) -> Bool { vertexOfValue[id.index] != nil }

  /// Whether a path leads from `a` to `b`. A vertex is no ancestor of itself.
  func isAncestor(_ a: Vertex, of b: Vertex) -> Bool {
    a < b && cone(from: a, to: b).contains(a)
  }

  /// Whether every path from the inputs to `b` passes `a`.
  func dominates(_ a: Vertex, _ b: Vertex) -> Bool {
    var vertex: Vertex? = b
    while let v = vertex, depth[v] > depth[a] { vertex = immediateDominator[v] }
    return vertex == a
  }

  /// The last vertex that every path to `a` and every path to `b` passes; nil if they have no common past.
  func nearestCommonDominator(_ a: Vertex, _ b: Vertex) -> Vertex? {
    Self.meet(a, b, dominator: immediateDominator, depth: depth)
  }

  /// `end` and everything before it down to the number of `start`, found backwards. Vertices are numbered in
  /// topological order, so nothing older than `start` can lie on a path from it: a residual block costs its
  /// own size, however deep the network.
  func cone(from start: Vertex, to end: Vertex) -> Set<Vertex> {
    var found: Set<Vertex> = [end]
    var pending = [end]
    while let vertex = pending.popLast() {
      guard vertex != start else { continue }
      for source in predecessors[vertex] where source >= start && found.insert(source).inserted {
        pending.append(source)
      }
    }
    return found
  }

  private static func meet(_ a: Vertex?, _ b: Vertex?, dominator: [Vertex?], depth: [Int]) -> Vertex? {
    var (a, b) = (a, b)
    while let x = a, let y = b, x != y {
      if depth[x] > depth[y] {
        a = dominator[x]
      } else if depth[y] > depth[x] {
        b = dominator[y]
      } else {
        a = dominator[x]
        b = dominator[y]
      }
    }
    return a == b ? a : nil
  }
}
