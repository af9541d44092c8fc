import IDInit

/// A tensor that the weights' configuration lists and the program's signature does not: in a strict export, the
/// further names of a tied parameter. `state_dict()` holds it, so a checkpoint must.
struct UnlistedTensor {
  let name: String
  let isParameter: Bool
  let shape: [Int]
  let dtype: TensorDType

  /// The name in the graph, which no value of a program can have: Python's names have no dots.
  var valueName: String { "unlisted.\(name)" }

  /// What is listed in the configuration alone, in its order.
  static func all(_ configuration: WeightsConfiguration?, _ document: ProgramDocument) -> [UnlistedTensor] {
    guard let configuration else { return [] }
    var listed = Set<ExactString>()
    for input in document.inputs {
      switch input {
      case .parameter(_, let path), .buffer(_, let path, _): listed.insert(ExactString(path))
      default: break
      }
    }
    return configuration.names.compactMap { name in
      guard !listed.contains(ExactString(name)), let entry = configuration.entries[ExactString(name)],
        let metadata = entry.metadata, let dtype = metadata.dtype
      else { return nil }
      return UnlistedTensor(name: name, isParameter: entry.isParameter, shape: metadata.shape, dtype: dtype)
    }
  }

  func add(to graph: inout NetworkGraph) throws(GraphError) {
    if isParameter {
      try graph.addParameter(name, shape: shape, dtype: dtype, name: valueName)
    } else {
      try graph.addBuffer(name, shape: shape, dtype: dtype, name: valueName)
    }
  }
}
