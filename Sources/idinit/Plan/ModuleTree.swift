import IDInit

/// Parameters as the tree of modules that their dotted names spell.
struct ModuleTree {
  /// A parameter, by its name from the module on.
  struct Leaf {
    var name: String
    let entry: InitializationPlan.Entry
    let kind: Kind
  }

  /// What two parameters have in common that are alike but for their shapes.
  struct Kind: Hashable {
    let role: String
    let rule: Rule?
    let dtype: TensorDType?
    let isTied: Bool
    /// Without numbers: `add_2` and `add_5` are the same place of two blocks.
    let reason: String

    init(_ entry: InitializationPlan.Entry) {
      role = entry.roleText
      rule = entry.rule
      dtype = entry.dtype
      isTied = entry.tiedTo != nil
      reason = withoutNumbers(entry.reason)
    }
  }

  enum Item {
    case parameter(Leaf)
    case module(ModuleTree)
  }

  /// The dotted path; empty for the whole model.
  let path: String
  /// Parameters and modules, in the order in which the plan first names them.
  let items: [Item]
  /// Every parameter below.
  let leaves: [Leaf]

  /// Whether it holds nothing but one other module.
  var isWrapper: Bool {
    guard items.count == 1, case .module = items[0] else { return false }
    return true
  }

  /// The tree of these parameters.
  init(_ entries: [InitializationPlan.Entry]) {
    self.init(path: "", leaves: entries.map { Leaf(name: $0.name, entry: $0, kind: Kind($0)) }, depth: 0)
  }

  /// Deeper than this, what is left of a name is taken as one word.
  private static let maximumDepth = 32

  private init(path: String, leaves: [Leaf], depth: Int) {
    var items = [Item?]()
    var modules = [Substring: (place: Int, leaves: [Leaf])]()
    for leaf in leaves {
      let dot = depth < Self.maximumDepth ? leaf.name.utf8.firstIndex(of: UInt8(ascii: ".")) : nil
      guard let dot else {
        items.append(.parameter(leaf))
        continue
      }
      var inner = leaf
      inner.name = String(leaf.name[leaf.name.index(after: dot)...])
      let module = leaf.name[..<dot]
      if modules[module] == nil {
        modules[module] = (items.count, [])
        items.append(nil)
      }
      modules[module]?.leaves.append(inner)
    }
    for (name, module) in modules {
      let innerPath = path.isEmpty ? String(name) : "\(path).\(name)"
      items[module.place] = .module(ModuleTree(path: innerPath, leaves: module.leaves, depth: depth + 1))
    }
    self.path = path
    self.items = items.compactMap { $0 }
    self.leaves = leaves
  }
}

/// The text with its numbers taken out, together with an underscore before them.
func withoutNumbers(_ text: String) -> String {
  var bytes = [UInt8]()
  var isInNumber = false
  for byte in text.utf8 {
    if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
      if !isInNumber, bytes.last == UInt8(ascii: "_") { bytes.removeLast() }
      isInNumber = true
    } else {
      bytes.append(byte)
      isInNumber = false
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
