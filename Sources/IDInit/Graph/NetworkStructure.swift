/// A parameter and what the graph says about it.
public struct ParameterDescription: Hashable, Sendable {
  /// The dotted path, as in the network's state dictionary.
  public let name: String
  public let shape: [Int]
  /// The element type; nil where the graph does not say.
  public var dtype: TensorDType?
  public let role: ParameterRole
  /// For weights: which axes are which.
  public let geometry: WeightGeometry?
  /// For weights that hold several matrices (Q, K and V in one; the gates of an LSTM): those, each to be
  /// initialised as a matrix of its own. Empty for all others.
  public var parts: [WeightPart] = []
  /// For biases: the weight that it is added beside.
  public let weight: WeightGeometry?
  /// For weights: whether a ReLU acts on what it computes.
  public let reluFollows: Bool
  /// Whether a residual stem ends with this weight, so that zeroing it makes the block its shortcut. So it is for
  /// every weight of the role ``ParameterRole/stemLast`` and for most of ``ParameterRole/attentionOutput``.
  public var endsStem: Bool
  /// For parameters that are no weights: whether activations are multiplied by it element by element (a norm's
  /// scale, layer scale, a gate's scalar).
  public var multiplies = false
  /// The path of the parameter whose storage this one shares, if it is an alias.
  public var tiedTo: String?
  /// Why the parameter has its role, for people.
  public let reason: String
}

/// One of the matrices that a weight holds.
public struct WeightPart: Hashable, Sendable, Codable {
  public let role: ParameterRole
  /// The whole weight's geometry, restricted to this part's rows.
  public let geometry: WeightGeometry

  public init(role: ParameterRole, geometry: WeightGeometry) {
    self.role = role
    self.geometry = geometry
  }
}

/// A network as a scheme sees it: each parameter with its role, and the residual blocks.
public struct NetworkStructure: Sendable {
  /// In the network's own order; every parameter is there.
  public let parameters: [ParameterDescription]
  public let blocks: [ResidualBlock]
  public var isResidual: Bool { !blocks.isEmpty }
  /// Whether a ReLU acts on what any weight computes.
  public var usesReLU: Bool { parameters.contains { $0.reluFollows } }

  /// Reads the structure off a graph. Nothing is guessed from names.
  public init(_ graph: NetworkGraph) {
    let topology = GraphTopology(graph)
    let operations = graph.weightOperations(isActivation: topology.isActivation)
    let residual = ResidualStructure(graph, topology: topology, operations: operations)
    let stored = StoredParameterRoles(graph, topology: topology)

    var operationOfWeight: [NetworkGraph.ValueID: WeightOperation] = [:]
    var operationOfBias: [NetworkGraph.ValueID: WeightOperation] = [:]
    for operation in operations {
      operationOfWeight[operation.weight] = operationOfWeight[operation.weight] ?? operation
      if let bias = operation.bias { operationOfBias[bias] = operation }
    }
    var blockOfLast: [String: ResidualBlock] = [:]
    var blockOfShortcut: [String: ResidualBlock] = [:]
    for block in residual.blocks {
      for name in block.last { blockOfLast[name] = blockOfLast[name] ?? block }
      for name in block.shortcutWeights { blockOfShortcut[name] = blockOfShortcut[name] ?? block }
    }

    parameters = graph.parameters.map { name, id in
      func describe(_ role: ParameterRole, _ reason: String, relu: Bool = false) -> ParameterDescription {
        ParameterDescription(
          name: name, shape: graph[id].shape, dtype: graph[id].dtype, role: role,
          geometry: operationOfWeight[id]?.geometry, weight: operationOfBias[id]?.geometry, reluFollows: relu,
          endsStem: blockOfLast[name] != nil, tiedTo: graph.ties[name], reason: reason)
      }
      if let role = stored.roles[id] { return describe(role.role, role.reason) }
      if operationOfWeight[id] != nil {
        let relu = residual.reluFollows(id)
        if let block = blockOfLast[name] {
          let reasons = ["ends the stem joined at \(block.add)"] + block.notes
          return describe(.stemLast, reasons.joined(separator: "; "), relu: relu)
        }
        if residual.head.contains(id) {
          let reasons = ["last classification layer"] + residual.headNotes
          return describe(.head, reasons.joined(separator: "; "), relu: relu)
        }
        if residual.first.contains(id) {
          return describe(.first, relu ? "first layer, ReLU follows" : "first layer", relu: relu)
        }
        if let block = blockOfShortcut[name] {
          return describe(.shortcut, "projection beside the stem joined at \(block.add)", relu: relu)
        }
        return describe(.hidden, "", relu: relu)
      }
      if operationOfBias[id] != nil { return describe(.bias, "") }
      return describe(.other, stored.isUsed.contains(id) ? "no known use" : "not used by the graph")
    }
    blocks = residual.blocks
  }
}

/// The roles of the parameters that are no weights: normalisation, embeddings, added biases.
private struct StoredParameterRoles {
  private(set) var roles: [NetworkGraph.ValueID: (role: ParameterRole, reason: String)] = [:]
  private(set) var isUsed: Set<NetworkGraph.ValueID> = []

  init(_ graph: NetworkGraph, topology: GraphTopology) {
    for node in graph.nodes {
      for input in node.inputs { if let source = graph.parameter(behind: input) { isUsed.insert(source.id) } }
      func assign(_ position: Int, _ role: ParameterRole, _ reason: String) {
        guard let operand = node.value(at: position), let source = graph.parameter(behind: operand) else { return }
        roles[source.id] = (role, reason)
      }
      switch node.operation {
      case "aten.embedding.default":
        assign(0, .embedding, "looked up by \(node.outputs.first.map { graph[$0].name } ?? "an embedding")")
      case "aten.batch_norm.default", "aten.instance_norm.default", "aten._native_batch_norm_legit.default":
        assign(1, .normScale, "")
        assign(2, .normBias, "")
      case "aten.layer_norm.default", "aten.native_layer_norm.default", "aten.group_norm.default",
        "aten.rms_norm.default":
        assign(2, .normScale, "")
        assign(3, .normBias, "")
      case "aten.add.Tensor":
        for (position, other) in [(0, 1), (1, 0)] {
          guard let activation = node.value(at: other), topology.isActivation(activation),
            let operand = node.value(at: position), let source = graph.parameter(behind: operand),
            graph[source.id].shape.count == 1
          else { continue }
          roles[source.id] = (.bias, "added to an activation")
        }
      default: break
      }
    }
  }
}
