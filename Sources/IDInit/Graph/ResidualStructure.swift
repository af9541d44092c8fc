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

  private let path: MainPath
  private let weights: WeightOperations
  private let scores: AttentionPatterns
  private let search: ReachSearch
  private var sources: SourceDominators
  /// Sums that would be residual but for what else their stems are used for.
  private var shared: [String] = []
  private var topology: GraphTopology { path.topology }

  init(_ path: MainPath, weights: WeightOperations, scores: AttentionPatterns) {
    self.path = path
    self.weights = weights
    self.scores = scores
    search = ReachSearch(path.topology)
    sources = SourceDominators(path.topology)
    var skipped: [String] = []
    for vertex in 0..<path.topology.count {
      guard let (a, b) = addends(of: vertex), !scores.isScore[vertex] else { continue }
      guard search.budget > 0 else {
        skipped.append(path.name(vertex))
        continue
      }
      guard let join = join(at: vertex, a, b) else { continue }
      joinOfSum[vertex] = joins.count
      joins.append(join)
    }
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

  /// The two activations that a vertex is the sum of.
  private func addends(of vertex: Int) -> (Int, Int)? {
    switch path.kind(vertex) {
    case .add: return path.operands(vertex)
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

  private mutating func join(at sum: Int, _ a: Int, _ b: Int) -> Join? {
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
      shared.append(path.name(sum))
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

  private func weightNodes(in region: Region, after start: Int) -> [Int] {
    var nodes: Set<Int> = []
    return region.vertices.filter { vertex in
      guard vertex != start, path.isWeight(vertex), let node = topology.nodeOfVertex[vertex] else { return false }
      return nodes.insert(node).inserted
    }
  }

  /// Whether a shortcut is a resampling, projection or normalisation of its input: no attention, no part of the
  /// channels or of the sequence, and no gate with weights (a highway's carry is no shortcut).
  private func isPlain(_ side: Region, from start: Int) -> Bool {
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
  private func complete(_ join: Join, _ region: Region) -> Join? {
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
    if join.last.isEmpty {
      join.notes.append(
        last.isEmpty
          ? "the stem has no weight that can carry the zero"
          : "the stem's last weight is normalised, so that its length cannot carry the zero")
    } else {
      if walk.reachedStop {
        join.notes.append("a path through the stem has no weight, so that the block does not start as its shortcut")
      }
      if join.last.count < last.count {
        join.notes.append("one of the stem's last weights is normalised, so that its length cannot carry the zero")
      }
      if let end = join.tail.first(where: { isLift($0) }) {
        join.notes.append("\(path.name(end)) follows the stem's last weight and does not map zero to zero")
      }
    }
    if !join.shortcutOperations.isEmpty {
      join.asides.append("the shortcut is trainable: the block starts as its projection")
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

  // MARK: Head

  /// The weights met first on the way back from what the network returns, up to the last residual sums.
  private mutating func findHead() {
    // What the network itself uses further is a feature that it also returns.
    let ends = topology.outputs.filter { topology.successors[$0].isEmpty }
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
