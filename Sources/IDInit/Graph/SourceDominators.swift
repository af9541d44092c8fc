/// Dominance as seen from one source of a network with several: paths from the others are left out.
struct SourceDominators {
  private let topology: GraphTopology
  /// The sources (vertices without predecessors) that a vertex depends on, by the bits of their numbers.
  private let masks: [UInt8]
  private let sourceCount: Int
  private var trees: [Int: DominatorTree] = [:]

  /// How many sources are told apart; of more the first.
  private static let mostSources = 8

  init(_ topology: GraphTopology) {
    self.topology = topology
    var masks = [UInt8](repeating: 0, count: topology.count)
    var sourceCount = 0
    for vertex in 0..<topology.count {
      if topology.predecessors[vertex].isEmpty {
        guard sourceCount < Self.mostSources else { continue }
        masks[vertex] = 1 << sourceCount
        sourceCount += 1
      } else {
        masks[vertex] = topology.predecessors[vertex].reduce(0) { $0 | masks[$1] }
      }
    }
    self.masks = masks
    self.sourceCount = sourceCount
  }

  /// The sources that both vertices depend on.
  func common(_ a: Int, _ b: Int) -> [Int] {
    (0..<sourceCount).filter { masks[a] & masks[b] & (1 << $0) != 0 }
  }

  /// The last vertex that every path from `source` to `a` and every path from it to `b` passes.
  mutating func nearestCommonDominator(_ a: Int, _ b: Int, from source: Int) -> Int? {
    if trees[source] == nil {
      let bit = UInt8(1) << source
      trees[source] = DominatorTree(
        predecessors: topology.predecessors.map { sources in sources.filter { masks[$0] & bit != 0 } })
    }
    return trees[source]?.nearestCommon(a, b)
  }
}
