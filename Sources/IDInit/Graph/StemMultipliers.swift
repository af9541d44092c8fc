/// Parameters of one element that multiply whole stems after their last weights: Fixup's scalar multiplier, SkipInit's
/// skip gain, ReZero's residual weight.
///
/// Only parameters that do nothing else are taken for that: what also gates the shortcut or an activation elsewhere is
/// no stem's multiplier, as no one number could be right for both.
struct StemMultipliers {
  /// The multipliers of the stem that a sum joins, by the sum's vertex; each once, the last one first.
  private(set) var ofSum: [Int: [NetworkGraph.ValueID]] = [:]
  /// The sums that a multiplier's stems are joined at, ascending.
  private(set) var sums: [NetworkGraph.ValueID: [Int]] = [:]

  init(_ path: MainPath, residual: ResidualStructure, flow: DataFlow, views: ParameterViews) {
    let graph = path.graph
    /// The number that a node reads as it is stored, be it cast or of another shape.
    func number(_ id: NetworkGraph.ValueID) -> NetworkGraph.ValueID? {
      guard let view = views[id], !view.isTransformed, !view.isNormalized, graph.isNumber(view.parameter),
        !path.topology.isActivation(id)
      else { return nil }
      return view.parameter
    }

    var nodesOfNumber: [NetworkGraph.ValueID: Set<Int>] = [:]
    for join in residual.joins {
      for vertex in Self.multiplications(of: join, path) {
        guard let node = path.topology.nodeOfVertex[vertex] else { continue }
        for parameter in graph.nodes[node].inputs.compactMap(number) {
          nodesOfNumber[parameter, default: []].insert(node)
          if ofSum[join.sum]?.contains(parameter) != true { ofSum[join.sum, default: []].append(parameter) }
          if sums[parameter]?.contains(join.sum) != true { sums[parameter, default: []].append(join.sum) }
        }
      }
    }
    guard !sums.isEmpty else { return }

    // Whatever else reads one of them, by itself or through a function.
    var others: Set<NetworkGraph.ValueID> = []
    for (index, node) in graph.nodes.enumerated() where flow.isLive[index] {
      for input in node.inputs {
        guard let view = views[input], let known = nodesOfNumber[view.parameter], !known.contains(index) else {
          continue
        }
        // A cast or another shape of it is no use by itself.
        if let output = node.outputs.first, views[output]?.parameter == view.parameter { continue }
        others.insert(view.parameter)
      }
    }
    for parameter in others { sums[parameter] = nil }
    for (sum, parameters) in ofSum { ofSum[sum] = parameters.filter { sums[$0] != nil } }
    for (parameter, list) in sums { sums[parameter] = list.sorted() }
  }

  /// The products on the way back from a sum that scale all of its stem, the last one first: up to the last weight, to
  /// where the stem itself is a sum, or to a normalisation, which undoes what scales its input.
  private static func multiplications(of join: ResidualStructure.Join, _ path: MainPath) -> [Int] {
    var found: [Int] = []
    // shortcut + number · stem in one operation
    if case .addProduct? = path.kind(join.sum) { found.append(join.sum) }
    var vertex = join.stem
    while vertex != join.start, !path.isWeight(vertex) {
      switch path.kind(vertex) {
      case .norm: return found
      case .multiply:
        if let (a, b) = path.operands(vertex), path.isStatistic(a, of: b) || path.isStatistic(b, of: a) { return found }
        found.append(vertex)
      default: break
      }
      let sources = path.sources(of: vertex).sources
      guard sources.count == 1 else { return found }
      vertex = sources[0]
    }
    return found
  }
}
