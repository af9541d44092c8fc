/// Finds weights that hold the halves of a gated linear unit or the gates of a recurrent cell that is written out.
struct GatedUnits {
  private let path: MainPath
  private let rows: OutputRows
  private let weights: WeightOperations
  /// How many rows of a weight are not an attention's.
  private let freeRows: (NetworkGraph.ValueID) -> Int

  init(
    _ path: MainPath, rows: OutputRows, weights: WeightOperations, freeRows: @escaping (NetworkGraph.ValueID) -> Int
  ) {
    self.path = path
    self.rows = rows
    self.weights = weights
    self.freeRows = freeRows
  }

  /// Calls `claim` with the rows of each half or gate, and its number.
  func forEach(_ claim: (OutputRows.Rows, Int) -> Void) {
    for vertex in 0..<path.topology.count {
      guard let index = path.topology.nodeOfVertex[vertex] else { continue }
      let node = path.graph.nodes[index]
      switch path.kinds.kinds[index] {
      case .multiply:
        guard let (a, b) = path.operands(vertex), let first = rows[path.topology.valueOfVertex[a]],
          let second = rows[path.topology.valueOfVertex[b]], areHalves(first, second)
        else { continue }
        let isInOrder = first.map.offset <= second.map.offset
        claim(first, isInOrder ? 0 : 1)
        claim(second, isInOrder ? 1 : 0)
      case .gatedLinearUnit:
        guard let source = node.value(at: 0), let whole = rows[source] else { continue }
        let rank = path.graph[source].shape.count
        guard let axis = node.arguments.count > 1 ? node.axis(at: 1, rank: rank) : rank - 1,
          path.graph[source].shape.indices.contains(axis)
        else { continue }
        let half = path.graph[source].shape[axis] / 2
        for number in 0..<2 {
          guard let map = whole.map.sliced(axis, start: number * half, count: half) else { continue }
          claim(OutputRows.Rows(operations: whole.operations, map: map), number)
        }
      case .view(.split(let position)):
        // Once a node, at its first output.
        guard node.outputs.first == path.topology.valueOfVertex[vertex], (3...4).contains(node.outputs.count),
          let source = node.value(at: 0), let whole = rows[source],
          let axis = node.axis(at: position, rank: path.graph[source].shape.count),
          whole.map.axes[safe: axis]?.contains(where: { $0.stride != 0 }) ?? false
        else { continue }
        let gates = node.outputs.compactMap { output in rows[output].map { (output, $0) } }
        guard gates.count == node.outputs.count, Set(gates.map { $0.1.map.shape }).count == 1,
          gates.allSatisfy({ path.topology.vertex(of: $0.0).map(path.isSquashed) ?? false })
        else { continue }
        for (number, gate) in gates.enumerated() { claim(gate.1, number) }
      default: break
      }
    }
  }

  /// Whether two values are computed by the two halves of one weight's rows, those of an attention aside.
  private func areHalves(_ a: OutputRows.Rows, _ b: OutputRows.Rows) -> Bool {
    guard a.operations == b.operations, let operation = a.operations.first, a.map.offset != b.map.offset,
      a.map.axes == b.map.axes
    else { return false }
    let whole = freeRows(weights.all[operation].weight)
    let digits = a.map.axes.joined().filter { $0.stride != 0 }
    let half = digits.reduce(1) { $0 &* $1.size }
    guard half > 0, half &* 2 == whole else { return false }
    // Apart: one after the other, or in turn.
    let distance = abs(a.map.offset - b.map.offset)
    return digits.allSatisfy { digit in distance < digit.stride || distance >= digit.stride &* digit.size }
  }
}
