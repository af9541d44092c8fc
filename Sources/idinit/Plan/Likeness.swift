import IDInit

/// How a module differs from another one that it is much like.
struct Likeness: Hashable {
  /// What the other one has and this one has not, and parameters of another shape; empty if they are the same.
  let exceptions: [String]

  /// Most parameters that may have another shape.
  private static let mostShapes = 2

  /// Compares two modules by the parameters that have lines of their own.
  ///
  /// - Returns: nil if they are not alike: other names, roles, rules or reasons, or too many differences.
  init?(_ module: ModuleTree, to reference: ModuleTree) {
    guard withoutNumbers(module.path) == withoutNumbers(reference.path) else { return nil }
    var shapes = [String]()
    var missing = [ModuleTree.Leaf]()
    var rest = module.leaves[...]
    for leaf in reference.leaves {
      guard let mine = rest.first, mine.name == leaf.name else {
        missing.append(leaf)
        continue
      }
      rest.removeFirst()
      guard mine.kind == leaf.kind else { return nil }
      if mine.entry.shape != leaf.entry.shape { shapes.append("\(mine.name) \(shapeText(mine.entry.shape))") }
    }
    guard rest.isEmpty, !module.leaves.isEmpty, shapes.count <= Self.mostShapes,
      missing.count + shapes.count <= reference.leaves.count / 2
    else { return nil }
    var exceptions = [String]()
    if !missing.isEmpty {
      let isProjection = missing.allSatisfy { $0.entry.role == .shortcut }
      exceptions.append("without " + (isProjection ? "projection" : Self.names(of: missing, in: reference)))
    }
    if !shapes.isEmpty { exceptions.append("with " + shapes.joined(separator: ", ")) }
    self.exceptions = exceptions
  }

  /// The parameters' names, or a module's in place of all that it holds.
  private static func names(of missing: [ModuleTree.Leaf], in reference: ModuleTree) -> String {
    var names = [String]()
    let all = Set(missing.map(\.name))
    for leaf in missing {
      var name = leaf.name
      var prefix = leaf.name[...]
      while let dot = prefix.utf8.lastIndex(of: UInt8(ascii: ".")) {
        prefix = prefix[..<dot]
        let inside = reference.leaves.filter { $0.name.hasPrefix("\(prefix).") }
        guard inside.allSatisfy({ all.contains($0.name) }) else { break }
        name = String(prefix)
      }
      if !names.contains(name) { names.append(name) }
    }
    return names.count > 3
      ? "\(names.prefix(2).joined(separator: ", ")) and \(names.count - 2) more"
      : names.joined(separator: ", ")
  }
}
