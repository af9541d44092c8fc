/// Writes a checkpoint as one safetensors file or, where a limit asks for it, as several with an index.
///
/// The layout is Hugging Face's: for `model.safetensors` the files `model-00001-of-00003.safetensors` … and
/// `model.safetensors.index.json`, which names the file of every tensor. Tensors go into files in the order in which
/// they are given; a file is closed when the next tensor would make it longer than the limit, and a tensor above the
/// limit has a file of its own. What fits into one file is one file, without an index.
///
/// Nothing appears before everything is written and on the disk; then the files appear one after another, the index
/// last, so that whoever finds an index finds all that it names. Only then do the shards go that an index of this name
/// listed before and the new one does not, if their metadata says that this program wrote them. Source: `huggingface_hub`'s
/// `split_torch_state_dict_into_shards` and `transformers`' `save_pretrained`.
public final class ShardedSafetensorsWriter {
  /// What a tensor is called, what it holds, and the sizes of its axes.
  public typealias Tensor = (name: String, dtype: SafetensorsDType, shape: [Int])

  /// As given: the file, or what the shards' names are made of.
  public let path: String
  /// One writer a file, in their order.
  public let shards: [SafetensorsWriter]
  /// Where the index will be; nil for a single file.
  public let indexPath: String?
  /// Bytes of all tensors, headers aside.
  public let dataByteCount: Int
  /// Shards of an earlier run that ``finish()`` removed.
  public private(set) var removed: [String] = []
  /// Those that it could not remove.
  public private(set) var left: [String] = []
  private let index: AtomicFile?
  private let ownKey: String?

  /// Creates all files, none of them visible yet.
  ///
  /// - Parameters:
  ///   - path: Ends in `.safetensors` if there may be shards.
  ///   - tensors: Each in the file that its place in this order gives it.
  ///   - metadata: Text about the checkpoint, for every file.
  ///   - shardByteCount: Most bytes of tensors in one file; nil for no limit.
  ///   - ownKey: A key of the metadata by which files that the same program wrote are known: shards of theirs that this
  ///     checkpoint takes the place of are removed. nil to leave them.
  /// - Throws: ``SafetensorsError`` for names and shapes that no file can have, and where a file cannot be created.
  public init(
    path: String, tensors: [Tensor], metadata: [String: String] = [:], shardByteCount: Int? = nil,
    ownKey: String? = nil
  ) throws(SafetensorsError) {
    self.path = path
    self.ownKey = ownKey
    let groups = try Self.split(tensors, limit: shardByteCount, path: path)
    guard groups.count > 1 else {
      shards = [try SafetensorsWriter(path: path, tensors: tensors, metadata: metadata)]
      (indexPath, index) = (nil, nil)
      dataByteCount = shards[0].header.dataByteCount
      return
    }
    var names = Set<ExactString>()
    for tensor in tensors where !names.insert(ExactString(tensor.name)).inserted {
      throw SafetensorsError(path: path, problem: .duplicateName(tensor.name))
    }
    let stem = Self.stem(of: path)
    var shards = [SafetensorsWriter]()
    for (number, group) in groups.enumerated() {
      let name = "\(stem)-\(Self.fiveDigits(number + 1))-of-\(Self.fiveDigits(groups.count)).safetensors"
      shards.append(try SafetensorsWriter(path: name, tensors: group, metadata: metadata))
    }
    let indexPath = path + ".index.json"
    do {
      let index = try AtomicFile(path: indexPath)
      try index.write(Self.indexText(shards), at: 0)
      self.index = index
    } catch {
      throw SafetensorsError(path: indexPath, problem: .file(error))
    }
    self.shards = shards
    self.indexPath = indexPath
    dataByteCount = shards.reduce(0) { $0 + $1.header.dataByteCount }
  }

  /// Flushes everything and lets it appear, the index last. Throws when a tensor was not written; if a file cannot
  /// be put in its place, those that were are removed again.
  public func finish() throws(SafetensorsError) {
    for shard in shards { try shard.seal() }
    let old = ownKey.map { OldShards(of: path, ownKey: $0) }
    var placed = [SafetensorsWriter]()
    do {
      try index?.flush()
      // An index of an earlier run must not be found beside shards of this one.
      try index?.removeOld()
      for shard in shards {
        try shard.place()
        placed.append(shard)
      }
      try index?.place()
    } catch {
      if index != nil { for shard in placed { try? shard.file.removeOld() } }
      giveUp()
      if let error = error as? SafetensorsError { throw error }
      if let error = error as? FileError { throw SafetensorsError(path: error.path, problem: .file(error)) }
      throw SafetensorsError(path: path, problem: .file(FileError(path, .rename, because: "\(error)")))
    }
    if let old { (removed, left) = old.remove(keeping: shards.map(\.path), hasIndex: index != nil) }
  }

  /// Removes what was written so far. Dropping the writer does the same.
  public func giveUp() {
    for shard in shards { shard.giveUp() }
    index?.discard()
  }

  // MARK: Layout

  /// Consecutive tensors that together stay within the limit.
  private static func split(_ tensors: [Tensor], limit: Int?, path: String) throws(SafetensorsError) -> [[Tensor]] {
    guard let limit else { return [tensors] }
    var groups = [[Tensor]()]
    var total = 0
    for tensor in tensors {
      guard let count = tensor.dtype.byteCount(shape: tensor.shape) else {
        throw SafetensorsError(
          path: path, problem: .tooLarge(tensor: tensor.name, dtype: tensor.dtype, shape: tensor.shape))
      }
      let (sum, overflow) = total.addingReportingOverflow(count)
      if !groups[groups.count - 1].isEmpty, overflow || sum > limit {
        groups.append([])
        total = count
      } else {
        total = sum
      }
      groups[groups.count - 1].append(tensor)
    }
    return groups
  }

  /// `{"metadata": {"total_size": …}, "weight_map": {…}}`, indented and sorted as Hugging Face writes it.
  private static func indexText(_ shards: [SafetensorsWriter]) -> [UInt8] {
    var places = [(name: ExactString, file: String)]()
    for shard in shards {
      let file = fileName(shard.path)
      places += shard.header.tensors.map { (ExactString($0.name), file) }
    }
    places.sort { $0.name < $1.name }
    let total = shards.reduce(0) { $0 + $1.header.dataByteCount }
    var text = "{\n  \"metadata\": {\n    \"total_size\": \(total)\n  },\n  \"weight_map\": {"
    for (number, place) in places.enumerated() {
      text += "\(number == 0 ? "" : ",")\n    \(jsonLiteral(place.name.string)): \(jsonLiteral(place.file))"
    }
    return Array((text + "\n  }\n}\n").utf8)
  }

  private static func stem(of path: String) -> String {
    let ending = ".safetensors"
    return path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path
  }

  private static func fiveDigits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
  }
}
