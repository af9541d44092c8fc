/// What each operation really reads, and which operations matter for what the network returns.
///
/// Two things make that more than a list of arguments. In-place operations change memory that other values show
/// (`out = zeros(…); out[:, 1:] = x`): whoever reads the tensor afterwards depends on the write. And some arguments
/// contribute no elements: indices, masks, tensors that only lend their shape.
struct DataFlow {
  /// By node: the values whose elements it computes with, each also in the version that the last write left.
  private(set) var carried: [[NetworkGraph.ValueID]] = []
  /// By node: its other inputs, likewise.
  private(set) var rest: [[NetworkGraph.ValueID]] = []
  /// By node: whether what the network returns depends on it; true for all if it is not known what it returns.
  private(set) var isLive: [Bool] = []
  /// By node: whether it multiplies with a constant zero, such as the first state of a recurrent cell.
  private(set) var isZeroed: [Bool] = []
  /// What the network returns, and the last write into it.
  private(set) var outputs: [NetworkGraph.ValueID] = []

  init(_ graph: NetworkGraph, kinds: OperationKinds) {
    // The tensor whose memory a value shows, the last value written into it, and the constants that are still zero.
    var base = graph.values.indices.map { NetworkGraph.ValueID(index: $0) }
    var written: [NetworkGraph.ValueID: NetworkGraph.ValueID] = [:]
    var zeros: Set<NetworkGraph.ValueID> = []
    func latest(_ ids: [NetworkGraph.ValueID]) -> [NetworkGraph.ValueID] {
      guard !written.isEmpty else { return ids }
      return ids + ids.compactMap { id in written[base[id.index]].flatMap { $0 > id ? $0 : nil } }
    }
    for (index, node) in graph.nodes.enumerated() {
      let (kind, name) = (kinds.kinds[index], kinds.names[index])
      if let output = node.outputs.first, name.isInPlace, let target = node.value(at: 0) {
        base[output.index] = base[target.index]
      } else if case .view = kind, let source = node.value(at: 0) {
        for output in node.outputs { base[output.index] = base[source.index] }
      }
      let own = Self.carried(node, kind)
      carried.append(latest(own))
      rest.append(own.count == node.inputs.count ? [] : latest(node.inputs.filter { !own.contains($0) }))

      func isZero(_ id: NetworkGraph.ValueID) -> Bool { zeros.contains(id) && written[base[id.index]] == nil }
      isZeroed.append(kind == .multiply && node.inputs.contains(where: isZero))
      if isZeroed[index] || Self.makesZeros(node, kind, name) || Self.isCopy(kind) && own.first.map(isZero) ?? false {
        zeros.formUnion(node.outputs)
      }
      if name.isInPlace, Self.writes(kind, name), let target = node.value(at: 0), let output = node.outputs.first {
        // Filling a part leaves the rest as it was written.
        if kind == .make, base[target.index] != target { continue }
        written[base[target.index]] = output
      }
    }
    outputs = latest(graph.outputs)

    isLive = Array(repeating: outputs.isEmpty, count: graph.nodes.count)
    func mark(_ ids: [NetworkGraph.ValueID]) {
      for id in ids { if case .node(let node, _) = graph[id].origin { isLive[node] = true } }
    }
    mark(outputs)
    for index in graph.nodes.indices.reversed() where isLive[index] {
      mark(carried[index])
      mark(rest[index])
    }
  }

  private static func isCopy(_ kind: OperationKind) -> Bool {
    switch kind {
    case .view, .copy: true
    default: false
    }
  }

  private static func makesZeros(_ node: NetworkGraph.Node, _ kind: OperationKind, _ name: OperationName) -> Bool {
    guard kind == .make else { return false }
    return switch name.base {
    case "zeros", "zeros_like", "new_zeros": true
    case "full", "full_like": node.number(at: 1) == 0
    case "new_full": node.number(at: 2) == 0
    default: false
    }
  }

  /// Whether an in-place operation changes elements (`detach_` and `unsqueeze_` do not).
  private static func writes(_ kind: OperationKind, _ name: OperationName) -> Bool {
    isCopy(kind) ? name.base == "dropout" : true
  }

  /// The inputs that contribute elements.
  private static func carried(_ node: NetworkGraph.Node, _ kind: OperationKind) -> [NetworkGraph.ValueID] {
    switch kind {
    // A second tensor only lends its shape or type.
    case .view, .copy: node.value(at: 0).map { [$0] } ?? []
    case .choose(let mask): without(mask...mask, node)
    case .lookUp(_, let index): without(index...index, node)
    case .write(let source) where source > 1: without(1...(source - 1), node)
    default: node.inputs
    }
  }

  private static func without(_ positions: ClosedRange<Int>, _ node: NetworkGraph.Node) -> [NetworkGraph.ValueID] {
    node.arguments.indices.filter { !positions.contains($0) }.flatMap { node.values(at: $0) }
  }
}
