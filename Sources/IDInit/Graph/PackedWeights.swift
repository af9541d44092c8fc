/// The matrices that one weight holds: queries, keys and values, the two halves of a gated linear unit, the gates of a
/// recurrent cell. Found by which rows of the weight feed what.
struct PackedWeights {
  /// What some rows of a weight are for. Rows of one use are one matrix.
  enum Use: Hashable {
    case role(ParameterRole)
    /// A matrix among others without a name: a gate, by its number.
    case gate(Int)
  }

  private let weights: WeightOperations
  private let wholeRows: [NetworkGraph.ValueID: Int]
  /// How many matrices a weight holds one after the other.
  private let stacks: [NetworkGraph.ValueID: Int]
  private var claims: [NetworkGraph.ValueID: [(use: Use, marked: [Bool])]] = [:]
  /// Claims on one of several stretches of rows, not known which.
  private var picks: [NetworkGraph.ValueID: [(use: Use, pick: OutputRows.Pick, maps: [IndexMap])]] = [:]
  /// Weights with a use whose rows could not be listed.
  private var unclear: Set<NetworkGraph.ValueID> = []

  init(_ weights: WeightOperations) {
    self.weights = weights
    wholeRows = Dictionary(weights.all.map { ($0.weight, $0.geometry.wholeRows) }) { first, _ in first }
    stacks = Dictionary(weights.all.lazy.filter { $0.stack > 1 }.map { ($0.weight, $0.stack) }) { first, _ in first }
    for operation in weights.all {
      for (number, rows) in operation.gates.enumerated() { claim(operation.weight, .gate(number), rows) }
    }
  }

  /// Says what the rows that compute a value are for.
  mutating func claim(_ rows: OutputRows.Rows, _ use: Use) {
    for operation in rows.operations {
      let weight = weights.all[operation].weight
      guard let pick = rows.pick else {
        claim(weight, use) { rows.map.mark(&$0) != nil }
        continue
      }
      var list = picks[weight] ?? []
      if let index = list.firstIndex(where: { $0.use == use && $0.pick == pick }) {
        list[index].maps.append(rows.map)
      } else {
        list.append((use, pick, [rows.map]))
      }
      picks[weight] = list
    }
  }

  mutating func claim(_ weight: NetworkGraph.ValueID, _ use: Use, _ rows: Range<Int>) {
    claim(weight, use) { marked in
      guard rows.lowerBound >= 0, rows.upperBound <= marked.count else { return false }
      for row in rows { marked[row] = true }
      return true
    }
  }

  private mutating func claim(_ weight: NetworkGraph.ValueID, _ use: Use, _ mark: (inout [Bool]) -> Bool) {
    guard let rows = wholeRows[weight], rows > 0, rows <= IndexMap.mostPlaces else { return }
    var list = claims[weight] ?? []
    let index = list.firstIndex { $0.use == use } ?? list.count
    if index == list.count { list.append((use, [Bool](repeating: false, count: rows))) }
    if !mark(&list[index].marked) { unclear.insert(weight) }
    claims[weight] = list
  }

  /// Whether anything is known of what a weight's rows are for.
  func hasClaims(on weight: NetworkGraph.ValueID) -> Bool { claims[weight] != nil || picks[weight] != nil }

  /// How many rows of a weight no role has been given to.
  func freeRows(of weight: NetworkGraph.ValueID) -> Int {
    let taken = (claims[weight] ?? []).reduce(0) { sum, claim in
      if case .role = claim.use { sum + claim.marked.lazy.filter { $0 }.count } else { sum }
    }
    return (wholeRows[weight] ?? 0) - taken
  }

  /// The roles that a weight's rows have, in no order.
  func roles(of weight: NetworkGraph.ValueID) -> Set<ParameterRole> {
    let uses = (claims[weight] ?? []).map(\.use) + (picks[weight] ?? []).map(\.use)
    return Set(uses.compactMap { if case .role(let role) = $0 { role } else { nil } })
  }

  /// The matrices that a weight holds, in the order of their first rows.
  ///
  /// - Parameters:
  ///   - weight: The parameter.
  ///   - geometry: The whole of it.
  ///   - role: The role of the rows that have no other.
  /// - Returns: Empty if the weight is one matrix; nil if it holds several whose rows cannot be told apart.
  func parts(of weight: NetworkGraph.ValueID, _ geometry: WeightGeometry, role: ParameterRole) -> [WeightPart]? {
    guard let stack = stacks[weight] else { return plainParts(of: weight, geometry, role: role) }
    let rows = geometry.wholeRows / stack
    guard rows > 0, stack <= IndexMap.mostPlaces else { return nil }
    let inner = plainParts(of: weight, geometry, role: role) ?? []
    return (0..<stack).flatMap { index -> [WeightPart] in
      let one = (index * rows)..<((index + 1) * rows)
      let parts = inner.compactMap { part -> WeightPart? in
        guard let selection = part.geometry.selection, let own = selection.within(one) else { return nil }
        return WeightPart(role: part.role, geometry: geometry.selecting(own))
      }
      // Halves that do not fill each matrix alike are none.
      guard parts.reduce(0, { $0 + $1.geometry.rows }) == rows else {
        return [WeightPart(role: role, geometry: geometry.block(one))]
      }
      return parts
    }
  }

  private func plainParts(
    of weight: NetworkGraph.ValueID, _ geometry: WeightGeometry, role: ParameterRole
  ) -> [WeightPart]? {
    let list = claims[weight] ?? []
    guard !list.isEmpty || picks[weight] != nil else { return [] }
    // Attention first: a gate must fit into what it leaves.
    let roles = list.filter { if case .role = $0.use { true } else { false } }
    let gates = list.filter { if case .gate = $0.use { true } else { false } }
    guard !unclear.contains(weight) else { return list.count > 1 ? nil : [] }
    var free = [Bool](repeating: true, count: geometry.wholeRows)
    var found: [(role: ParameterRole, marked: [Bool])] = []
    func take(_ marked: [Bool]) -> Bool {
      guard zip(marked, free).allSatisfy({ !$0 || $1 }) else { return false }
      for row in marked.indices where marked[row] { free[row] = false }
      return true
    }
    for claim in roles {
      guard case .role(let role) = claim.use, take(claim.marked) else { return nil }
      found.append((role, claim.marked))
    }
    // Of stretches that nothing else takes, each pick takes the next: everybody stores keys before values.
    for (use, pick, maps) in picks[weight] ?? [] {
      guard case .role(let role) = use, pick.digit.size <= free.count else { return nil }
      var isTaken = false
      for index in 0..<pick.digit.size where !isTaken {
        var marked = [Bool](repeating: false, count: free.count)
        for var map in maps {
          map.offset &+= index &* pick.digit.stride
          guard map.mark(&marked) != nil else { return nil }
        }
        if take(marked) {
          found.append((role, marked))
          isTaken = true
        }
      }
      guard isTaken else { return nil }
    }
    if gates.allSatisfy({ gate in zip(gate.marked, free).allSatisfy { !$0 || $1 } }) {
      for gate in gates where take(gate.marked) { found.append((role, gate.marked)) }
    }
    if free.contains(true) { found.append((role, free)) }
    guard found.count > 1 else { return [] }
    var parts: [WeightPart] = []
    for (role, marked) in found {
      guard let rows = RowSelection(marked: marked) else { return nil }
      parts.append(WeightPart(role: role, geometry: geometry.selecting(rows)))
    }
    return parts.sorted { $0.geometry.selection?.start ?? 0 < $1.geometry.selection?.start ?? 0 }
  }
}
