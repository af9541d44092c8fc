/// A parameter and what the graph says about it.
public struct ParameterDescription: Hashable, Sendable {
  /// The dotted path, as in the network's state dictionary.
  public let name: String
  /// Sizes of the axes, slowest first; empty for a scalar.
  public let shape: [Int]
  /// The element type; nil where the graph does not say.
  public var dtype: TensorDType?
  /// What the parameter does.
  public let role: ParameterRole
  /// For weights: which axes are which.
  public let geometry: WeightGeometry?
  /// For weights that hold several matrices (Q, K and V in one; the gates of an LSTM): those, each to be
  /// initialised as a matrix of its own. Empty for all others.
  public var parts: [WeightPart] = []
  /// For biases: the weight that it is added beside.
  public let weight: WeightGeometry?
  /// For weights: whether a ReLU acts on what it computes. ReLU and its bounded kin count (ReLU6, a clamp at 0);
  /// leaky and smooth relatives (GELU, SiLU) do not, since √2 makes up for the half that a ReLU cuts off.
  public let reluFollows: Bool
  /// Whether a residual stem ends with this weight, so that zeroing it makes the block its shortcut. So it is for
  /// every weight of the role ``ParameterRole/stemLast`` and for most of ``ParameterRole/attentionOutput``.
  public var endsStem: Bool
  /// For parameters that are no weights: whether activations are multiplied by it element by element (a norm's
  /// scale, layer scale, a gate's scalar). False for one that enters through a function (1 + w, exp w): such a
  /// parameter does nothing at 0, not at 1.
  public var multiplies = false
  /// For weights that hold several matrices one after the other, all of one make (the experts of a layer): how many.
  public var stack = 1
  /// Whether it is the last layer of a residual network: the head, or an embedding that is the output layer, too.
  public var isOutputLayer = false
  /// For parameters of several elements that are no weights: whether a residual stem is multiplied by it (layer scale).
  public var scalesStem = false
  /// The layer of PyTorch's that it belongs to, if that has a start of its own and the graph says so.
  public var layer: TorchLayer?
  /// The class of the module that it belongs to, as PyTorch names it; nil where the graph does not say.
  public var moduleClass: String?
  /// The path of the parameter whose storage this one shares, if it is an alias.
  public var tiedTo: String?
  /// Why the parameter has its role, for people.
  public let reason: String
}

/// One of the matrices that a weight holds.
public struct WeightPart: Hashable, Sendable, Codable {
  /// What this part does: one of query, key and value, say.
  public let role: ParameterRole
  /// The whole weight's geometry, restricted to this part's rows.
  public let geometry: WeightGeometry

  /// A part with its role and place.
  public init(role: ParameterRole, geometry: WeightGeometry) {
    self.role = role
    self.geometry = geometry
  }
}

/// A network as a scheme sees it: each parameter with its role, and the residual blocks.
public struct NetworkStructure: Sendable {
  /// In the network's own order; every parameter is there.
  public let parameters: [ParameterDescription]
  /// The residual blocks, in the order of the graph.
  public let blocks: [ResidualBlock]
  /// What concerns the network as a whole: what could not be examined.
  public let notes: [String]
  /// Whether there is any residual block.
  public var isResidual: Bool { !blocks.isEmpty }
  /// Whether a ReLU acts on what any weight computes.
  public let usesReLU: Bool
  /// Whether the graph says of which classes its modules are.
  public let knowsModuleClasses: Bool

  /// Reads the structure off a graph. Nothing is guessed from names.
  public init(_ graph: NetworkGraph) {
    let reading = GraphReading(graph)
    let description = ParameterReport(reading)
    parameters = graph.parameters.map { description.describe($0.name, $0.id) }
    usesReLU = parameters.contains(where: \.reluFollows)
    blocks = reading.residual.joins.map(description.block)
    notes = reading.residual.notes
    knowsModuleClasses = !graph.moduleClasses.isEmpty
  }
}

/// Everything that is read off a graph, in the order in which one thing follows from another.
struct GraphReading {
  let graph: NetworkGraph
  let views: ParameterViews
  let weights: WeightOperations
  let path: MainPath
  let residual: ResidualStructure
  let packed: PackedWeights
  let attention: AttentionWeights
  let first: FirstWeights
  let norms: Normalisations
  let uses: ParameterUses
  let multipliers: StemMultipliers
  let rows: OutputRows
  let layers: TorchLayers

  init(_ graph: NetworkGraph) {
    self.graph = graph
    let kinds = OperationKinds(graph)
    let flow = DataFlow(graph, kinds: kinds)
    views = ParameterViews(graph, kinds: kinds)
    weights = WeightOperations(graph, kinds: kinds, flow: flow, views: views)
    let signal = Signal(graph, kinds: kinds, flow: flow, views: views, operations: weights)
    let topology = GraphTopology(graph, flow: flow, signal: signal)
    path = MainPath(graph, kinds: kinds, topology: topology, weights: weights)
    let patterns = AttentionPatterns(path)
    let residual = ResidualStructure(path, weights: weights, scores: patterns)
    self.residual = residual
    let isJoin = { (vertex: Int) in residual.joinOfSum[vertex] != nil }
    rows = OutputRows(path, weights: weights, isJoin: isJoin)
    var packed = PackedWeights(weights)
    attention = AttentionWeights(patterns, path, weights: weights, rows: rows, packed: &packed, isJoin: isJoin)
    let free = packed
    GatedUnits(path, rows: rows, weights: weights, freeRows: { free.freeRows(of: $0) }).forEach {
      packed.claim($0, .gate($1))
    }
    layers = TorchLayers(graph, weights: weights)
    // A cell that takes one step from a state of zeros, taken apart: no gate's rows reach it to be seen.
    for operation in weights.all where !packed.hasClaims(on: operation.weight) {
      guard case .parameter(let name) = graph[operation.weight].origin,
        let gates = layers.gates(of: name, rows: operation.geometry.wholeRows)
      else { continue }
      for (number, rows) in gates.enumerated() { packed.claim(operation.weight, .gate(number), rows) }
    }
    self.packed = packed
    first = FirstWeights(path, weights: weights, signal: signal)
    norms = Normalisations(path, flow: flow, views: views)
    multipliers = StemMultipliers(path, residual: residual, flow: flow, views: views)
    uses = ParameterUses(path, flow: flow, views: views, rows: rows, signal: signal)
  }
}
