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

  init(
    _ graph: NetworkGraph, kinds: OperationKinds, flow: DataFlow, views: ParameterViews, operations: WeightOperations
  ) {
    let (reads, indices) = (flow.carried, flow.rest)
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
    for (index, node) in graph.nodes.enumerated() {
      var result = Source.constant
      if kinds.kinds[index] == .make || flow.isZeroed[index] || !flow.isLive[index] {
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
      if kinds.kinds[index] == .make || flow.isZeroed[index] || !flow.isLive[index] { continue }
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
}
