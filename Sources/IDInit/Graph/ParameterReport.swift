/// Puts what was read off a graph into words: a description a parameter, a block a join.
struct ParameterReport {
  private let reading: GraphReading
  private var graph: NetworkGraph { reading.graph }
  private var operationsOfWeight: [NetworkGraph.ValueID: [Int]] = [:]
  private var operationOfBias: [NetworkGraph.ValueID: Int] = [:]
  private var joinsOfLast: [NetworkGraph.ValueID: [Int]] = [:]
  private var joinOfShortcut: [NetworkGraph.ValueID: Int] = [:]
  private var joinOfScale: [NetworkGraph.ValueID: Int] = [:]
  private var originals: [NetworkGraph.ValueID: NetworkGraph.ValueID] = [:]

  init(_ reading: GraphReading) {
    self.reading = reading
    for (index, operation) in reading.weights.all.enumerated() {
      operationsOfWeight[operation.weight, default: []].append(index)
      for bias in operation.biases where operationOfBias[bias] == nil { operationOfBias[bias] = index }
    }
    for (index, join) in reading.residual.joins.enumerated() {
      for weight in Set(join.last.map { reading.weights.all[$0].weight }) {
        joinsOfLast[weight, default: []].append(index)
      }
      for operation in join.shortcutOperations {
        let weight = reading.weights.all[operation].weight
        joinOfShortcut[weight] = joinOfShortcut[weight] ?? index
      }
      for vertex in join.tail {
        guard reading.path.kind(vertex) == .multiply, let node = reading.path.topology.nodeOfVertex[vertex] else {
          continue
        }
        for input in reading.graph.nodes[node].inputs {
          if let view = reading.views[input] { joinOfScale[view.parameter] = joinOfScale[view.parameter] ?? index }
        }
      }
    }
    let ids = Dictionary(reading.graph.parameters.map { ($0.name, $0.id) }) { first, _ in first }
    for (alias, original) in reading.graph.ties {
      if let alias = ids[alias], let original = ids[original] { originals[alias] = original }
    }
  }

  // MARK: Blocks

  func block(_ join: ResidualStructure.Join) -> ResidualBlock {
    let scales = join.tail.compactMap { reading.norms.scaleOfVertex[$0] }
    return ResidualBlock(
      add: name(join.sum), stem: name(join.stem), shortcut: name(join.shortcut), kind: join.kind,
      last: paths(join.last), shortcutWeights: paths(join.shortcutOperations), stemWeights: paths(join.stemOperations),
      lastNormScales: Array(Set(scales)).sorted().compactMap(path),
      multipliers: (reading.multipliers.ofSum[join.sum] ?? []).compactMap(path), notes: join.notes + join.asides)
  }

  private func name(_ vertex: Int) -> String { reading.path.name(vertex) }

  private func path(_ id: NetworkGraph.ValueID) -> String? {
    if case .parameter(let path) = graph[id].origin { path } else { nil }
  }

  /// The weights of operations in the operations' order, each once.
  private func paths(_ operations: [Int]) -> [String] {
    var seen: Set<NetworkGraph.ValueID> = []
    return operations.compactMap { index in
      let weight = reading.weights.all[index].weight
      return seen.insert(weight).inserted ? path(weight) : nil
    }
  }

  // MARK: Parameters

  func describe(_ name: String, _ id: NetworkGraph.ValueID) -> ParameterDescription {
    let original = originals[id] ?? id
    let found = find(original)
    var reason = found.reason
    let tied = graph.ties[name]
    if let tied { reason = reason.isEmpty ? "tied to \(tied)" : "tied to \(tied); \(reason)" }
    return ParameterDescription(
      name: name, shape: graph[id].shape, dtype: graph[id].dtype, role: found.role, geometry: found.geometry,
      parts: found.parts, weight: found.weight, reluFollows: found.reluFollows, endsStem: found.endsStem,
      multiplies: found.multiplies, stack: found.stack, isOutputLayer: reading.residual.head.contains(original),
      scalesStem: found.scalesStem, layer: reading.layers.layer(of: tied ?? name, original),
      moduleClass: reading.layers.className(ofOwnerOf: tied ?? name), tiedTo: tied, reason: reason)
  }

  private struct Finding {
    var role: ParameterRole
    var geometry: WeightGeometry?
    var parts: [WeightPart] = []
    var weight: WeightGeometry?
    var reluFollows = false
    var endsStem = false
    var multiplies = false
    var stack = 1
    var scalesStem = false
    var reason = ""
  }

  private func find(_ id: NetworkGraph.ValueID) -> Finding {
    let operations = operationsOfWeight[id] ?? []
    let geometry = operations.first.map { reading.weights.all[$0].geometry }
    if let reason = reading.uses.embeddings[id] {
      let isHead = reading.residual.head.contains(id)
      return Finding(
        role: .embedding, geometry: geometry,
        reason: isHead ? reason + "; also the output layer" : operations.isEmpty ? reason : reason + "; also a weight")
    }
    if reading.norms.scales.contains(id) {
      return Finding(role: .normScale, multiplies: !reading.norms.shifted.contains(id))
    }
    if let geometry { return weight(id, operations, geometry) }
    if reading.norms.biases.contains(id) { return Finding(role: .normBias) }
    if let operation = operationOfBias[id] {
      return Finding(role: .bias, weight: reading.weights.all[operation].geometry)
    }
    if reading.views.magnitudes.contains(id) {
      return Finding(role: .other, multiplies: true, reason: "the length of a normalised weight")
    }
    if let reason = reading.weights.unsupported[id] { return Finding(role: .other, reason: reason) }
    if let sums = reading.multipliers.sums[id] {
      let names = sums.map(self.name)
      return Finding(
        role: .residualScale, multiplies: true,
        reason: "multiplier of the \(names.count == 1 ? "stem" : "stems") joined at \(Self.list(names))")
    }
    guard let use = reading.uses.use(of: id) else { return Finding(role: .other, reason: "not used by the graph") }
    let beside = use.beside.flatMap { reading.rows[$0]?.operations.first }
    // A number beside a weight of one output is that weight's bias.
    if use.role == .bias, graph.isNumber(id), beside.map({ reading.weights.all[$0].geometry.wholeRows }) != 1 {
      return Finding(role: .scalarBias, reason: "a number added to activations")
    }
    var reason = use.reason
    var scalesStem = false
    if use.role == .bias, beside != nil { reason = "" }
    if use.multiplies, let join = joinOfScale[id] {
      let sum = self.name(reading.residual.joins[join].sum)
      reason =
        (graph.isNumber(id) ? "a number that scales" : "scales") + " the stem joined at \(sum)"
      scalesStem = !graph.isNumber(id)
    }
    return Finding(
      role: use.role, weight: beside.map { reading.weights.all[$0].geometry }, multiplies: use.multiplies,
      scalesStem: scalesStem, reason: reason)
  }

  private func weight(_ id: NetworkGraph.ValueID, _ operations: [Int], _ geometry: WeightGeometry) -> Finding {
    var (role, reasons) = role(of: id, operations)
    let endsStem = joinsOfLast[id] != nil
    var finding = Finding(role: role, geometry: geometry, endsStem: endsStem)
    finding.reluFollows = operations.contains { reading.first.beforeReLU.contains($0) }
    if role == .first, finding.reluFollows { reasons[0] += ", ReLU follows" }
    let rest: ParameterRole = [.query, .key, .value].contains(role) ? .hidden : role
    var contents: [String] = []
    if let parts = reading.packed.parts(of: id, geometry, role: rest) {
      finding.parts = parts
      let stack = operations.reduce(1) { max($0, reading.weights.all[$1].stack) }
      finding.stack = stack
      if stack > 1 { contents.append("a stack of \(stack) matrices") }
      if let reason = Self.contents(Array(parts.prefix(parts.count / stack))) { contents.append(reason) }
      if [.query, .key, .value].contains(role), let part = parts.first(where: { $0.role != .hidden }) ?? parts.first {
        role = part.role
      }
    } else {
      contents.append("holds several matrices whose rows cannot be told apart: treated as one")
    }
    finding.role = role
    if operations.contains(where: { reading.weights.all[$0].isNormalized }) {
      reasons.append("normalised: only its direction matters")
    }
    if !operations.contains(where: { reading.path.topology.isActivation(reading.weights.all[$0].input) }) {
      if let name = path(id), case .recurrent? = reading.layers.layer(of: name, id) {
        reasons.append("reads a state that is a constant here")
      } else {
        reasons.append("applied to a stored table, not to the input")
      }
    }
    // Last, as the plan goes on with what the rule makes of them.
    finding.reason = (reasons + contents).filter { !$0.isEmpty }.joined(separator: "; ")
    return finding
  }

  private func role(of id: NetworkGraph.ValueID, _ operations: [Int]) -> (ParameterRole, [String]) {
    let isOutput = reading.attention.outputs.contains(id)
    if let joins = joinsOfLast[id] {
      let sums = joins.map { name(reading.residual.joins[$0].sum) }
      var reasons = ["ends the \(sums.count == 1 ? "stem" : "stems") joined at \(Self.list(sums))"]
      for note in joins.flatMap({ reading.residual.joins[$0].notes }) where !reasons.contains(note) {
        reasons.append(note)
      }
      let last = Set(joins.flatMap { reading.residual.joins[$0].last })
      if !operations.allSatisfy(last.contains) { reasons.append("also used elsewhere, where its zero counts too") }
      return (isOutput ? .attentionOutput : .stemLast, reasons)
    }
    if reading.residual.head.contains(id) {
      return (.head, ["last classification layer"] + reading.residual.headNotes)
    }
    let roles = reading.packed.roles(of: id)
    for role in [ParameterRole.query, .key, .value] where roles.contains(role) || reading.attention.wholes[id] == role {
      return (role, [""])
    }
    if isOutput { return (.attentionOutput, ["projects what an attention returns"]) }
    if operations.contains(where: { reading.first.first.contains($0) }) { return (.first, ["first layer"]) }
    if let join = joinOfShortcut[id] {
      return (.shortcut, ["projection beside the stem joined at \(name(reading.residual.joins[join].sum))"])
    }
    return (.hidden, [""])
  }

  // MARK: Words

  private static func list(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    if names.count <= 3 { return names.dropLast().joined(separator: ", ") + " and " + last }
    return "\(names[0]), \(names[1]) and \(names.count - 2) more"
  }

  private static func contents(_ parts: [WeightPart]) -> String? {
    guard parts.count > 1 else { return nil }
    let roles = parts.map(\.role)
    guard roles.contains(where: { [.query, .key, .value].contains($0) }) else {
      return parts.count == 2 ? "two matrices in one, one gates the other" : "\(parts.count) gates in one matrix"
    }
    var names: [String] = []
    for role in roles {
      let name = [.query, .key, .value].contains(role) ? role.rawValue : "others"
      if !names.contains(name) { names.append(name) }
    }
    return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "") + " in one matrix"
  }
}
