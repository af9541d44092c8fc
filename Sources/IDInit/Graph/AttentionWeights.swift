/// The weights that make queries, keys and values, and those that project what an attention returns.
struct AttentionWeights {
  /// Weights that an attention's result reaches first.
  private(set) var outputs: Set<NetworkGraph.ValueID> = []
  /// Roles of weights whose rows are not followed (a recurrent layer's).
  private(set) var wholes: [NetworkGraph.ValueID: ParameterRole] = [:]

  /// Projections are near their attention; a walk that long has lost its way.
  private static let mostSteps = 4096

  private let path: MainPath
  private let weights: WeightOperations
  private let rows: OutputRows
  private let isJoin: (Int) -> Bool

  /// `packed` learns which rows of which weight feed what. `isJoin` says whether a vertex is a residual addition: no
  /// projection lies beyond.
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
      for (left, right) in zip(pattern.queries, pattern.keys).dropFirst() {
        // Where the keys come first, the other factor holds queries.
        let isTurned = roles(behind: left, packed).contains(.key) && !roles(behind: left, packed).contains(.query)
        label(left, isTurned ? .key : .query, &packed, onlyIfNew: true)
        label(right, isTurned ? .query : .key, &packed, onlyIfNew: true)
      }
    }
    var isPassed = [Bool](repeating: false, count: path.topology.count)
    for pattern in patterns.all { follow(pattern.result, scores: patterns, &isPassed) }
  }

  /// Gives the weights nearest behind an operand their role.
  private mutating func label(
    _ operand: Int, _ role: ParameterRole, _ packed: inout PackedWeights, onlyIfNew: Bool = false
  ) {
    for (rows, operation) in nearest(operand) {
      let weight = weights.all[operation].weight
      if onlyIfNew, !packed.roles(of: weight).isEmpty { continue }
      if var rows {
        rows.operations = [operation]
        packed.claim(rows, .role(role))
      } else {
        wholes[weight] = wholes[weight] ?? role
      }
    }
  }

  private func roles(behind operand: Int, _ packed: PackedWeights) -> Set<ParameterRole> {
    nearest(operand).reduce(into: []) { $0.formUnion(packed.roles(of: weights.all[$1.operation].weight)) }
  }

  /// The operations nearest behind an operand, each with the rows that it gets from it where they are followed.
  private func nearest(_ operand: Int) -> [(rows: OutputRows.Rows?, operation: Int)] {
    var found: [(rows: OutputRows.Rows?, operation: Int)] = []
    var seen: Set<Int> = [operand]
    var pending = [operand]
    while let vertex = pending.popLast(), seen.count <= Self.mostSteps {
      if let rows = rows[path.topology.valueOfVertex[vertex]] {
        found += rows.operations.map { (rows, $0) }
      } else if path.isWeight(vertex) {
        found += path.operations[vertex].map { (nil, $0) }
      } else if !isJoin(vertex), path.factors(vertex) == nil || seen.count == 1 {
        for source in path.sources(of: vertex).sources where seen.insert(source).inserted { pending.append(source) }
      }
    }
    return found
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
