extension ResidualStructure {
  /// The block that a sum of `a` and `b` closes; nil if it closes none.
  mutating func join(at sum: Int, _ a: Int, _ b: Int) -> Join? {
    // The identity shortcut is a matter of ancestry, not of dominance: cross-attention has a second input.
    // A copy or another shape of the block's input is the input.
    for (stem, shortcut) in [(b, a), (a, b)] {
      let start = path.withoutCopies(shortcut)
      if search.isAncestor(start, of: stem) == true, path.withoutCopies(stem) != start {
        return identity(sum, stem: stem, shortcut: shortcut, start: start)
      }
    }
    // x + f(x) + g(x), added up from the left: the second stem leaves x, not x + f(x).
    for (stem, shortcut) in [(b, a), (a, b)] {
      if let start = trunk(of: shortcut, before: stem) {
        return identity(sum, stem: stem, shortcut: shortcut, start: start)
      }
    }
    if let join = coupling(sum, a, b) { return join }
    return projection(sum, a, b)
  }

  /// x₁ + f(x₂) with the two halves of one value, as reversible networks have it.
  private mutating func coupling(_ sum: Int, _ a: Int, _ b: Int) -> Join? {
    for (stem, shortcut) in [(b, a), (a, b)] {
      let half = path.withoutCopies(shortcut)
      guard case .view(.split)? = path.kind(half), let node = topology.nodeOfVertex[half],
        path.graph.nodes[node].outputs.count == 2,
        let other = path.graph.nodes[node].outputs.compactMap(topology.vertex).first(where: { $0 != half }),
        search.isAncestor(other, of: stem) == true
      else { continue }
      return identity(sum, stem: stem, shortcut: shortcut, start: other)
    }
    return nil
  }

  /// The first of the nested sums' shortcuts, `shortcut` itself aside, from which `stem` is computed.
  private func trunk(of shortcut: Int, before stem: Int) -> Int? {
    var vertex = shortcut
    for _ in 0..<8 {
      guard let join = joinOfSum[vertex].map({ joins[$0] }), join.kind == .identity else { return nil }
      vertex = join.shortcut
      if search.isAncestor(vertex, of: stem) == true { return vertex }
      // Of many stems added up one by one all leave one value.
      if join.start < vertex, search.isAncestor(join.start, of: stem) == true { return join.start }
    }
    return nil
  }

  private mutating func identity(_ sum: Int, stem: Int, shortcut: Int, start: Int) -> Join? {
    guard let region = search.region(from: start, to: stem) else { return nil }
    let join = Join(sum: sum, stem: stem, shortcut: shortcut, start: start, kind: .identity)
    let complete = complete(join, region)
    if complete?.isShared == true {
      // A difference (a GRU's h − n) is no residual anyway.
      if path.kind(sum) == .add { shared.append(path.name(sum)) }
      return nil
    }
    return complete
  }

  /// Two paths from one value: the one with fewer weights, at most one, is the shortcut.
  private mutating func projection(_ sum: Int, _ a: Int, _ b: Int) -> Join? {
    if let start = topology.nearestCommonDominator(a, b) { return projection(sum, a, b, from: start) }
    // A stem that also reads something else (the time of a diffusion network) shares no dominator with its shortcut;
    // seen from one of the network's sources alone it does.
    for source in sources.common(a, b) {
      guard let start = sources.nearestCommonDominator(a, b, from: source),
        let join = projection(sum, a, b, from: start), !isCondition(join)
      else { continue }
      return join
    }
    return nil
  }

  private func projection(_ sum: Int, _ a: Int, _ b: Int, from start: Int) -> Join? {
    // What is spread over many elements conditions them.
    guard path.shape(a) == path.shape(b) else { return nil }
    guard path.mayHaveOneWeight(from: start, to: a) || path.mayHaveOneWeight(from: start, to: b),
      let left = search.region(from: start, to: a), let right = search.region(from: start, to: b)
    else { return nil }
    let counts = (weightNodes(in: left, after: start).count, weightNodes(in: right, after: start).count)
    guard counts.0 != counts.1, min(counts.0, counts.1) <= 1 else {
      return nil  // a sum of equal branches: parallel attention and MLP, an inception module
    }
    let (shortcut, stem, side, main) = counts.0 < counts.1 ? (a, b, left, right) : (b, a, right, left)
    guard isPlain(side, from: start) else { return nil }
    var join = Join(sum: sum, stem: stem, shortcut: shortcut, start: start, kind: .projection)
    join.shortcutOperations = weightNodes(in: side, after: start).flatMap { path.operations[$0] }
    guard let join = complete(join, main) else { return nil }
    // A recurrent cell adds what its input and its state say; earlier steps have the input's weight in them.
    let shared = Set(join.shortcutOperations.map { weights.all[$0].weight })
    let isRecurrent = join.stemOperations.contains { shared.contains(weights.all[$0].weight) } || path.isGates(sum)
    return isRecurrent ? nil : join
  }

  /// Whether a "shortcut" is a condition (a time or class embedding) that several blocks are given: its stem runs
  /// through blocks whose own shortcuts come from elsewhere.
  private func isCondition(_ join: Join) -> Bool {
    guard let region = search.region(from: join.start, to: join.stem) else { return true }
    return region.vertices.contains { vertex in
      vertex != join.start && joinOfSum[vertex].map { !region.contains(joins[$0].shortcut) } ?? false
    }
  }

  func weightNodes(in region: Region, after start: Int) -> [Int] {
    var nodes: Set<Int> = []
    return region.vertices.filter { vertex in
      guard vertex != start, path.isWeight(vertex), let node = topology.nodeOfVertex[vertex] else { return false }
      return nodes.insert(node).inserted
    }
  }
}
