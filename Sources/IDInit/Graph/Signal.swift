/// Which values carry signal: those that depend differentiably on what the network is asked about.
///
/// A signal starts
/// - at a user input from which a path without other signals leads to a weight (an attention mask, a label or a
///   noise tensor never is what a weight is applied to, so it starts none),
/// - where a table of parameters is looked up by indices that depend on a user input,
/// - at a parameter that a weight is applied to with no input involved (learned queries, a learned constant image).
///
/// It ends at integers and booleans, at comparisons, and at operations that only read shapes. Masks, position tables
/// and biases of attention scores therefore never make a residual.
struct Signal {
  /// By value.
  let isActivation: [Bool]
  /// By node: the values whose elements it passes on or computes with, which its outputs' signal comes from. For an
  /// in-place operation on a view the views of the same tensor that are read later depend on it too.
  let carriers: [[NetworkGraph.ValueID]]
  /// The values at which a table is looked up.
  let lookups: Set<NetworkGraph.ValueID>

  /// What a value depends on; each includes those before it.
  private enum Source: Int, Comparable {
    case constant, parameter, input, signal
    static func < (a: Source, b: Source) -> Bool { a.rawValue < b.rawValue }
  }

  init(_ graph: NetworkGraph, kinds: OperationKinds, views: ParameterViews, operations: WeightOperations) {
    let (reads, indices) = Self.reads(graph, kinds)
    var inputsOfWeights: [Int: [NetworkGraph.ValueID]] = [:]
    for operation in operations.all { inputsOfWeights[operation.node, default: []].append(operation.input) }
    var lookups: Set<NetworkGraph.ValueID> = []

    // What a value depends on.
    var source = graph.values.map { value -> Source in
      switch value.origin {
      case .parameter: .parameter
      case .input: .input
      default: .constant
      }
    }
    var starts: [NetworkGraph.ValueID] = []
    let zeros = Self.zeros(graph, kinds)
    for (index, node) in graph.nodes.enumerated() {
      var result = Source.constant
      if case .make = kinds.kinds[index] {
        result = .constant
      } else if kinds.kinds[index] == .multiply, node.inputs.contains(where: zeros.contains) {
        result = .constant
      } else if let inputs = inputsOfWeights[index] {
        let deepest = inputs.map { source[$0.index] }.max() ?? .constant
        result = deepest == .constant ? .constant : .signal
        if deepest == .parameter || deepest == .input { starts += inputs }
      } else if case .lookUp(let table, _) = kinds.kinds[index], let table = node.value(at: table),
        source[table.index] == .parameter, indices[index].contains(where: { source[$0.index] >= .input })
      {
        result = .signal
        if let output = node.outputs.first { lookups.insert(output) }
      } else {
        result = reads[index].map { source[$0.index] }.max() ?? .constant
      }
      for output in node.outputs {
        // Indices computed from a signal depend on the input, but carry none.
        let isCut = result == .signal && !(graph[output].dtype?.isDifferentiable ?? true)
        source[output.index] = isCut ? .input : result
      }
    }

    // From what weights are applied to, back to where it came from.
    var isActivation = [Bool](repeating: false, count: graph.values.count)
    var pending = starts
    if starts.isEmpty, !source.contains(.signal) {
      // A network without weights.
      pending = graph.values.indices.map { NetworkGraph.ValueID(index: $0) }.filter {
        if case .input = graph[$0].origin { graph[$0].dtype?.isDifferentiable ?? true } else { false }
      }
    }
    while let id = pending.popLast() {
      guard !isActivation[id.index], source[id.index] == .input || source[id.index] == .parameter else { continue }
      isActivation[id.index] = true
      guard case .node(let node, _) = graph[id].origin else { continue }
      pending += reads[node].filter { source[$0.index] >= .parameter }
    }
    // And forward.
    for (index, node) in graph.nodes.enumerated() {
      if case .make = kinds.kinds[index] { continue }
      if kinds.kinds[index] == .multiply, node.inputs.contains(where: zeros.contains) { continue }
      let isLookup = node.outputs.first.map(lookups.contains) ?? false
      let carries =
        isLookup || (inputsOfWeights[index] ?? reads[index]).contains { isActivation[$0.index] }
      guard carries else { continue }
      for output in node.outputs where graph[output].dtype?.isDifferentiable ?? true {
        isActivation[output.index] = true
      }
    }
    self.isActivation = isActivation
    self.lookups = lookups
    carriers = graph.nodes.indices.map { index in
      if case .make = kinds.kinds[index] { return [] }
      if graph.nodes[index].outputs.first.map(lookups.contains) ?? false { return [] }
      let carriers = reads[index].filter { isActivation[$0.index] }
      guard let inputs = inputsOfWeights[index] else { return carriers }
      // A weight is no signal where it is applied, even if it is one elsewhere.
      return carriers.filter { inputs.contains($0) || views[$0] == nil }
    }
  }

  /// By node: its inputs without indices and masks, and those, each in the version that in-place operations left.
  private static func reads(
    _ graph: NetworkGraph, _ kinds: OperationKinds
  ) -> (carried: [[NetworkGraph.ValueID]], rest: [[NetworkGraph.ValueID]]) {
    // The tensor whose memory a view shows, and the last value written into it.
    var base = graph.values.indices.map { NetworkGraph.ValueID(index: $0) }
    var written: [NetworkGraph.ValueID: NetworkGraph.ValueID] = [:]
    var carried: [[NetworkGraph.ValueID]] = []
    var rest: [[NetworkGraph.ValueID]] = []
    for (index, node) in graph.nodes.enumerated() {
      let kind = kinds.kinds[index]
      let name = kinds.names[index]
      if let output = node.outputs.first, name.isInPlace, let target = node.value(at: 0) {
        base[output.index] = base[target.index]
      } else if case .view = kind, let source = node.value(at: 0) {
        for output in node.outputs { base[output.index] = base[source.index] }
      }
      func latest(_ ids: [NetworkGraph.ValueID]) -> [NetworkGraph.ValueID] {
        guard !written.isEmpty else { return ids }
        return ids + ids.compactMap { id in written[base[id.index]].flatMap { $0 > id ? $0 : nil } }
      }
      let own = self.carried(node, kind)
      carried.append(latest(own))
      rest.append(own.count == node.inputs.count ? [] : latest(node.inputs.filter { !own.contains($0) }))
      if name.isInPlace, let target = node.value(at: 0), let output = node.outputs.first, changes(kind, name) {
        // Filling a part leaves the rest as it was written.
        if kind == .make, base[target.index] != target { continue }
        written[base[target.index]] = output
      }
    }
    return (carried, rest)
  }

  /// The constants that are zero throughout, such as the first state of a recurrent cell: what is multiplied by one
  /// carries no signal.
  private static func zeros(_ graph: NetworkGraph, _ kinds: OperationKinds) -> Set<NetworkGraph.ValueID> {
    var zeros: Set<NetworkGraph.ValueID> = []
    for (index, node) in graph.nodes.enumerated() {
      let isZero: Bool =
        switch (kinds.kinds[index], kinds.names[index].base) {
        case (.make, "zeros"), (.make, "zeros_like"), (.make, "new_zeros"): true
        case (.make, "full"), (.make, "full_like"): node.number(at: 1) == 0
        case (.make, "new_full"): node.number(at: 2) == 0
        case (.make, _): false
        case (.view, _), (.copy, _): node.value(at: 0).map(zeros.contains) ?? false
        case (.multiply, _): node.inputs.contains(where: zeros.contains)
        default: false
        }
      // A tensor that is written into later is zero no more.
      if isZero { zeros.formUnion(node.outputs) }
    }
    guard !zeros.isEmpty else { return zeros }
    for (index, node) in graph.nodes.enumerated() where kinds.names[index].isInPlace {
      if case .make = kinds.kinds[index] { continue }
      if let target = node.value(at: 0), zeros.contains(target) { return [] }
    }
    return zeros
  }

  private static func changes(_ kind: OperationKind, _ name: OperationName) -> Bool {
    switch kind {
    case .view, .copy: name.base == "dropout"
    default: true
    }
  }

  private static func carried(_ node: NetworkGraph.Node, _ kind: OperationKind) -> [NetworkGraph.ValueID] {
    let skipped: [Int] =
      switch kind {
      // A second tensor only lends its shape or type.
      case .view, .copy: Array(1..<Swift.max(node.arguments.count, 1))
      case .choose(let mask): [mask]
      case .lookUp(_, let index): [index]
      case .write(let source): Array(1..<Swift.max(source, 1))
      default: []
      }
    guard !skipped.isEmpty else { return node.inputs }
    return node.arguments.indices.filter { !skipped.contains($0) }.flatMap { node.values(at: $0) }
  }
}
