/// The weights before which no other comes, and the weights on whose results a ReLU acts.
struct FirstWeights {
  /// Places in ``WeightOperations/all``. An embedding counts as a weight, and so do learned constants.
  private(set) var first: Set<Int> = []
  private(set) var beforeReLU: Set<Int> = []

  init(_ path: MainPath, weights: WeightOperations, signal: Signal) {
    let topology = path.topology
    var hasWeightBefore = [Bool](repeating: false, count: topology.count)
    for vertex in 0..<topology.count {
      let before = topology.predecessors[vertex].contains { hasWeightBefore[$0] }
      if !path.isWeight(vertex) {
        let value = topology.valueOfVertex[vertex]
        var isTable = signal.lookups.contains(value)
        if case .parameter = path.graph[value].origin { isTable = true }
        hasWeightBefore[vertex] = before || isTable
      } else {
        if !before { first.formUnion(path.operations[vertex].filter { weights.all[$0].isFirst }) }
        hasWeightBefore[vertex] = true
      }
    }

    var isReLUAhead = [Bool](repeating: false, count: topology.count)
    for vertex in (0..<topology.count).reversed() {
      isReLUAhead[vertex] = topology.successors[vertex].contains { next in
        guard !path.isWeight(next) else { return false }
        return Self.isReLU(next, path) || isReLUAhead[next]
      }
      if let node = topology.nodeOfVertex[vertex], ["rnn_relu", "rnn_relu_cell"].contains(path.kinds.names[node].base) {
        // An Elman network's own nonlinearity acts on the results of all its weights.
        beforeReLU.formUnion(path.operations[vertex])
      }
      if isReLUAhead[vertex] { beforeReLU.formUnion(path.operations[vertex].filter { weights.all[$0].isLast }) }
    }
  }

  /// Whether a vertex is a ReLU of what comes in. One of x + 3, as hard sigmoids and hard swishes are written, is a gate.
  private static func isReLU(_ vertex: Int, _ path: MainPath) -> Bool {
    guard path.kind(vertex) == .relu, let source = path.topology.predecessors[vertex].first else {
      return path.kind(vertex) == .relu
    }
    guard let node = path.topology.nodeOfVertex[path.withoutCopies(source)] else { return true }
    switch path.kinds.kinds[node] {
    case .add, .subtract: return (path.graph.nodes[node].number(at: 1) ?? 0) == 0
    default: return true
    }
  }
}
