/// The residual blocks, the head and the first weights of a network, read off its graph.
///
/// Source: the residual network of Eq. (1) and the positions named at the end of Section 3.3.2: "the last
/// position of residual blocks, and the position of last classification layer".
struct ResidualStructure {
  /// A block with the vertices that it was found at.
  struct Join {
    let sum: Int
    let stem: Int
    let shortcut: Int
    /// Where the stem leaves the shortcut.
    let start: Int
    let kind: ResidualBlock.Shortcut
    /// Weight operations, by their place in ``WeightOperations/all``.
    var last: [Int] = []
    var stemOperations: [Int] = []
    var shortcutOperations: [Int] = []
    /// Whether what the last weights compute is also used outside of the block: then it is none.
    var isShared = false
    /// The vertices between the last weights and the sum.
    var tail: [Int] = []
    var notes: [String] = []
    /// Notes that need not be repeated in the reasons of the weights.
    var asides: [String] = []
  }

  private(set) var joins: [Join] = []
  /// The sum vertices of the joins.
  private(set) var joinOfSum: [Int: Int] = [:]
  /// What concerns no single block.
  private(set) var notes: [String] = []
  /// Weights of the last classification layers; empty in a network without residual blocks.
  private(set) var head: Set<NetworkGraph.ValueID> = []
  private(set) var headNotes: [String] = []

  let path: MainPath
  let weights: WeightOperations
  let search: ReachSearch
  var sources: SourceDominators
  /// Sums that would be residual but for what else their stems are used for.
  var shared: [String] = []
  var topology: GraphTopology { path.topology }

  init(_ path: MainPath, weights: WeightOperations, scores: AttentionPatterns) {
    self.path = path
    self.weights = weights
    search = ReachSearch(path.topology)
    sources = SourceDominators(path.topology)
    var skipped: [String] = []
    for vertex in 0..<path.topology.count {
      guard let (a, b) = addends(of: vertex), !scores.isScore[vertex] else { continue }
      guard search.budget > 0 else {
        skipped.append(path.name(vertex))
        continue
      }
      guard let join = join(at: vertex, a, b), isBlock(join) else { continue }
      joinOfSum[vertex] = joins.count
      joins.append(join)
    }
    dropRedundant()
    if let first = skipped.first {
      notes.append(
        "\(skipped.count) additions from \(first) on were not examined: the graph has too many long paths beside one "
          + "another")
    }
    if let first = shared.first {
      let others = shared.count == 1 ? "" : " (and \(shared.count - 1) like it)"
      notes.append(
        "\(first)\(others) adds to its input what is also used elsewhere: no residual block, since a zero would silence "
          + "both")
    }
    if !joins.isEmpty { findHead() }
  }

  // MARK: Joins

  /// Takes out projections beside which the shortcut itself is to start from zero, since it ends a longer stem
  /// (x + (W x + B A x)): both sides of such a sum are ends of that stem.
  private mutating func dropRedundant() {
    let last = Set(joins.flatMap(\.last))
    joins.removeAll { $0.kind == .projection && $0.shortcutOperations.contains(where: last.contains) }
    joinOfSum = Dictionary(uniqueKeysWithValues: joins.enumerated().map { ($1.sum, $0) })
  }

  /// The two activations that a vertex is the sum or the difference of.
  private func addends(of vertex: Int) -> (Int, Int)? {
    switch path.kind(vertex) {
    case .add, .subtract, .reversedSubtract: return path.operands(vertex)
    case .addProduct:
      // residual + value · scale · stem, with a scale that is no activation
      guard let node = topology.nodeOfVertex[vertex].map({ path.graph.nodes[$0] }),
        let a = node.value(at: 0).flatMap(topology.vertex)
      else { return nil }
      let factors = (1...2).compactMap { node.value(at: $0).flatMap(topology.vertex) }
      return factors.count == 1 && factors[0] != a ? (a, factors[0]) : nil
    default: return nil
    }
  }

  /// Whether a join makes a block. A difference does where a stem with weights is taken from its shortcut; the
  /// deviation from a mean, the shortcut taken from the stem, and the error of a reconstruction are none.
  private func isBlock(_ join: Join) -> Bool {
    guard let (a, b) = path.operands(join.sum) else { return true }
    let minuend: Int
    switch path.kind(join.sum) {
    case .subtract: minuend = a
    case .reversedSubtract: minuend = b
    default: return true
    }
    return join.shortcut == minuend && !join.last.isEmpty && !isError(join)
  }

  /// Whether a join takes something from the network's own input only to measure it: the difference is neither
  /// returned nor does a weight follow.
  private func isError(_ join: Join) -> Bool {
    guard topology.nodeOfVertex[path.withoutCopies(join.shortcut)] == nil,
      !topology.outputs.contains(path.withoutCopies(join.sum))
    else { return false }
    var seen: Set<Int> = [join.sum]
    var pending = [join.sum]
    while let vertex = pending.popLast() {
      if path.isWeight(vertex) { return false }
      for next in topology.successors[vertex] where seen.insert(next).inserted { pending.append(next) }
    }
    return true
  }

  // MARK: Head

  /// The weights met first on the way back from what the network returns, up to the last residual sums.
  private mutating func findHead() {
    // What the network itself uses further is a feature that it also returns.
    let ends = topology.outputs.filter { !topology.successors[$0].contains { topology.isLive[$0] } }
    let walk = BackwardWalk(
      from: ends.isEmpty ? topology.outputs : ends, along: path,
      stoppingAt: { joinOfSum[$0] != nil || (path.factors($0) != nil && !isAttention($0)) })
    head.formUnion(walk.operations.map { weights.all[$0].weight })
    headNotes = walk.notes
  }

  /// Whether a product of activations is probabilities times values; any other is no classifier's logits.
  private func isAttention(_ vertex: Int) -> Bool {
    guard let (a, b) = path.factors(vertex) else { return false }
    return path.isProbability[a] || path.isProbability[b]
  }
}
