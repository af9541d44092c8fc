/// The scales and biases of normalisations, of those that are one operation and of those that are written out
/// (x · rsqrt(mean(x²) + ε) · w, and the like).
struct Normalisations {
  private(set) var scales: Set<NetworkGraph.ValueID> = []
  private(set) var biases: Set<NetworkGraph.ValueID> = []
  /// The scales that are written as 1 + w, which do nothing at w = 0.
  private(set) var shifted: Set<NetworkGraph.ValueID> = []
  /// The scale that is applied at a vertex.
  private(set) var scaleOfVertex: [Int: NetworkGraph.ValueID] = [:]

  private enum State { case plain, statistic, centred, normalised, scaled }

  init(_ path: MainPath, flow: DataFlow, views: ParameterViews) {
    let graph = path.graph
    for (index, node) in graph.nodes.enumerated() where flow.isLive[index] {
      guard case .norm(let scale, let bias) = path.kinds.kinds[index] else { continue }
      if let view = node.value(at: scale).flatMap({ views[$0] }) {
        scales.insert(view.parameter)
        if let vertex = node.outputs.first.flatMap(path.topology.vertex) { scaleOfVertex[vertex] = view.parameter }
      }
      if let view = bias.flatMap({ node.value(at: $0) }).flatMap({ views[$0] }) { biases.insert(view.parameter) }
    }

    var states = [State](repeating: .plain, count: path.topology.count)
    // Of what is centred and scaled already, but not yet divided: w · (x − mean(x)) / std(x).
    var early: [Int: NetworkGraph.ValueID] = [:]
    for vertex in 0..<path.topology.count where !path.isWeight(vertex) {
      guard let index = path.topology.nodeOfVertex[vertex] else { continue }
      let node = graph.nodes[index]
      let sources = path.topology.predecessors[vertex]
      let state = sources.count == 1 ? states[sources[0]] : .plain
      let view = node.inputs.first { views[$0] != nil && !path.topology.isActivation($0) }.flatMap { views[$0] }
      let parameter = view?.parameter
      switch path.kinds.kinds[index] {
      case .norm(let scale, _):
        states[vertex] = node.value(at: scale) == nil ? .normalised : .plain
      case .reduce: states[vertex] = .statistic
      case .view, .copy: states[vertex] = state
      case .pointwise: states[vertex] = state == .statistic ? .statistic : .plain
      case .subtract:
        // x − mean(x), or minus a stored mean
        if let (a, b) = path.operands(vertex) {
          states[vertex] = states[b] == .statistic && states[a] != .statistic ? .centred : .plain
        } else if sources.count == 1, node.inputs.count == 2, parameter == nil {
          states[vertex] = state == .statistic ? .statistic : .centred
        }
      case .multiply, .divide:
        if let (a, b) = path.operands(vertex) {
          let (p, q) = (states[a] == .statistic, states[b] == .statistic)
          if p, q {
            states[vertex] = .statistic
          } else if q || p && path.kinds.kinds[index] == .multiply {
            states[vertex] = .normalised
            if let parameter = early[q ? a : b] {
              states[vertex] = .scaled
              scales.insert(parameter)
              scaleOfVertex[vertex] = parameter
            }
          }
        } else if let parameter {
          if view?.isTransformed == true { shifted.insert(parameter) }
          if state == .normalised {
            states[vertex] = .scaled
            scales.insert(parameter)
            scaleOfVertex[vertex] = parameter
          } else if state == .centred {
            states[vertex] = .centred
            early[vertex] = parameter
          }
        } else if state == .centred {
          states[vertex] = node.inputs.count == 2 ? .normalised : .centred
        } else {
          states[vertex] = state
        }
      case .add:
        if let parameter, state == .scaled || state == .normalised, graph.isVector(parameter) {
          biases.insert(parameter)
        } else if sources.count == 1, state == .statistic {
          states[vertex] = .statistic
        }
      default: break
      }
    }
  }
}

extension NetworkGraph {
  /// Whether a value has at most one axis of more than one element.
  func isVector(_ id: ValueID) -> Bool { self[id].shape.lazy.filter { $0 != 1 }.count <= 1 }

  /// Whether a value has one element.
  func isNumber(_ id: ValueID) -> Bool { self[id].shape.allSatisfy { $0 == 1 } }
}
