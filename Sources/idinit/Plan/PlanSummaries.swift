import IDInit

/// What a table sums up at its foot: kept normalisations, and scales of stems and biases that all start alike.
struct PlanSummaries {
  /// The parameters that have no line of their own.
  private(set) var names: Set<String> = []
  private(set) var rows: [PlanRow] = []

  /// Fewer biases or scales than this that share a rule have lines of their own.
  private static let fewestAlike = 2

  init(_ plan: InitializationPlan, graph: NetworkGraph) {
    addNorms(plan, NormKinds(graph))
    addScales(plan)
    addBiases(plan)
  }

  private mutating func addNorms(_ plan: InitializationPlan, _ kinds: NormKinds) {
    var order = [String]()
    var scales: [String: Int] = [:]
    var biases: [String: Int] = [:]
    for entry in plan.entries where entry.rule == nil {
      guard entry.role == .normScale || entry.role == .normBias else { continue }
      let kind = kinds[entry.name]
      if !order.contains(kind) { order.append(kind) }
      if entry.role == .normScale { scales[kind, default: 0] += 1 } else { biases[kind, default: 0] += 1 }
      names.insert(entry.name)
    }
    for kind in order {
      let (scaleCount, biasCount) = (scales[kind, default: 0], biases[kind, default: 0])
      var name = counted(scaleCount, kind)
      if scaleCount == 0 { name = "\(counted(biasCount, "bias", plural: "biases")) of \(kind)s" }
      if scaleCount > 0, biasCount > scaleCount {
        name += " and \(counted(biasCount - scaleCount, "further bias", plural: "further biases"))"
      }
      add(name, role: "norm", rule: nil, why: "")
    }
  }

  /// ReZero's, SkipInit's and Fixup's numbers, and layer scale's vectors.
  private mutating func addScales(_ plan: InitializationPlan) {
    // The first part of a reason is which stem it is.
    func why(_ entry: InitializationPlan.Entry) -> String {
      let parts = entry.shortReason.split(separator: ";").dropFirst()
      return String(parts.joined(separator: ";").drop { $0 == " " })
    }
    let scales = plan.entries.filter { $0.role == .residualScale || $0.scalesStem == true }
    for group in alike(scales, by: why) {
      let noun = group[0].role == .residualScale ? "stem multiplier" : "layer scale"
      add(counted(group.count, noun), group, why: why(group[0]))
    }
  }

  private mutating func addBiases(_ plan: InitializationPlan) {
    let biases = plan.entries.filter { $0.role == .bias || $0.role == .scalarBias }
    for group in alike(biases, by: { withoutNumbers($0.reason) }) {
      let kind = group[0].role == .scalarBias ? "scalar " : ""
      add(counted(group.count, kind + "bias", plural: kind + "biases"), group, why: group[0].shortReason)
    }
  }

  /// Entries of one role, one rule (but for its numbers) and one reason, in the order of their first ones.
  private func alike(
    _ entries: [InitializationPlan.Entry], by reason: (InitializationPlan.Entry) -> String
  ) -> [[InitializationPlan.Entry]] {
    var order = [String]()
    var groups: [String: [InitializationPlan.Entry]] = [:]
    for entry in entries {
      let key = "\(entry.role.rawValue) \(entry.ruleName) \(reason(entry))"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(entry)
    }
    return order.compactMap { groups[$0] }.filter { $0.count >= Self.fewestAlike }
  }

  private mutating func add(_ name: String, _ group: [InitializationPlan.Entry], why: String) {
    guard let first = group.first else { return }
    names.formUnion(group.map(\.name))
    var rule = RuleText(first)
    if group.contains(where: { $0.rule != first.rule }) { rule.number = "" }
    add(name, role: first.role.rawValue, rule: rule, why: why)
  }

  private mutating func add(_ name: String, role: String, rule: RuleText?, why: String) {
    rows.append(.line(PlanRow.Line(name: name, shape: "", role: role, rule: rule ?? .kept, why: why)))
  }
}

extension RuleText {
  static let kept = RuleText(name: "kept", style: .faint)

  private init(name: String, style: Style) {
    self.name = name
    self.style = style
  }
}

/// The kinds of normalisation that parameters belong to, by the operations that use them.
private struct NormKinds {
  private var kinds: [String: String] = [:]

  init(_ graph: NetworkGraph) {
    for node in graph.nodes {
      guard let kind = Self.kind(of: node.operation) else { continue }
      for input in node.inputs {
        if case .parameter(let name) = graph[input].origin { kinds[name] = kind }
      }
    }
  }

  subscript(name: String) -> String { kinds[name] ?? "norm" }

  private static func kind(of operation: String) -> String? {
    for (part, kind) in [
      ("batch_norm", "batch norm"), ("layer_norm", "layer norm"), ("group_norm", "group norm"),
      ("instance_norm", "instance norm"), ("rms_norm", "RMS norm"),
    ] where operation.contains(part) { return kind }
    return nil
  }
}
