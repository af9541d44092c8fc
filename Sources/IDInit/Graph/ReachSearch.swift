/// Some vertices of a graph, ascending.
struct Region {
  let vertices: [Int]

  func contains(_ vertex: Int) -> Bool {
    var (low, high) = (0, vertices.count)
    while low < high {
      let middle = (low + high) / 2
      if vertices[middle] < vertex { low = middle + 1 } else { high = middle }
    }
    return low < vertices.count && vertices[low] == vertex
  }
}

/// Backward searches that stop at a given vertex, with an account of what they cost.
///
/// Vertices are numbered in topological order, so nothing older than the stop can lie on a path from it: examining a
/// residual block costs its own size, however deep the network. Only graphs in which very many long paths end at one
/// another's side make that more than a few times the graph, and those run into the budget.
final class ReachSearch {
  private let topology: GraphTopology
  private var mark: [UInt32]
  private var number: UInt32 = 0
  /// Edges that may still be looked at.
  private(set) var budget: Int

  /// Charges what a caller did with a region.
  func spend(_ amount: Int) { budget -= amount }

  init(_ topology: GraphTopology) {
    self.topology = topology
    mark = Array(repeating: 0, count: topology.count)
    budget = 500_000 + 20 * topology.count
  }

  /// `end` and what leads to it, down to `start`, in no order; nil if the budget is spent.
  private func cone(from start: Int, to end: Int) -> [Int]? {
    guard budget > 0 else { return nil }
    number += 1
    var found = [end]
    var next = 0
    mark[end] = number
    while next < found.count {
      let vertex = found[next]
      next += 1
      guard vertex != start else { continue }
      budget -= 1 + topology.predecessors[vertex].count
      guard budget > 0 else { return nil }
      for source in topology.predecessors[vertex] where source >= start && mark[source] != number {
        mark[source] = number
        found.append(source)
      }
    }
    return found
  }

  /// Whether a path leads from `a` to `b`; nil if the budget is spent. A vertex is no ancestor of itself.
  func isAncestor(_ a: Int, of b: Int) -> Bool? {
    guard a < b else { return false }
    if topology.dominates(a, b) { return true }
    return cone(from: a, to: b).map { _ in mark[a] == number }
  }

  /// What lies between `start` and `end`: the vertices that depend on the one and lead to the other, with both; nil if
  /// the budget is spent.
  func region(from start: Int, to end: Int) -> Region? {
    guard let cone = cone(from: start, to: end)?.sorted() else { return nil }
    number += 1
    return Region(
      vertices: cone.filter { vertex in
        guard vertex == start || topology.predecessors[vertex].contains(where: { mark[$0] == number }) else {
          return false
        }
        mark[vertex] = number
        return true
      })
  }
}
