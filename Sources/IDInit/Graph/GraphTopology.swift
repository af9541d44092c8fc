/// What follows from the edges of a graph alone: who comes before whom among the values that carry signal
/// (``Signal``), and which value every path to another must pass.
struct GraphTopology {
  /// A value that carries signal, numbered in topological order.
  typealias Vertex = Int

  /// The value of a vertex.
  let valueOfVertex: [NetworkGraph.ValueID]
  /// The vertices that a vertex is computed from, ascending, each once.
  let predecessors: [[Vertex]]
  /// The vertices that are computed from a vertex, ascending.
  let successors: [[Vertex]]
  /// The node of a vertex; nil for a user input and a parameter.
  let nodeOfVertex: [Int?]
  let dominators: DominatorTree
  /// Whether what the network returns depends on a vertex (a normalisation may also return statistics that go
  /// nowhere); true for all if it is not known what it returns.
  let isLive: [Bool]
  /// The vertices of what the network returns.
  let outputs: [Vertex]
  private let vertexOfValue: [Int32]

  var count: Int { valueOfVertex.count }

  init(_ graph: NetworkGraph, flow: DataFlow, signal: Signal) {
    var vertexOfValue = [Int32](repeating: -1, count: graph.values.count)
    var valueOfVertex: [NetworkGraph.ValueID] = []
    var predecessors: [[Vertex]] = []
    var nodeOfVertex: [Int?] = []
    func add(_ id: NetworkGraph.ValueID, _ node: Int?, _ sources: [Vertex]) {
      guard let number = Int32(exactly: valueOfVertex.count) else { return }
      vertexOfValue[id.index] = number
      valueOfVertex.append(id)
      predecessors.append(sources)
      nodeOfVertex.append(node)
    }
    for (index, value) in graph.values.enumerated() where signal.isActivation[index] {
      if case .node = value.origin { continue }
      add(.init(index: index), nil, [])
    }
    for (index, node) in graph.nodes.enumerated() {
      let sources = Set(signal.carriers[index].map { Int(vertexOfValue[$0.index]) }.filter { $0 >= 0 }).sorted()
      for output in node.outputs where signal.isActivation[output.index] { add(output, index, sources) }
    }

    var successors = [[Vertex]](repeating: [], count: predecessors.count)
    for (vertex, sources) in predecessors.enumerated() {
      for source in sources { successors[source].append(vertex) }
    }
    self.vertexOfValue = vertexOfValue
    self.valueOfVertex = valueOfVertex
    self.predecessors = predecessors
    self.successors = successors
    self.nodeOfVertex = nodeOfVertex
    dominators = DominatorTree(predecessors: predecessors)
    outputs = flow.outputs.map { Int(vertexOfValue[$0.index]) }.filter { $0 >= 0 }
    var isLive = [Bool](repeating: flow.outputs.isEmpty, count: predecessors.count)
    for output in outputs { isLive[output] = true }
    for vertex in predecessors.indices.reversed() where isLive[vertex] {
      for source in predecessors[vertex] { isLive[source] = true }
    }
    self.isLive = isLive
  }

  /// The vertex of a value; nil for one that carries no signal.
  func vertex(of id: NetworkGraph.ValueID) -> Vertex? {
    let vertex = vertexOfValue[id.index]
    return vertex < 0 ? nil : Int(vertex)
  }

  func isActivation(_ id: NetworkGraph.ValueID) -> Bool { vertexOfValue[id.index] >= 0 }

  /// Whether every path from the sources to `b` passes `a`.
  func dominates(_ a: Vertex, _ b: Vertex) -> Bool { dominators.dominates(a, b) }

  /// The last vertex that every path to `a` and every path to `b` passes; nil if they have no common past.
  func nearestCommonDominator(_ a: Vertex, _ b: Vertex) -> Vertex? { dominators.nearestCommon(a, b) }
}

/// The immediate dominators of an acyclic graph whose vertices are numbered in topological order.
///
/// Source: Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001); one pass is enough here. Common
/// ancestors are found in logarithmic time by skipping links (Myers, "An applicative random-access stack", 1983).
struct DominatorTree {
  /// −1 where only the (virtual) common source of all sources dominates.
  private var parent: [Int32] = []
  private var jump: [Int32] = []
  private var depth: [Int32] = []

  init(predecessors: [[Int]]) {
    parent.reserveCapacity(predecessors.count)
    for sources in predecessors {
      var common = sources.first.map(Int32.init) ?? -1
      for source in sources.dropFirst() where common >= 0 { common = meet(common, Int32(source)) }
      parent.append(common)
      guard common >= 0 else {
        depth.append(0)
        jump.append(-1)
        continue
      }
      depth.append(depth[Int(common)] + 1)
      // Skip as far as the parent's link does if that link and the one behind it are of one length.
      let near = jump[Int(common)]
      let far = near < 0 ? -1 : jump[Int(near)]
      jump.append(level(common) - level(near) == level(near) - level(far) ? far : common)
    }
  }

  private func level(_ vertex: Int32) -> Int32 { vertex < 0 ? -1 : depth[Int(vertex)] }

  func dominates(_ a: Int, _ b: Int) -> Bool {
    guard depth[a] <= depth[b] else { return false }
    return ancestor(of: Int32(b), atDepth: depth[a]) == Int32(a)
  }

  func nearestCommon(_ a: Int, _ b: Int) -> Int? {
    let common = meet(Int32(a), Int32(b))
    return common < 0 ? nil : Int(common)
  }

  private func ancestor(of vertex: Int32, atDepth target: Int32) -> Int32 {
    var vertex = vertex
    while vertex >= 0, depth[Int(vertex)] > target {
      let far = jump[Int(vertex)]
      vertex = far >= 0 && depth[Int(far)] >= target ? far : parent[Int(vertex)]
    }
    return vertex
  }

  private func meet(_ a: Int32, _ b: Int32) -> Int32 {
    let level = Swift.min(depth[Int(a)], depth[Int(b)])
    var (a, b) = (ancestor(of: a, atDepth: level), ancestor(of: b, atDepth: level))
    while a != b {
      let (x, y) = (jump[Int(a)], jump[Int(b)])
      // Links of one depth are of one length, so both leave the tree together.
      (a, b) = x != y ? (x, y) : (parent[Int(a)], parent[Int(b)])
    }
    return a
  }
}
