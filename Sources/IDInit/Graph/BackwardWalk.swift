/// The weights met first on the way back along the main path.
struct BackwardWalk {
  /// Places in ``WeightOperations/all``.
  private(set) var operations: Set<Int> = []
  /// Everything passed on the way, the start and the weights included.
  private(set) var visited: [Int] = []
  /// What was ambiguous, and how it was decided; of many products the first and their number.
  private(set) var notes: [String] = []
  /// Whether the walk came to one of the places where it had to stop.
  private(set) var reachedStop = false

  /// - Parameters:
  ///   - ends: Where the walk begins.
  ///   - path: The main path.
  ///   - region: What the walk may not leave, except through the values of an attention.
  ///   - stops: Where it ends.
  init(
    from ends: [Int], along path: MainPath, within region: ((Int) -> Bool)? = nil, stoppingAt stops: (Int) -> Bool
  ) {
    var seen = Set(ends)
    var pending: [(vertex: Int, isFree: Bool)] = ends.map { ($0, false) }
    var choices: [(vertex: Int, choice: MainPath.Choice)] = []
    while let (vertex, isFree) = pending.popLast() {
      if stops(vertex) {
        reachedStop = true
        continue
      }
      guard isFree || region?(vertex) ?? true else { continue }
      visited.append(vertex)
      if path.isWeight(vertex) {
        operations.formUnion(path.operations[vertex])
        continue
      }
      let (sources, choice) = Self.sources(of: vertex, along: path, within: region)
      if let choice { choices.append((vertex, choice)) }
      // The values of an attention may come from outside (cross-attention without an output projection).
      let leaves = isFree || isAttention(path, vertex)
      for source in sources where seen.insert(source).inserted { pending.append((source, leaves)) }
    }
    for choice in [MainPath.Choice.first, .second] {
      let vertices = choices.filter { $0.choice == choice }.map(\.vertex).sorted()
      guard let first = vertices.first else { continue }
      let subject = vertices.count == 1 ? "multiplies" : "and \(vertices.count - 1) more multiply"
      notes.append(
        "\(path.name(first)) \(subject) two paths of equal standing; the zero goes to the \(choice) factor")
    }
  }

  /// The main path's sources of a vertex. Of two factors of which one alone is computed within the region, that one
  /// carries the zero, whichever is written first (a stem that is modulated by what comes from elsewhere), unless zero
  /// does not silence it.
  private static func sources(
    of vertex: Int, along path: MainPath, within region: ((Int) -> Bool)?
  ) -> (sources: [Int], choice: MainPath.Choice?) {
    let found = path.sources(of: vertex)
    guard let region, case .multiply? = path.kind(vertex), let (a, b) = path.operands(vertex), region(a) != region(b)
    else { return found }
    let inner = region(a) ? a : b
    return path.isGate(inner) ? found : ([inner], nil)
  }

  private func isAttention(_ path: MainPath, _ vertex: Int) -> Bool {
    if case .attention? = path.kind(vertex) { return true }
    guard let (a, b) = path.factors(vertex) else { return false }
    return path.isProbability[a] || path.isProbability[b]
  }
}
