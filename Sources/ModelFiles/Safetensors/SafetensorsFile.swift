import IDInit

/// A safetensors file open for reading.
///
/// Opening reads and checks the header; the tensors' bytes are read when asked for: in place through a mapping
/// (`withBytes`), or copied piece by piece (`read`).
///
///     let file = try SafetensorsFile(path: "model.safetensors")
///     for tensor in file.tensors { print(tensor.name, tensor.dtype, tensor.shape) }
///     try file.withBytes(of: "fc.weight") { bytes in … }
public final class SafetensorsFile {
  /// Where the file is.
  public let path: String
  /// What stands before the tensors' bytes, checked.
  public let header: SafetensorsHeader
  private let file: MappedFile
  private let dataStart: Int
  private let indices: [ExactString: Int]

  /// The tensors, in the order of their bytes.
  public var tensors: [SafetensorsEntry] { header.tensors }
  /// The file's own notes, `__metadata__`; empty where there are none.
  public var metadata: [String: String] { header.metadata }

  /// Opens a file, maps it and checks its header; no tensor is read yet.
  ///
  /// - Throws: ``SafetensorsError`` that says what is wrong with it.
  public init(path: String) throws(SafetensorsError) {
    self.path = path
    var opened: MappedFile?
    do {
      let file = try MappedFile(path: path)
      opened = file
      let prefix = try file.readArray(count: min(8, file.size), at: 0)
      let length = try prefix.withUnsafeBytesKeepingError { (bytes) throws(SafetensorsError.Problem) in
        try SafetensorsHeader.length(prefix: bytes, fileSize: file.size)
      }
      let json = try file.readArray(count: length, at: 8)
      header = try json.withUnsafeBytesKeepingError { (bytes) throws(SafetensorsError.Problem) in
        try SafetensorsHeader(parsing: bytes, fileSize: file.size)
      }
      self.file = file
      dataStart = 8 + length
    } catch let error as FileError {
      throw SafetensorsError(path: path, problem: .file(error))
    } catch let problem as SafetensorsError.Problem {
      let other = opened.flatMap(OtherFile.kind(ofFileInPlaceOfWeights:))
      throw SafetensorsError(path: path, problem: other.map { .otherFile($0) } ?? problem)
    } catch {
      throw SafetensorsError(path: path, problem: .headerText(position: 0, message: "\(error)"))
    }
    indices = Dictionary(uniqueKeysWithValues: header.tensors.enumerated().map { (ExactString($1.name), $0) })
  }

  /// The tensor of that name; nil if there is none.
  public subscript(name: String) -> SafetensorsEntry? { indices[ExactString(name)].map { header.tensors[$0] } }

  /// The tensor of that name; the error names the nearest one there is.
  public func tensor(_ name: String) throws(SafetensorsError) -> SafetensorsEntry {
    if let entry = self[name] { return entry }
    let nearest = nearestName(to: name, among: header.tensors.map(\.name))
    throw SafetensorsError(path: path, problem: .noTensor(named: name, nearest: nearest))
  }

  /// Calls `body` with the tensor's bytes in place: nothing is copied, and pages are read as they are touched. The
  /// pointer is good inside `body` only.
  public func withBytes<R>(of name: String, _ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    let entry = try tensor(name)
    let all: UnsafeRawBufferPointer
    do { all = try file.bytes() } catch { throw SafetensorsError(path: path, problem: .file(error)) }
    let range = dataStart + entry.dataRange.lowerBound..<dataStart + entry.dataRange.upperBound
    return try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(rebasing: all[range])) }
  }

  /// Copies the tensor's bytes from `offset` on into the whole of `buffer`.
  public func read(
    _ name: String, from offset: Int = 0, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SafetensorsError) {
    let entry = try tensor(name)
    guard offset >= 0, offset <= entry.byteCount, buffer.count <= entry.byteCount - offset else {
      throw SafetensorsError(
        path: path,
        problem: .bufferSize(tensor: name, expected: max(0, entry.byteCount - max(0, offset)), found: buffer.count))
    }
    do { try file.read(into: buffer, at: dataStart + entry.dataRange.lowerBound + offset) } catch {
      throw SafetensorsError(path: path, problem: .file(error))
    }
  }

  /// A copy of the tensor's bytes.
  public func bytes(of name: String) throws(SafetensorsError) -> [UInt8] {
    let entry = try tensor(name)
    do { return try file.readArray(count: entry.byteCount, at: dataStart + entry.dataRange.lowerBound) } catch {
      throw SafetensorsError(path: path, problem: .file(error))
    }
  }
}
