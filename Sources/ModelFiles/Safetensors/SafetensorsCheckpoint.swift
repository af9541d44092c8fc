import IDInit

/// The tensors of a checkpoint: one safetensors file, or the shards that a `….safetensors.index.json` names.
///
/// Opening reads the index and every header, and checks the one against the others.
public final class SafetensorsCheckpoint {
  /// The file, or the index of the shards.
  public let path: String
  /// In the order of their names; the only one, where there is no index.
  public let files: [SafetensorsFile]
  /// The tensors of all files, file by file in the order of their bytes.
  public let tensors: [SafetensorsEntry]
  private let fileOfTensor: [ExactString: Int]

  /// The metadata of the first file.
  public var metadata: [String: String] { files.first?.metadata ?? [:] }

  /// Opens a safetensors file or, where the name ends in `.json`, an index and its shards.
  ///
  /// - Throws: ``SafetensorsError`` for a file that cannot be read or is damaged, an index that is no index, and an
  ///   index that says something else than the shards.
  public init(path: String) throws(SafetensorsError) {
    self.path = path
    var files = [SafetensorsFile]()
    if path.hasSuffix(".json") {
      let index = try SafetensorsIndex(path: path)
      let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
      for name in index.files { files.append(try SafetensorsFile(path: folder + name)) }
      try index.check(against: files)
    } else {
      files = [try SafetensorsFile(path: path)]
    }
    self.files = files
    tensors = files.flatMap(\.tensors)
    var fileOfTensor = [ExactString: Int]()
    for (number, file) in files.enumerated() {
      for tensor in file.tensors { fileOfTensor[ExactString(tensor.name)] = number }
    }
    self.fileOfTensor = fileOfTensor
  }

  /// The tensor of that name; nil if there is none.
  public subscript(name: String) -> SafetensorsEntry? {
    fileOfTensor[ExactString(name)].flatMap { files[$0][name] }
  }

  /// Copies a tensor's bytes from `offset` on into the whole of `buffer`.
  ///
  /// - Throws: ``SafetensorsError`` for an unknown tensor, a range outside of it, and where reading fails.
  public func read(
    _ name: String, from offset: Int = 0, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SafetensorsError) {
    guard let number = fileOfTensor[ExactString(name)] else {
      let nearest = nearestName(to: name, among: tensors.map(\.name))
      throw SafetensorsError(path: path, problem: .noTensor(named: name, nearest: nearest))
    }
    try files[number].read(name, from: offset, into: buffer)
  }
}

/// What an index says: the file of every tensor.
struct SafetensorsIndex {
  let path: String
  private(set) var fileOfTensor: [ExactString: String] = [:]

  /// The reference implementation's limit on a header; an index holds less.
  private static let maximumLength = SafetensorsHeader.maximumLength

  /// The files' names, sorted.
  var files: [String] { Set(fileOfTensor.values.map(ExactString.init)).sorted().map(\.string) }

  init(path: String) throws(SafetensorsError) {
    self.path = path
    let text: [UInt8]
    do {
      let file = try MappedFile(path: path)
      guard file.size <= Self.maximumLength else {
        throw SafetensorsError(path: path, problem: .indexTooLong(file.size))
      }
      text = try file.readArray(count: file.size, at: 0)
    } catch let error as FileError {
      throw SafetensorsError(path: path, problem: .file(error))
    } catch let error as SafetensorsError {
      throw error
    } catch {
      throw SafetensorsError(path: path, problem: .indexText(position: 0, message: "\(error)"))
    }
    var map: [ExactString: String]?
    do {
      map = try text.withUnsafeBytesKeepingError { (bytes) throws(JSONScanner.Problem) in
        try Self.weightMap(bytes)
      }
    } catch {
      throw SafetensorsError(path: path, problem: .indexText(position: error.position, message: error.message))
    }
    guard let map else { throw SafetensorsError(path: path, problem: .indexWithoutMap) }
    for (tensor, file) in map where file.isEmpty || file.utf8.contains(where: { $0 == 0x2F || $0 == 0 }) {
      throw SafetensorsError(path: path, problem: .shardName(file, tensor: tensor.string))
    }
    fileOfTensor = map
  }

  private static func weightMap(
    _ bytes: UnsafeRawBufferPointer
  ) throws(JSONScanner.Problem) -> [ExactString: String]? {
    var map: [ExactString: String]?
    var scanner = JSONScanner(bytes)
    try scanner.object { (scanner, key) throws(JSONScanner.Problem) in
      guard key == "weight_map" else { return try scanner.skipValue() }
      var entries = [ExactString: String]()
      try scanner.object { (scanner, tensor) throws(JSONScanner.Problem) in
        entries[ExactString(tensor)] = try scanner.string()
      }
      map = entries
    }
    try scanner.end()
    return map
  }

  /// Every tensor must be in the file that the index names, and no file may hold another.
  func check(against shards: [SafetensorsFile]) throws(SafetensorsError) {
    var found = Set<ExactString>()
    for (name, shard) in zip(files, shards) {
      for tensor in shard.tensors {
        let key = ExactString(tensor.name)
        guard let file = fileOfTensor[key], ExactString(file) == ExactString(name) else {
          throw SafetensorsError(
            path: path,
            problem: .misplaced(tensor: tensor.name, found: name, expected: fileOfTensor[key]))
        }
        found.insert(key)
      }
    }
    if let missing = fileOfTensor.keys.filter({ !found.contains($0) }).min(), let file = fileOfTensor[missing] {
      throw SafetensorsError(path: path, problem: .notInShard(tensor: missing.string, shard: file))
    }
  }
}
