import IDInit

// Which tensors are one memory.
extension ProgramTensors {
  /// Groups of places in `tensors` that share one memory, each with the one whose name the others' ties give: the
  /// parameter that the operations read. PyTorch's graph reads only the last of a tensor's names.
  func sharedMemories(valueNames: [String]) -> [(original: Int, aliases: [Int])] {
    var read = Set<NetworkGraph.ValueID>()
    for node in graph.nodes { read.formUnion(node.inputs) }
    let isRead = valueNames.map { name in graph.value(named: name).map(read.contains) ?? false }
    func isParameter(_ index: Int) -> Bool { tensors[index].kind == .parameter }

    var shared = storedTogether().map { group in
      let original =
        group.first { isParameter($0) && isRead[$0] } ?? group.first(where: isParameter) ?? group.first { isRead[$0] }
        ?? group[0]
      return (original: original, aliases: group.filter { $0 != original })
    }
    shared += usedTogether(valueNames: valueNames, isRead: isRead).map { (original: $0.original, aliases: [$0.alias]) }
    return shared
  }

  /// Tensors whose values lie in one place of the archive.
  private func storedTogether() -> [[Int]] {
    struct Memory: Hashable {
      var place: StoragePlace
      var shape: [Int]
      var dtype: TensorDType
    }
    var groups: [Memory: [Int]] = [:]
    for (index, tensor) in tensors.enumerated() where tensor.count > 0 {
      guard let place = tensor.place else { continue }
      groups[Memory(place: place, shape: tensor.shape, dtype: tensor.dtype), default: []].append(index)
    }
    return groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// Tensors without values (of a meta model), where the archive cannot tell, but the graph can: nobody reads
  /// `wte.weight`, and an operation of the module `wte` reads another tensor called `weight` of the same shape.
  private func usedTogether(valueNames: [String], isRead: [Bool]) -> [(alias: Int, original: Int)] {
    var unread: [String: Int] = [:]
    var owners: [NetworkGraph.ValueID: Int] = [:]
    for (index, tensor) in tensors.enumerated() where tensor.storage == .none {
      if !isRead[index] {
        unread[tensor.name] = index
      } else if let id = graph.value(named: valueNames[index]) {
        owners[id] = index
      }
    }
    if unread.isEmpty { return [] }
    var found: [Int: Int] = [:]
    for node in graph.nodes {
      guard let module = node.module else { continue }
      for original in node.inputs.compactMap({ owners[$0] }) {
        let tensor = tensors[original]
        guard let alias = unread[module + Self.leaf(of: tensor.name)], found[alias] == nil else { continue }
        let other = tensors[alias]
        if other.shape == tensor.shape, other.dtype == tensor.dtype, other.kind == tensor.kind {
          found[alias] = original
        }
      }
    }
    // Where nobody runs in a module of that name (T5's `shared`), the one table of this shape that is read.
    for (_, alias) in unread where found[alias] == nil && tensors[alias].shape.count == 2 {
      let other = owners.values.filter { owner in
        let (a, b) = (tensors[alias], tensors[owner])
        return a.shape == b.shape && a.dtype == b.dtype && a.kind == b.kind
      }
      if other.count == 1, isLookedUp(other[0], valueNames) { found[alias] = other[0] }
    }
    return found.sorted { $0.key < $1.key }.map { (alias: $0.key, original: $0.value) }
  }

  /// Whether a tensor is the table of an embedding.
  private func isLookedUp(_ index: Int, _ valueNames: [String]) -> Bool {
    guard let id = graph.value(named: valueNames[index]) else { return false }
    return graph.nodes.contains { node in
      node.operation.hasPrefix("aten.embedding") && node.inputs.first == id
    }
  }

  /// The last part of a tensor's path with its dot, ".weight"; nothing for a tensor of the program itself, which no
  /// module shares.
  private static func leaf(of name: String) -> Substring {
    name.lastIndex(of: ".").map { name[$0...] } ?? ""
  }
}
