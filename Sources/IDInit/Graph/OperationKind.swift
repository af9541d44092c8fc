/// What an operation does to the values that it reads, as far as the structure of a network depends on it.
enum OperationKind: Hashable {
  /// Shows the elements of its input under other indices: ``IndexMap`` may follow.
  case view(ViewForm)
  /// Passes its input on with the same shape: copies, casts, dropout.
  case copy
  /// A function of each element by itself. `keepsZero` says whether it maps 0 to 0.
  case pointwise(keepsZero: Bool)
  /// max(x, 0), perhaps with an upper bound.
  case relu
  case add, subtract, reversedSubtract, multiply, divide
  /// a + value · b · c, and a + value · b / c.
  case addProduct, addQuotient
  /// Two matrices, or stacks of them.
  case product
  case softmax
  /// softmax(Q Kᵀ) V in one operation; the positions of the three.
  case attention(query: Int, key: Int, value: Int)
  /// A normalisation; the positions of its scale and its bias.
  case norm(scale: Int, bias: Int?)
  /// Takes elements of one value or another, by a mask at `mask`.
  case choose(mask: Int)
  /// Puts values behind or over one another.
  case concatenate
  /// Picks elements of the value at `source` by the indices at `index`.
  case lookUp(source: Int, index: Int)
  /// Writes the value at `source` into the one at 0, at indices or through a mask.
  case write(source: Int)
  /// A sum, mean, norm or extreme over some axes.
  case reduce
  /// Half of the channels times a sigmoid of the other half.
  case gatedLinearUnit
  /// Reads at most the shape and type of its inputs: what it makes carries no signal.
  case make
  case other

  /// How a view rearranges indices.
  enum ViewForm: Hashable {
    /// The same elements in the same order under another shape.
    case reshape
    case permute, transpose, transposeLast, moveAxis, expand, `repeat`
    case select, slice, narrow, unbind
    /// Consecutive pieces along an axis (argument 2, `axis`), their sizes read off the outputs.
    case split(axis: Int)
    /// Elements change places along axes (argument 1 or 2) but none is lost.
    case reorder(axes: Int)
    /// Elements move in a way that is not followed (a fold, a padding).
    case opaque
  }
}

/// The name of an operation, taken apart.
struct OperationName: Hashable {
  /// `add` of `aten.add_.Tensor`; the whole name for operations of other kinds.
  let base: String
  let overload: String
  /// Whether it changes its first argument.
  let isInPlace: Bool

  init(_ operation: String) {
    let parts = operation.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0] == "aten" || parts[0] == "prims" else {
      (base, overload, isInPlace) = (operation, "", false)
      return
    }
    overload = parts.count > 2 ? String(parts[2]) : ""
    isInPlace = parts[1].hasSuffix("_") && !parts[1].hasPrefix("__")
    base = String(isInPlace ? parts[1].dropLast() : parts[1])
  }
}

/// The kinds of a graph's operations; each name is looked up once.
struct OperationKinds {
  /// By node.
  let kinds: [OperationKind]
  let names: [OperationName]

  init(_ graph: NetworkGraph) {
    var known: [String: (OperationKind, OperationName)] = [:]
    var kinds: [OperationKind] = []
    var names: [OperationName] = []
    for node in graph.nodes {
      let entry: (OperationKind, OperationName)
      if let found = known[node.operation] {
        entry = found
      } else {
        let name = OperationName(node.operation)
        entry = (OperationKind(name), name)
        known[node.operation] = entry
      }
      // The bounds are arguments of the one node.
      kinds.append(OperationKind.bounded.contains(entry.1.base) ? OperationKind.clamp(node, entry.1) : entry.0)
      names.append(entry.1)
    }
    self.kinds = kinds
    self.names = names
  }
}
