/// Which rows of a weight the elements of a value are computed by, for values that lie between a weight and the next
/// operation that mixes rows.
///
/// Views are followed exactly; functions of single elements, normalisations, and sums and products with values of the
/// same rows (the two halves of a recurrent cell, a rotation's cosine) leave rows where they are.
struct OutputRows {
  struct Rows: Hashable {
    /// Places in ``WeightOperations/all``: several where the results of weights with the same rows were added.
    var operations: [Int]
    /// Strides count rows of the parameter; 0 along axes over which the row does not change.
    var map: IndexMap
    /// Set where one of several stretches of rows was picked by a stored index, whose value the graph does not tell.
    var pick: Pick?
  }

  struct Pick: Hashable {
    /// What was picked: of two picks with one value the stretches are the same.
    let value: NetworkGraph.ValueID
    /// How many stretches there are to pick from, and how far apart.
    let digit: IndexMap.Digit
  }

  /// By value.
  private var rows: [NetworkGraph.ValueID: Rows] = [:]

  /// Results of more weights than that, added up, are no cell's.
  private static let mostOperations = 8

  /// `isJoin` says whether a vertex is a residual addition: what comes out of one is no single weight's result.
  init(_ path: MainPath, weights: WeightOperations, isJoin: (Int) -> Bool) {
    let graph = path.graph
    for (index, operation) in weights.all.enumerated() {
      guard let axes = operation.outputAxes, let output = graph.nodes[operation.node].outputs.first,
        path.topology.isActivation(output)
      else { continue }
      let shape = graph[output].shape
      guard
        axes.allSatisfy({ axis, digits in
          shape.indices.contains(axis) && digits.reduce(1) { $0 &* $1.size } == shape[axis]
        })
      else { continue }
      let map = IndexMap(
        axes: shape.indices.map { axis in axes[axis] ?? (shape[axis] == 1 ? [] : [.init(size: shape[axis], stride: 0)])
        },
        offset: operation.rows?.start ?? 0)
      rows[output] = Rows(operations: [index], map: map)
    }
    for vertex in 0..<path.topology.count where !path.isWeight(vertex) && !isJoin(vertex) {
      guard let index = path.topology.nodeOfVertex[vertex] else { continue }
      let node = graph.nodes[index]
      let value = path.topology.valueOfVertex[vertex]
      let position = node.outputs.firstIndex(of: value) ?? 0
      rows[value] = follow(node, path.kinds.kinds[index], value, position, path)
    }
  }

  subscript(id: NetworkGraph.ValueID) -> Rows? { rows[id] }

  private func follow(
    _ node: NetworkGraph.Node, _ kind: OperationKind, _ value: NetworkGraph.ValueID, _ position: Int, _ path: MainPath
  ) -> Rows? {
    switch kind {
    case .view(let form):
      guard let source = node.value(at: 0), var found = rows[source],
        let map = found.map.viewed(by: node, form, output: position, in: path.graph)
      else { return nil }
      found.map = map
      return found
    case .norm:
      return position == 0 ? node.value(at: 0).flatMap { rows[$0] } : nil
    case .copy, .pointwise, .relu, .add, .subtract, .reversedSubtract, .multiply, .divide, .choose, .addProduct:
      guard position == 0 else { return nil }
      let shape = path.graph[value].shape
      var found: Rows?
      for carrier in node.inputs where path.topology.isActivation(carrier) {
        guard var rows = rows[carrier], let map = rows.map.expanded(to: shape) else { return nil }
        rows.map = map
        if let earlier = found {
          guard earlier.map == map, earlier.pick == rows.pick else { return nil }
          rows.operations = earlier.operations + rows.operations.filter { !earlier.operations.contains($0) }
        }
        guard rows.operations.count <= Self.mostOperations else { return nil }
        found = rows
      }
      return found
    case .lookUp:
      guard let source = node.value(at: 0), let found = rows[source] else { return nil }
      return picked(found, value, path.graph[source].shape, path.graph[value].shape)
    default:
      return nil
    }
  }

  /// `x[:, :, [i]]` with a stored index: one element of one axis.
  private func picked(_ found: Rows, _ value: NetworkGraph.ValueID, _ before: [Int], _ after: [Int]) -> Rows? {
    guard before.count == after.count, found.pick == nil,
      let axis = before.indices.first(where: { before[$0] != after[$0] }), after[axis] == 1,
      before.indices.allSatisfy({ $0 == axis || before[$0] == after[$0] }), found.map.axes[axis].count == 1,
      let map = found.map.sliced(axis, start: 0, count: 1)
    else { return nil }
    return Rows(
      operations: found.operations, map: map, pick: Pick(value: value, digit: found.map.axes[axis][0]))
  }
}

extension IndexMap {
  /// The most places that are listed one by one.
  static let mostPlaces = 1 << 22

  /// Marks the places of the source that the map's elements lie at; nil if one lies outside, or if they are too many.
  func mark(_ marked: inout [Bool]) -> Void? {
    let digits = Self.merged(axes.joined().filter { $0.stride != 0 }.sorted { $0.stride > $1.stride })
    var count = 1
    for digit in digits {
      let (product, overflow) = count.multipliedReportingOverflow(by: digit.size)
      guard !overflow, product <= Self.mostPlaces else { return nil }
      count = product
    }
    var places = [offset]
    places.reserveCapacity(count)
    for digit in digits {
      places = places.flatMap { place in (0..<digit.size).map { place &+ $0 &* digit.stride } }
    }
    for place in places {
      guard marked.indices.contains(place) else { return nil }
      marked[place] = true
    }
    return ()
  }
}
