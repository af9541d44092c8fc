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
  /// Whether what the network returns depends on a vertex; true for all if it is not known what it returns.
  let isLive: [Bool]
  private let vertexOfValue: [Int32]

  var count: Int { valueOfVertex.count }

  init(_ graph: NetworkGraph, signal: Signal) {
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
    var isLive = [Bool](repeating: graph.outputs.isEmpty, count: predecessors.count)
    for output in graph.outputs where vertexOfValue[output.index] >= 0 {
      isLive[Int(vertexOfValue[output.index])] = true
    }
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

/// Backward searches that stop at a given vertex, with an account of what they cost.
///
/// Vertices are numbered in topological order, so nothing older than the stop can lie on a path from it: examining a
/// residual block costs its own size, however deep the network.
final class ReachSearch {
  private let topology: GraphTopology
  private var mark: [UInt32]
  private var number: UInt32 = 0
  /// Edges that may still be looked at.
  private(set) var budget: Int

  init(_ topology: GraphTopology) {
    self.topology = topology
    mark = Array(repeating: 0, count: topology.count)
    budget = 4_000_000 + 100 * topology.count
  }

  /// `end` and what leads to it, down to `start`, ascending; nil if the budget is spent.
  func cone(from start: Int, to end: Int) -> [Int]? {
    guard budget > 0 else { return nil }
    number += 1
    var found = [end]
    var next = 0
    mark[end] = number
    while next < found.count {
      let vertex = found[next]
      next += 1
      guard vertex != start else { continue }
      budget -= topology.predecessors[vertex].count
      guard budget > 0 else { return nil }
      for source in topology.predecessors[vertex] where source >= start && mark[source] != number {
        mark[source] = number
        found.append(source)
      }
    }
    return found.sorted()
  }

  /// Whether a path leads from `a` to `b`; nil if the budget is spent. A vertex is no ancestor of itself.
  func isAncestor(_ a: Int, of b: Int) -> Bool? {
    guard a < b else { return false }
    if topology.dominates(a, b) { return true }
    return cone(from: a, to: b).map { $0.first == a }
  }

  /// What lies between `start` and `end`: the vertices that depend on the one and lead to the other, ascending, with
  /// both; nil if the budget is spent.
  func region(from start: Int, to end: Int) -> [Int]? {
    guard let cone = cone(from: start, to: end) else { return nil }
    number += 1
    return cone.filter { vertex in
      guard vertex == start || topology.predecessors[vertex].contains(where: { mark[$0] == number }) else {
        return false
      }
      mark[vertex] = number
      return true
    }
  }
}
