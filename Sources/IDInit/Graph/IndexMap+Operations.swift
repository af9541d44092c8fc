extension IndexMap {
  /// The map of what `node` shows of its first argument, whose map this is.
  ///
  /// Sizes are read off the shape of output number `output`, so that symbolic arguments do not matter. Nil if the view
  /// cannot be followed exactly.
  func viewed(
    by node: NetworkGraph.Node, _ form: OperationKind.ViewForm, output: Int, in graph: NetworkGraph
  ) -> IndexMap? {
    guard node.outputs.indices.contains(output) else { return nil }
    let shape = graph[node.outputs[output]].shape
    let rank = axes.count
    let map: IndexMap? =
      switch form {
      case .reshape: reshaped(to: shape)
      case .permute: node.axes(at: 1, rank: rank).flatMap(permuted)
      case .transpose:
        node.axis(at: 1, rank: rank).flatMap { a in node.axis(at: 2, rank: rank).flatMap { transposed(a, $0) } }
      case .transposeLast: rank < 2 ? self : transposed(rank - 2, rank - 1)
      case .moveAxis: moved(node, rank: rank)
      case .expand: expanded(to: shape)
      case .repeat: repeated(to: shape)
      case .select:
        node.axis(at: 1, rank: rank).flatMap { axis in
          node.index(at: 2, size: size(of: axis)).flatMap { selected(axis, $0) }
        }
      case .unbind: selected(node.axis(at: 1, rank: rank) ?? 0, output)
      case .slice: slice(node, shape: shape)
      case .narrow:
        node.axis(at: 1, rank: rank).flatMap { axis in
          node.index(at: 2, size: size(of: axis)).flatMap { sliced(axis, start: $0, count: shape[safe: axis] ?? 0) }
        }
      case .split(let position): split(node, axisAt: position, output: output, in: graph)
      case .reorder(let position):
        // Only where it does not matter which element is where.
        node.axes(at: position, rank: rank).flatMap { moved in
          moved.allSatisfy { axes[$0].allSatisfy { $0.stride == 0 } } ? self : nil
        }
      case .opaque: nil
      }
    guard let map, map.shape == shape else { return nil }
    return map
  }

  private func moved(_ node: NetworkGraph.Node, rank: Int) -> IndexMap? {
    guard let from = node.axes(at: 1, rank: rank), let to = node.axes(at: 2, rank: rank), from.count == to.count,
      Set(from).count == from.count, Set(to).count == to.count
    else { return nil }
    var order = [Int?](repeating: nil, count: rank)
    for (source, target) in zip(from, to) { order[target] = source }
    var rest = axes.indices.filter { !from.contains($0) }.makeIterator()
    return permuted(order.compactMap { $0 ?? rest.next() })
  }

  private func slice(_ node: NetworkGraph.Node, shape: [Int]) -> IndexMap? {
    guard let axis = node.arguments.count > 1 ? node.axis(at: 1, rank: axes.count) : 0, axes.indices.contains(axis),
      shape.indices.contains(axis)
    else { return nil }
    let size = size(of: axis)
    var start = node.integer(at: 2) ?? 0
    if start < 0 { start = Swift.max(0, start &+ size) }
    return sliced(axis, start: start, count: shape[axis], step: node.integer(at: 4) ?? 1)
  }

  private func split(
    _ node: NetworkGraph.Node, axisAt position: Int, output: Int, in graph: NetworkGraph
  ) -> IndexMap? {
    guard let axis = node.arguments.count > position ? node.axis(at: position, rank: axes.count) : 0,
      axes.indices.contains(axis)
    else { return nil }
    let sizes = node.outputs.map { graph[$0].shape[safe: axis] ?? 0 }
    return sliced(axis, start: sizes[..<output].reduce(0, &+), count: sizes[output])
  }
}
