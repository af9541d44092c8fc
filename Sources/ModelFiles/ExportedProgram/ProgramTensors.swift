import IDInit

/// A program's graph together with the tensors that its archive stores: what each says about the other is checked,
/// and parameters that are one memory are tied.
struct ProgramTensors {
  typealias Problem = ExportedProgramError.Problem

  private(set) var graph: NetworkGraph
  private(set) var tensors: [StoredTensor] = []
  /// Tensors that `state_dict()` holds and the program's signature leaves out.
  private let unlisted: [UnlistedTensor]

  init(
    _ text: MappedBytes, _ document: ProgramDocument, _ archive: ProgramArchive,
    _ configuration: WeightsConfiguration?
  ) throws(Problem) {
    unlisted = UnlistedTensor.all(configuration, document)
    graph = try Self.graph(text, document, archive, adding: unlisted)
    var valueNames: [String] = []
    for input in document.inputs {
      switch input {
      case .parameter(let value, let path), .buffer(let value, let path, isPersistent: true):
        var kind = StoredTensor.Kind.buffer
        if case .parameter = input { kind = .parameter }
        tensors.append(try Self.tensor(path, kind, graph, value, archive, configuration))
        valueNames.append(value)
      default: break
      }
    }
    for tensor in unlisted {
      let kind: StoredTensor.Kind = tensor.isParameter ? .parameter : .buffer
      tensors.append(try Self.tensor(tensor.name, kind, graph, tensor.valueName, archive, configuration))
      valueNames.append(tensor.valueName)
    }
    try tie(valueNames: valueNames, text, document, archive)
  }

  private static func graph(
    _ text: MappedBytes, _ document: ProgramDocument, _ archive: ProgramArchive,
    adding unlisted: [UnlistedTensor], redirected: [String: String] = [:]
  ) throws(Problem) -> NetworkGraph {
    var graph: NetworkGraph
    do throws(JSONScanner.Problem) { graph = try GraphReader.read(text, document, redirected: redirected) } catch {
      throw .json(member: archive.program.name, position: error.position, message: error.message)
    }
    for tensor in unlisted {
      do throws(GraphError) { try tensor.add(to: &graph) } catch {
        throw .tensor(tensor.name, message: error.description)
      }
    }
    return graph
  }

  // MARK: Storage

  private static func tensor(
    _ name: String, _ kind: StoredTensor.Kind, _ graph: NetworkGraph, _ value: String, _ archive: ProgramArchive,
    _ configuration: WeightsConfiguration?
  ) throws(Problem) -> StoredTensor {
    guard let id = graph.value(named: value), let dtype = graph[id].dtype else {
      throw .tensor(name, message: "its element type is unknown")
    }
    let shape = graph[id].shape
    guard let count = product(shape), !count.multipliedReportingOverflow(by: dtype.byteCount).overflow else {
      throw .tensor(name, message: "\(dtype.rawValue) of shape \(shape) is more than can be counted")
    }
    func stored(_ storage: StoredTensor.Storage, _ place: StoragePlace? = nil) -> StoredTensor {
      StoredTensor(name: name, kind: kind, dtype: dtype, shape: shape, tiedTo: nil, storage: storage, place: place)
    }
    guard let configuration else { return stored(.unreadable(reason: archive.unreadable)) }
    guard let entry = configuration.entries[ExactString(name)] else {
      throw .tensor(name, message: "the weights' configuration does not list it; export the model again")
    }
    guard !entry.isPickled, let metadata = entry.metadata else {
      return stored(
        .unreadable(reason: "it is of a tensor subclass, which PyTorch pickles, and pickles are never opened"))
    }
    guard metadata.layout == 7 else { return stored(.unreadable(reason: "it is sparse")) }
    guard metadata.dtype == dtype, metadata.shape == shape else {
      let said = "\(TensorMetadata.typeName(metadata.typeCode)) of shape \(metadata.shape)"
      throw .tensor(
        name, message: "the weights' configuration has it as \(said), the graph as \(dtype.rawValue) of \(shape)")
    }
    guard let member = archive.zip[archive.weightsFolder + entry.member] else {
      throw .missingMember(archive.weightsFolder + entry.member)
    }
    if member.size == 0, count > 0 { return stored(.none) }
    let place = StoragePlace(member: entry.member, offset: metadata.storageOffset, strides: metadata.strides)
    guard place.strides.count == shape.count else {
      throw .tensor(name, message: "\(place.strides.count) strides for the shape \(shape)")
    }
    guard let end = place.end(shape: shape), end <= member.size / dtype.byteCount else {
      throw .tensor(
        name,
        message: "\(dtype.rawValue) of shape \(shape) with strides \(place.strides) from element \(place.offset) on "
          + "does not fit into the \(member.size) bytes of \(quoted(member.name))")
    }
    return stored(.values, place)
  }

  private static func product(_ shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    return count
  }

  // MARK: Ties

  /// Ties the tensors that are one memory to one of them, in the graph too where they are parameters.
  private mutating func tie(
    valueNames: [String], _ text: MappedBytes, _ document: ProgramDocument, _ archive: ProgramArchive
  ) throws(Problem) {
    var redirected: [String: String] = [:]
    var ties: [(alias: String, original: String)] = []
    for (original, aliases) in sharedMemories(valueNames: valueNames) {
      for alias in aliases {
        tensors[alias].tiedTo = tensors[original].name
        guard tensors[alias].kind == .parameter, tensors[original].kind == .parameter else { continue }
        ties.append((tensors[alias].name, tensors[original].name))
        redirected[valueNames[alias]] = valueNames[original]
      }
    }
    guard !ties.isEmpty else { return }
    // Two parameters that were made of one memory may both be read; the graph shall know one of them.
    let isAliasRead = graph.nodes.contains { node in
      node.inputs.contains { redirected[graph[$0].name] != nil }
    }
    if isAliasRead { graph = try Self.graph(text, document, archive, adding: unlisted, redirected: redirected) }
    for tie in ties {
      do throws(GraphError) { try graph.tie(tie.alias, to: tie.original) } catch {
        throw .tensor(tie.alias, message: error.description)
      }
    }
  }
}
