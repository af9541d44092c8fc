import IDInit

/// The lines of a plan's table: every parameter, or the ones that tell something new.
struct PlanRows {
  private(set) var rows: [PlanRow] = []

  /// A line for every parameter.
  init(all entries: [InitializationPlan.Entry]) {
    rows = entries.map { .line(PlanRow.Line($0)) }
  }

  /// Repeated modules have one line together, after the first of them.
  init(grouping entries: [InitializationPlan.Entry]) {
    add(ModuleTree(entries), below: "", indent: 0)
  }

  /// Adds what a module holds; names are given from the module `header` on.
  private mutating func add(_ module: ModuleTree, below header: String, indent: Int) {
    let siblings = module.items.compactMap { item in
      if case .module(let tree) = item { tree } else { nil }
    }
    let groups = RepeatedModules(siblings)
    let headed = Self.headedKinds(siblings, groups)
    var number = 0
    for item in module.items {
      switch item {
      case .parameter(let leaf):
        rows.append(.line(PlanRow.Line(leaf.entry, name: Self.name(leaf.entry.name, below: header), indent: indent)))
      case .module(let tree):
        switch groups.fate(of: number, below: header) {
        case .shown(let isRepeated):
          if tree.leaves.count > 1, headed.contains(withoutNumbers(tree.path)), isRepeated || !tree.isWrapper {
            let name = String(repeating: " ", count: indent) + Self.name(tree.path, below: header)
            rows.append(.module(name))
            add(tree, below: tree.path, indent: indent + 2)
          } else {
            add(tree, below: header, indent: indent)
          }
        case .summedUp(let name, let shortName, let text):
          rows.append(.repetition(name: name, shortName: shortName, text: text, indent: indent))
        case .left: break
        }
        number += 1
      }
    }
  }

  /// Which modules have a line of their own with what they hold indented below it: those that others are like, and
  /// numbered ones of three parameters or more; and with one of a kind all of that kind.
  private static func headedKinds(_ siblings: [ModuleTree], _ groups: RepeatedModules) -> Set<String> {
    var kinds = Set<String>()
    for (number, tree) in siblings.enumerated() {
      guard case .shown(let isRepeated) = groups.fate(of: number, below: "") else { continue }
      let name = tree.path.utf8.split(separator: UInt8(ascii: ".")).last
      let isNumbered = name?.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false
      if isRepeated || (isNumbered && tree.leaves.count > 2) { kinds.insert(withoutNumbers(tree.path)) }
    }
    return kinds
  }

  fileprivate static func name(_ path: String, below header: String) -> String {
    printable(header.isEmpty ? path : String(path.dropFirst(header.count + 1)))
  }
}

/// Which of the modules beside each other are shown, and which are only named as being like one of those.
private struct RepeatedModules {
  enum Fate {
    /// With all that it holds; whether others are like it.
    case shown(isRepeated: Bool)
    /// The first of those that are like one that is shown: stands for all of them.
    case summedUp(name: String, shortName: String, text: String)
    /// One of those, but not the first.
    case left
  }

  private struct Group: Hashable {
    let reference: Int
    let likeness: Likeness
  }

  private let modules: [ModuleTree]
  private var references: Set<Int> = []
  private var groups: [Group: [Int]] = [:]
  private var groupOfModule: [Int: Group] = [:]

  init(_ modules: [ModuleTree]) {
    self.modules = modules
    // Modules that look alike from afar: only these are compared one by one.
    var candidates: [String: [Int]] = [:]
    for (number, module) in modules.enumerated() {
      let key = withoutNumbers(module.path)
      var best: Group?
      // The latest are the most likely ones, and enough.
      for reference in candidates[key, default: []].reversed().prefix(8) {
        guard let likeness = Likeness(module, to: modules[reference]) else { continue }
        if best == nil || likeness.exceptions.count < best?.likeness.exceptions.count ?? 0 {
          best = Group(reference: reference, likeness: likeness)
        }
      }
      if let best {
        groups[best, default: []].append(number)
        groupOfModule[number] = best
      } else {
        candidates[key, default: []].append(number)
      }
    }
    // A line that stands for two lines saves nothing.
    for (group, members) in groups where modules[group.reference].leaves.count == 1 && members.count < 2 {
      groups[group] = nil
      for member in members { groupOfModule[member] = nil }
    }
    references = Set(groups.keys.map(\.reference))
  }

  func fate(of number: Int, below header: String) -> Fate {
    guard let group = groupOfModule[number], let members = groups[group] else {
      return .shown(isRepeated: references.contains(number))
    }
    guard members.first == number else { return .left }
    let reference = modules[group.reference]
    let isBlock = reference.leaves.contains { $0.entry.role == .stemLast || $0.entry.role == .attentionOutput }
    let noun = isBlock ? "block" : reference.leaves.count > 1 ? "module" : "layer"
    var text =
      "\(members.count == 1 ? "" : counted(members.count, noun) + " ")like \(PlanRows.name(reference.path, below: header))"
    if !group.likeness.exceptions.isEmpty { text += " " + group.likeness.exceptions.joined(separator: " and ") }
    return .summedUp(
      name: label(members, below: header, isShort: false), shortName: label(members, below: header, isShort: true),
      text: text)
  }

  /// The members' names: all of up to two, else the first and the last, with the second where some between them are
  /// no members.
  private func label(_ members: [Int], below header: String, isShort: Bool) -> String {
    let paths = members.map { modules[$0].path }
    guard let first = members.first, let last = members.last, let firstPath = paths.first, let lastPath = paths.last,
      first != last
    else { return paths.first.map { PlanRows.name($0, below: header) } ?? "" }
    func later(_ path: String) -> String {
      guard isShort, let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else {
        return PlanRows.name(path, below: header)
      }
      return String(path[path.index(after: dot)...])
    }
    let start = PlanRows.name(firstPath, below: header)
    if last - first + 1 == members.count { return "\(start) … \(later(lastPath))" }
    if members.count == 2 { return "\(start), \(later(lastPath))" }
    return "\(start), \(later(paths[1])) … \(later(lastPath))"
  }
}
