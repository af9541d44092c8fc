extension ResidualStructure {
  /// Whether a shortcut is a resampling, projection or normalisation of its input: no attention, no part of the
  /// channels or of the sequence, and no gate with weights (a highway's carry is no shortcut).
  func isPlain(_ side: Region, from start: Int) -> Bool {
    side.vertices.allSatisfy { vertex in
      guard vertex != start else { return true }
      switch path.kind(vertex) {
      case .softmax, .attention: return false
      case .view(.select), .view(.unbind), .view(.split): return false
      case .view(.slice), .view(.narrow): return !isPiece(vertex)
      case .product: return path.factors(vertex) == nil
      case .multiply, .gatedLinearUnit:
        guard let (a, b) = path.operands(vertex), side.contains(a), side.contains(b) else { return true }
        // The statistics of a normalisation written out have no weights of their own.
        return path.isStatistic(a, of: b) || path.isStatistic(b, of: a)
      default: return true
      }
    }
  }

  /// Whether a slice takes neighbours only, and at most half of an axis: a step of a sequence, a part of the channels,
  /// as opposed to a crop or to every second pixel.
  private func isPiece(_ vertex: Int) -> Bool {
    guard let node = topology.nodeOfVertex[vertex].map({ path.graph.nodes[$0] }), node.integer(at: 4) ?? 1 == 1,
      let source = node.value(at: 0)
    else { return false }
    let sizes = zip(path.graph[source].shape, path.graph[topology.valueOfVertex[vertex]].shape)
    return sizes.contains { whole, part in part <= whole / 2 }
  }

  /// Finds the last weights; nil if the sum turns out to be no residual.
  func complete(_ join: Join, _ region: Region) -> Join? {
    let inner = region.vertices.filter { $0 != join.start }
    // An activation function written out (x + 0.044715 x³), rotations: no stem.
    guard inner.contains(where: { !path.isElementwise($0) }) else { return nil }
    let walk = BackwardWalk(
      from: [join.stem], along: path, within: { region.contains($0) }, stoppingAt: { $0 == join.start })
    let lastVertices = walk.visited.filter(path.isWeight)
    // The input scaled by statistics or gates of itself (a global response normalisation, attention as a mask).
    if lastVertices.isEmpty, walk.visited.allSatisfy(path.isElementwise) { return nil }
    if escapes(from: lastVertices, region, join) {
      if join.kind == .projection { return nil }
      var join = join
      join.isShared = true
      return join
    }
    // A shortcut without weights beside a stem whose end is no plain weight: a state-space model's direct term.
    if join.kind == .projection, join.shortcutOperations.isEmpty, !walk.notes.isEmpty { return nil }
    var join = join
    let last = Set(lastVertices.flatMap { path.operations[$0] }.filter { weights.all[$0].isLast }).sorted()
    join.last = last.filter { !weights.all[$0].isNormalized }
    search.spend(inner.count)
    join.stemOperations = Set(inner.flatMap { path.operations[$0] }).sorted()
    join.tail = walk.visited.filter { !path.isWeight($0) }
    join.notes = walk.notes
    if let end = join.tail.first(where: isLift), !join.last.isEmpty {
      // A sigmoid makes ½ of zero: no weight before it can carry the zero.
      join.notes.append("\(path.name(end)) follows the stem's last weight and does not map zero to zero")
      join.last = []
    } else if join.last.isEmpty {
      join.notes.append(
        last.isEmpty
          ? "the stem has no weight that can carry the zero"
          : "the stem's last weight is normalised, so that its length cannot carry the zero")
    } else if walk.reachedStop {
      join.notes.append("a path through the stem has no weight: no zero makes the block its shortcut")
      join.last = []
    } else if join.last.count < last.count {
      join.notes.append("one of the stem's last weights is normalised: no zero makes the block its shortcut")
      join.last = []
    }
    if !join.shortcutOperations.isEmpty {
      join.asides.append("the shortcut is a projection, which is trained as well")
    }
    return join
  }

  private func isLift(_ vertex: Int) -> Bool {
    switch path.kind(vertex) {
    case .pointwise(keepsZero: false), .softmax: true
    default: false
    }
  }

  /// Whether what the last weights compute is also used outside of the block.
  private func escapes(from last: [Int], _ region: Region, _ join: Join) -> Bool {
    var seen = Set(last)
    var pending = last.filter(region.contains)
    while let vertex = pending.popLast() {
      // Statistics that a normalisation also returns, and the like, go nowhere.
      for next in topology.successors[vertex]
      where next != join.sum && topology.isLive[next] && seen.insert(next).inserted {
        guard region.contains(next) else { return true }
        pending.append(next)
      }
    }
    return false
  }
}
