/// Which values are parameters seen through views, casts and constant factors.
struct ParameterViews {
  /// A parameter as an operation sees it.
  struct View {
    let parameter: NetworkGraph.ValueID
    /// Where the view's elements lie in the parameter's storage.
    var map: IndexMap
    /// Whether a constant was added or a function applied (`1 + w`, `exp(w)`): no weight, but still the parameter.
    var isTransformed = false
    /// Whether it is the direction of a weight-normalised weight: its length has no effect.
    var isNormalized = false
    /// Whether axes were exchanged on the way.
    var isTransposed = false
  }

  /// By value; nil for what is no view of a parameter.
  private let views: [View?]
  /// The scales of weight normalisations and the like, with the reason.
  private(set) var magnitudes: Set<NetworkGraph.ValueID> = []

  init(_ graph: NetworkGraph, kinds: OperationKinds) {
    var views = [View?](repeating: nil, count: graph.values.count)
    var magnitudes: Set<NetworkGraph.ValueID> = []
    for (index, value) in graph.values.enumerated() {
      if case .parameter = value.origin {
        views[index] = View(parameter: .init(index: index), map: IndexMap(shape: value.shape))
      }
    }
    for (index, node) in graph.nodes.enumerated() {
      if ["_weight_norm", "_weight_norm_interface"].contains(kinds.names[index].base) {
        if let direction = node.value(at: 0), var view = views[direction.index], let output = node.outputs.first {
          view.isNormalized = true
          views[output.index] = view
        }
        if let length = node.value(at: 1), let view = views[length.index] { magnitudes.insert(view.parameter) }
        continue
      }
      if kinds.kinds[index] == .multiply, let output = node.outputs.first {
        // v · (g / ‖v‖): what weight normalisation is taken apart into.
        for (position, other) in [(0, 1), (1, 0)] {
          guard let direction = node.value(at: position), let factor = node.value(at: other),
            let view = views[direction.index], case .node(let quotient, _) = graph[factor].origin,
            kinds.kinds[quotient] == .divide,
            let length = graph.nodes[quotient].value(at: 0).flatMap({ views[$0.index] }),
            length.parameter != view.parameter, Self.isComputed(factor, from: view.parameter, graph)
          else { continue }
          magnitudes.insert(length.parameter)
          views[output.index] = View(parameter: view.parameter, map: view.map, isNormalized: true)
        }
        if views[output.index] != nil { continue }
      }
      for (position, output) in node.outputs.enumerated() {
        views[output.index] = Self.view(of: output, position, node, kinds.kinds[index], graph) { views[$0.index] }
      }
    }
    self.views = views
    self.magnitudes = magnitudes
  }

  subscript(id: NetworkGraph.ValueID) -> View? { views[id.index] }

  /// The parameter that `id` shows untransformed, element by element.
  func parameter(behind id: NetworkGraph.ValueID) -> NetworkGraph.ValueID? { views[id.index]?.parameter }

  private static func view(
    of output: NetworkGraph.ValueID, _ position: Int, _ node: NetworkGraph.Node, _ kind: OperationKind,
    _ graph: NetworkGraph, _ known: (NetworkGraph.ValueID) -> View?
  ) -> View? {
    let inputs = node.inputs
    switch kind {
    case .view(let form):
      guard let source = node.value(at: 0), var view = known(source),
        let map = view.map.viewed(by: node, form, output: position, in: graph)
      else { return nil }
      view.map = map
      switch form {
      case .permute, .transpose, .transposeLast, .moveAxis: view.isTransposed.toggle()
      default: break
      }
      return view
    case .copy:
      guard position == 0, let source = node.value(at: 0), let view = known(source),
        graph[source].shape == graph[output].shape
      else { return nil }
      return view
    case .pointwise, .relu:
      guard inputs.count == 1, var view = known(inputs[0]), graph[inputs[0]].shape == graph[output].shape else {
        return nil
      }
      view.isTransformed = true
      return view
    case .norm:
      // Weight standardisation.
      guard position == 0, let source = node.value(at: 0), var view = known(source),
        graph[source].shape == graph[output].shape
      else { return nil }
      view.isNormalized = true
      return view
    case .multiply, .divide, .add, .subtract, .reversedSubtract:
      guard
        let source = inputs.first(where: { known($0).map { graph[$0.parameter].shape.count > 1 } ?? false })
          ?? inputs.first(where: { known($0) != nil }), var view = known(source),
        graph[source].shape == graph[output].shape, kind != .divide || node.value(at: 0) == source
      else { return nil }
      for other in inputs where other != source {
        if isConstant(other, graph) { continue }
        // Divided by its own length or spread, or multiplied with a length.
        guard kind != .add, isComputed(other, from: view.parameter, graph) || view.isNormalized && known(other) != nil
        else { return nil }
        view.isNormalized = true
        if kind == .divide || kind == .multiply { return view }
      }
      if kind == .add || !view.isNormalized, kind != .multiply, kind != .divide { view.isTransformed = true }
      return view
    default:
      return nil
    }
  }

  /// Whether a value is computed from a parameter within a few steps.
  private static func isComputed(
    _ id: NetworkGraph.ValueID, from parameter: NetworkGraph.ValueID, _ graph: NetworkGraph
  ) -> Bool {
    var pending = [id]
    for _ in 0..<24 {
      guard let next = pending.popLast() else { return false }
      if next == parameter { return true }
      if case .node(let node, _) = graph[next].origin { pending += graph.nodes[node].inputs }
    }
    return false
  }

  private static func isConstant(_ id: NetworkGraph.ValueID, _ graph: NetworkGraph) -> Bool {
    if case .buffer = graph[id].origin { return true }
    guard case .node(let node, _) = graph[id].origin else { return false }
    return graph.nodes[node].inputs.isEmpty
  }
}
