/// The weights that make queries, keys and values, and those that project what an attention returns.
struct AttentionWeights {
  /// Weights that an attention's result reaches first.
  private(set) var outputs: Set<NetworkGraph.ValueID> = []
  /// Roles of weights whose rows are not followed (a recurrent layer's).
  private(set) var wholes: [NetworkGraph.ValueID: ParameterRole] = [:]

  private let path: MainPath
  private let weights: WeightOperations
  private let rows: OutputRows
  private let isJoin: (Int) -> Bool

  /// - Parameters:
  ///   - packed: Learns which rows of which weight feed what.
  ///   - isJoin: Whether a vertex is a residual addition: no projection lies beyond.
  init(
    _ patterns: AttentionPatterns, _ path: MainPath, weights: WeightOperations, rows: OutputRows,
    packed: inout PackedWeights, isJoin: @escaping (Int) -> Bool
  ) {
    self.path = path
    self.weights = weights
    self.rows = rows
    self.isJoin = isJoin
    for pattern in patterns.all {
      if let query = pattern.queries.first { label(query, .query, &packed) }
      if let key = pattern.keys.first { label(key, .key, &packed) }
      label(pattern.values, .value, &packed)
    }
    // Further terms of the scores (content to position, position to content) take what is left.
    for pattern in patterns.all {
      for query in pattern.queries.dropFirst() { label(query, .query, &packed, onlyIfNew: true) }
      for key in pattern.keys.dropFirst() { label(key, .key, &packed, onlyIfNew: true) }
    }
    var isPassed = [Bool](repeating: false, count: path.topology.count)
    for pattern in patterns.all { follow(pattern.result, scores: patterns, &isPassed) }
  }

  /// Gives the weights nearest behind an operand their role.
  private mutating func label(
    _ operand: Int, _ role: ParameterRole, _ packed: inout PackedWeights, onlyIfNew: Bool = false
  ) {
    var seen: Set<Int> = [operand]
    var pending = [operand]
    while let vertex = pending.popLast() {
      if let found = rows[path.topology.valueOfVertex[vertex]] {
        for operation in found.operations {
          if onlyIfNew, !packed.roles(of: weights.all[operation].weight).isEmpty { continue }
          packed.claim(OutputRows.Rows(operations: [operation], map: found.map), .role(role))
        }
      } else if path.isWeight(vertex) {
        for operation in path.operations[vertex] {
          wholes[weights.all[operation].weight] = wholes[weights.all[operation].weight] ?? role
        }
      } else if !isJoin(vertex), path.factors(vertex) == nil || seen.count == 1 {
        for source in path.sources(of: vertex).sources where seen.insert(source).inserted { pending.append(source) }
      }
    }
  }

  /// The weights that a result reaches before anything else is added to it.
  private mutating func follow(_ result: Int, scores: AttentionPatterns, _ isPassed: inout [Bool]) {
    var pending = [result]
    isPassed[result] = true
    while let vertex = pending.popLast() {
      for next in path.topology.successors[vertex] where !isPassed[next] {
        if path.isWeight(next) {
          outputs.formUnion(path.operations[next].map { weights.all[$0].weight })
        } else if !isJoin(next), !scores.isScore[next] {
          isPassed[next] = true
          pending.append(next)
        }
      }
    }
  }
}
