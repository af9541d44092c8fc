/// The attentions of a network: where queries, keys and values meet.
///
/// Fused (`aten.scaled_dot_product_attention` and its kind), or softmax(Q Kᵀ) V in several operations with scaling,
/// masks, biases and dropout between; without a softmax (linear attention, retention), a product of three activations.
struct AttentionPatterns {
  struct Pattern {
    /// The vertex of the attention's result.
    let result: Int
    var queries: [Int]
    var keys: [Int]
    let values: Int
  }

  private(set) var all: [Pattern] = []
  /// Whether a vertex holds attention scores or what is added to them: additions there join no stem.
  private(set) var isScore: [Bool]

  init(_ path: MainPath) {
    let topology = path.topology
    isScore = Array(repeating: false, count: topology.count)
    for vertex in 0..<topology.count {
      if case .attention(let q, let k, let v)? = path.kind(vertex), let node = topology.nodeOfVertex[vertex] {
        let operand = { (position: Int) in path.graph.nodes[node].value(at: position).flatMap(topology.vertex) }
        guard let value = operand(v) else { continue }
        all.append(
          Pattern(
            result: vertex, queries: operand(q).map { [$0] } ?? [], keys: operand(k).map { [$0] } ?? [], values: value))
        if let mask = operand(3) { markScores(behind: mask, path) }
      } else if let (a, b) = path.factors(vertex) {
        guard path.isProbability[a] != path.isProbability[b] else {
          addLinear(vertex, a, b, path)
          continue
        }
        let (probabilities, value) = path.isProbability[a] ? (a, b) : (b, a)
        let products = scores(from: probabilities, path)
        all.append(
          Pattern(result: vertex, queries: products.map(\.0), keys: products.map(\.1), values: value))
      }
    }
  }

  /// Scores are near their softmax; a walk that long has lost its way.
  private static let mostScores = 512

  /// The factors of the products that `vertex` is scored by, in graph order; marks what lies between as scores.
  private mutating func scores(from vertex: Int, _ path: MainPath) -> [(Int, Int)] {
    let (between, products) = walk(from: vertex, path)
    guard !products.isEmpty else { return [] }
    for vertex in between { isScore[vertex] = true }
    return products.sorted().compactMap { path.factors($0) }
  }

  private mutating func markScores(behind vertex: Int, _ path: MainPath) {
    for vertex in walk(from: vertex, path).between { isScore[vertex] = true }
  }

  private func walk(from vertex: Int, _ path: MainPath) -> (between: [Int], products: [Int]) {
    var between: [Int] = []
    var products: [Int] = []
    var seen: Set<Int> = [vertex]
    var pending = [vertex]
    while let vertex = pending.popLast() {
      if path.isWeight(vertex) || isScore[vertex] { continue }
      guard path.factors(vertex) == nil else {
        products.append(vertex)
        continue
      }
      switch path.kind(vertex) {
      case .view, .copy, .pointwise, .relu, .add, .subtract, .multiply, .divide, .choose, .softmax, .lookUp, .write,
        .concatenate, .product:
        between.append(vertex)
        guard between.count <= Self.mostScores else { return ([], []) }
        for source in path.topology.predecessors[vertex] where seen.insert(source).inserted { pending.append(source) }
      default: break
      }
    }
    return (between, products)
  }

  /// (Q Kᵀ) V or Q (Kᵀ V): a product one factor of which is itself a product of activations.
  private mutating func addLinear(_ vertex: Int, _ a: Int, _ b: Int, _ path: MainPath) {
    if let (q, k) = inner(a, path) {
      all.append(Pattern(result: vertex, queries: [q], keys: [k], values: b))
    } else if let (k, v) = inner(b, path) {
      all.append(Pattern(result: vertex, queries: [a], keys: [k], values: v))
    }
  }

  private func inner(_ vertex: Int, _ path: MainPath) -> (Int, Int)? {
    var vertex = vertex
    for _ in 0..<16 {
      if path.isWeight(vertex) { return nil }
      if let factors = path.factors(vertex) { return factors }
      guard path.isElementwise(vertex), path.topology.predecessors[vertex].count == 1 else { return nil }
      vertex = path.topology.predecessors[vertex][0]
    }
    return nil
  }
}
