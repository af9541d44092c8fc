/// Which way the signal comes: the inputs of each vertex that carry what it passes on, as opposed to gates,
/// attention probabilities and denominators, which only scale it.
///
/// A weight that is zero silences everything behind it on the main path, up to the next addition.
struct MainPath {
  let graph: NetworkGraph
  let kinds: OperationKinds
  let topology: GraphTopology
  /// The weight operations of a vertex, by their place in ``WeightOperations/all``.
  let operations: [[Int]]
  /// Whether a vertex holds probabilities: a softmax, perhaps masked, dropped out or reshaped.
  let isProbability: [Bool]
  /// By vertex: see ``withoutCopies(_:)``.
  private let originals: [Int]
  /// The most weights on a path to a vertex.
  private let weightsBefore: [Int32]

  init(_ graph: NetworkGraph, kinds: OperationKinds, topology: GraphTopology, weights: WeightOperations) {
    self.graph = graph
    self.kinds = kinds
    self.topology = topology
    var operations = [[Int]](repeating: [], count: topology.count)
    for (index, operation) in weights.all.enumerated() {
      for output in graph.nodes[operation.node].outputs {
        if let vertex = topology.vertex(of: output) { operations[vertex].append(index) }
      }
    }
    self.operations = operations
    var isProbability = [Bool](repeating: false, count: topology.count)
    for vertex in 0..<topology.count where operations[vertex].isEmpty {
      guard let node = topology.nodeOfVertex[vertex] else { continue }
      let sources = topology.predecessors[vertex]
      switch kinds.kinds[node] {
      case .softmax: isProbability[vertex] = true
      case .view, .copy, .choose, .add, .subtract, .multiply, .divide, .concatenate, .lookUp, .write:
        isProbability[vertex] = !sources.isEmpty && sources.allSatisfy { isProbability[$0] }
      default: break
      }
    }
    self.isProbability = isProbability
    var weightsBefore = [Int32](repeating: 0, count: topology.count)
    for vertex in 0..<topology.count {
      let most = topology.predecessors[vertex].reduce(Int32(0)) { max($0, weightsBefore[$1]) }
      weightsBefore[vertex] = most &+ (operations[vertex].isEmpty ? 0 : 1)
    }
    self.weightsBefore = weightsBefore
    var originals = Array(0..<topology.count)
    for vertex in 0..<topology.count where topology.predecessors[vertex].count == 1 {
      guard let node = topology.nodeOfVertex[vertex] else { continue }
      switch kinds.kinds[node] {
      case .copy, .view(.reshape), .view(.permute), .view(.transpose), .view(.transposeLast), .view(.moveAxis):
        originals[vertex] = originals[topology.predecessors[vertex][0]]
      default: break
      }
    }
    self.originals = originals
  }

  /// Whether `a` is computed from `b`, from nothing else and without weights: its mean, a norm, an activation.
  func isStatistic(_ a: Int, of b: Int) -> Bool {
    topology.dominates(b, a) && weightsBefore[a] == weightsBefore[b]
  }

  /// Whether no path from `start` to `vertex` passes two weights. Exact if `start` dominates `vertex`; otherwise true.
  func mayHaveOneWeight(from start: Int, to vertex: Int) -> Bool {
    !topology.dominates(start, vertex) || weightsBefore[vertex] - weightsBefore[start] <= 1
  }

  func kind(_ vertex: Int) -> OperationKind? { topology.nodeOfVertex[vertex].map { kinds.kinds[$0] } }
  func isWeight(_ vertex: Int) -> Bool { !operations[vertex].isEmpty }
  func name(_ vertex: Int) -> String { graph[topology.valueOfVertex[vertex]].name }
  func shape(_ vertex: Int) -> [Int] { graph[topology.valueOfVertex[vertex]].shape }

  /// The vertex whose elements `vertex` holds, all of them, perhaps in another shape or order.
  func withoutCopies(_ vertex: Int) -> Int { originals[vertex] }

  /// The activations among the first two arguments, if there are two and they differ.
  func operands(_ vertex: Int, at first: Int = 0, _ second: Int = 1) -> (Int, Int)? {
    guard let node = topology.nodeOfVertex[vertex],
      let a = graph.nodes[node].value(at: first).flatMap(topology.vertex),
      let b = graph.nodes[node].value(at: second).flatMap(topology.vertex), a != b
    else { return nil }
    return (a, b)
  }

  /// The two factors of a matrix product of activations.
  func factors(_ vertex: Int) -> (Int, Int)? {
    guard case .product? = kind(vertex), !isWeight(vertex), let node = topology.nodeOfVertex[vertex] else { return nil }
    switch kinds.names[node].base {
    case "addmm", "baddbmm", "addbmm", "addmv": return operands(vertex, at: 1, 2)
    case "einsum":
      guard case .values(let ids)? = graph.nodes[node].arguments[safe: 1], ids.count == 2,
        let a = topology.vertex(of: ids[0]), let b = topology.vertex(of: ids[1]), a != b
      else { return nil }
      return (a, b)
    default: return operands(vertex)
    }
  }

  /// The factor that was chosen where two are of equal standing.
  enum Choice { case first, second }

  /// The vertices that carry the signal into `vertex`, and the choice that was made if that is ambiguous.
  func sources(of vertex: Int) -> (sources: [Int], choice: Choice?) {
    let all = topology.predecessors[vertex]
    guard all.count > 1, let kind = kind(vertex) else { return (all, nil) }
    switch kind {
    case .multiply: return operands(vertex).map { factor($0, $1, isMatrix: false) } ?? (all, nil)
    case .product: return factors(vertex).map { factor($0, $1, isMatrix: true) } ?? (all, nil)
    case .divide: return operands(vertex).map { ([$0.0], nil) } ?? (all, nil)
    case .subtract, .reversedSubtract:
      // x − mean(x) is x.
      guard let (a, b) = operands(vertex) else { return (all, nil) }
      if isStatistic(b, of: a) { return ([a], nil) }
      return isStatistic(a, of: b) ? ([b], nil) : (all, nil)
    case .addProduct, .addQuotient:
      guard let (a, b) = operands(vertex, at: 1, 2) else { return (all, nil) }
      let inner: (sources: [Int], choice: Choice?) =
        kind == .addProduct ? factor(a, b, isMatrix: false) : ([a], nil)
      let rest = all.filter { $0 != a && $0 != b }
      return (rest + inner.sources, inner.choice)
    case .attention(_, _, let value):
      let node = topology.nodeOfVertex[vertex].map { graph.nodes[$0] }
      return node?.value(at: value).flatMap(topology.vertex).map { ([$0], nil) } ?? (all, nil)
    default: return (all, nil)
    }
  }

  /// Which factor of a product is the signal, and which only scales it.
  private func factor(_ a: Int, _ b: Int, isMatrix: Bool) -> (sources: [Int], choice: Choice?) {
    if isMatrix, isProbability[a] != isProbability[b] { return ([isProbability[a] ? b : a], nil) }
    // A gate computed from the main path is not the main path.
    if topology.dominates(a, b) { return ([a], nil) }
    if topology.dominates(b, a) { return ([b], nil) }
    if isMatrix { return ([b], .second) }
    // Nor is what is spread over many elements, or what zero does not silence.
    let (m, n) = (elements(a), elements(b))
    if m != n { return ([m > n ? a : b], nil) }
    let (p, q) = (isGate(a), isGate(b))
    if p != q { return ([p ? b : a], nil) }
    return ([a], .first)
  }

  private func elements(_ vertex: Int) -> Int { shape(vertex).reduce(1, &*) }

  /// Whether a vertex is a function that does not map zero to zero, such as a sigmoid.
  func isGate(_ vertex: Int) -> Bool {
    var vertex = vertex
    for _ in 0..<8 {
      switch kind(vertex) {
      case .pointwise(keepsZero: false), .softmax: return true
      case .copy, .view:
        guard let source = topology.predecessors[vertex].first else { return false }
        vertex = source
      default: return false
      }
    }
    return false
  }

  /// Whether a vertex meets a sigmoid or tanh through sums and products of single elements only.
  func isSquashed(_ vertex: Int) -> Bool {
    var pending = [vertex]
    for _ in 0..<12 {
      guard let next = pending.popLast() else { return false }
      for successor in topology.successors[next] {
        guard !isWeight(successor), let node = topology.nodeOfVertex[successor] else { continue }
        switch kinds.kinds[node] {
        case .pointwise where ["sigmoid", "tanh", "hardsigmoid"].contains(kinds.names[node].base): return true
        case .add, .multiply, .view, .copy: pending.append(successor)
        default: break
        }
      }
    }
    return false
  }

  /// Whether a vertex is split into the three or four gates of a recurrent cell.
  func isGates(_ vertex: Int) -> Bool {
    topology.successors[vertex].contains { next in
      guard case .view(.split)? = kind(next), let node = topology.nodeOfVertex[next] else { return false }
      let outputs = graph.nodes[node].outputs
      return (3...4).contains(outputs.count)
        && outputs.allSatisfy { topology.vertex(of: $0).map(isSquashed) ?? false }
    }
  }

  /// Whether an operation computes each element from the same elements of its inputs, or only moves elements.
  func isElementwise(_ vertex: Int) -> Bool {
    guard !isWeight(vertex) else { return false }
    switch kind(vertex) {
    case .view, .copy, .pointwise, .relu, .add, .subtract, .reversedSubtract, .multiply, .divide, .addProduct,
      .addQuotient, .choose, .concatenate, .gatedLinearUnit, .lookUp, .write:
      return true
    default: return false
    }
  }
}
