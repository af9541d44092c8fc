import IDInit

/// Writes a safetensors file tensor by tensor, never holding more than one piece of one tensor in memory.
///
/// The names, types and shapes are given first and fix the layout; then each tensor's bytes are written once, in any
/// order; `finish()` makes the file appear. Until then, and after any error, the destination is as it was before.
///
///     let writer = try SafetensorsWriter(path: "init.safetensors", tensors: [("fc.weight", .f32, [10, 512])])
///     try writer.write("fc.weight") { sink in
///       try sink.append(bytes)      // as often as needed
///       try sink.appendZeros(4096)  // a hole, where the file system has holes
///     }
///     try writer.finish()
public final class SafetensorsWriter {
  /// Where the file will be.
  public let path: String
  /// What stands before the tensors' bytes.
  public let header: SafetensorsHeader
  let file: AtomicFile
  let dataStart: Int
  private var pending: [ExactString: SafetensorsEntry]
  private var isOpen = true

  /// Creates the temporary file, its header and its full length.
  ///
  /// `metadata` is text about the file; `"format": "pt"` is added, since loaders of PyTorch models expect it.
  /// Throws for an empty, reserved, repeated or unprintable name, for a shape that cannot be counted, and when the
  /// file cannot be created.
  public init(
    path: String, tensors: [(name: String, dtype: SafetensorsDType, shape: [Int])], metadata: [String: String] = [:]
  ) throws(SafetensorsError) {
    self.path = path
    do {
      header = try SafetensorsHeader(
        layingOut: tensors, metadata: metadata.merging(["format": "pt"]) { given, _ in given })
      let prefix = try header.encoded()
      dataStart = prefix.count
      let (length, overflow) = dataStart.addingReportingOverflow(header.dataByteCount)
      if overflow { throw FileError(path, .create, because: "\(header.dataByteCount) bytes of data are too many") }
      file = try AtomicFile(path: path)
      try file.setLength(length)
      try file.write(prefix, at: 0)
    } catch let error as FileError {
      throw SafetensorsError(path: path, problem: .file(error))
    } catch let problem as SafetensorsError.Problem {
      throw SafetensorsError(path: path, problem: problem)
    } catch {
      throw SafetensorsError(path: path, problem: .file(FileError(path, .create, because: "\(error)")))
    }
    pending = Dictionary(uniqueKeysWithValues: header.tensors.map { (ExactString($0.name), $0) })
  }

  /// Takes the bytes of one tensor, front to back.
  public struct Sink: ~Copyable {
    fileprivate let writer: SafetensorsWriter
    /// The tensor that is written.
    public let entry: SafetensorsEntry
    /// Bytes of it that are written.
    public fileprivate(set) var position = 0

    /// Writes the tensor's next bytes.
    ///
    /// - Throws: ``SafetensorsError`` if there are more than the tensor has, or if the system refuses.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SafetensorsError) {
      let start = try advance(by: bytes.count)
      do { try writer.file.write(bytes, at: writer.dataStart + entry.dataRange.lowerBound + start) } catch {
        throw writer.error(.file(error))
      }
    }

    /// Leaves the next `count` bytes zero without writing them.
    public mutating func appendZeros(_ count: Int) throws(SafetensorsError) { _ = try advance(by: count) }

    private mutating func advance(by count: Int) throws(SafetensorsError) -> Int {
      let start = position
      guard count >= 0, count <= entry.byteCount - start else {
        let (found, overflow) = start.addingReportingOverflow(count)
        throw writer.error(
          .pastEnd(tensor: entry.name, expected: entry.byteCount, found: overflow ? Int.max : found))
      }
      position += count
      return start
    }
  }

  /// Writes one tensor through `body`, which must give exactly the bytes that its shape has. Throws what `body`
  /// throws, and `SafetensorsError` for a wrong count, an unknown name, a second writing or a failing disk; after
  /// any of them the file is given up.
  public func write(_ name: String, _ body: (inout Sink) throws -> Void) throws {
    do {
      var sink = Sink(writer: self, entry: try take(name))
      try body(&sink)
      guard sink.position == sink.entry.byteCount else {
        throw error(.incomplete(tensor: name, expected: sink.entry.byteCount, found: sink.position))
      }
    } catch {
      giveUp()
      throw error
    }
  }

  /// Writes one tensor whose bytes are at hand.
  public func write(_ name: String, bytes: UnsafeRawBufferPointer) throws {
    try write(name) { sink in try sink.append(bytes) }
  }

  /// Writes one tensor piece by piece: `fill` is called with a buffer and the range of the tensor's bytes that it
  /// stands for, front to back. One buffer of `pieceByteCount` is used for all pieces.
  public func write(
    _ name: String, pieceByteCount: Int = 8 << 20,
    fill: (UnsafeMutableRawBufferPointer, Range<Int>) throws -> Void
  ) throws {
    try write(name) { sink in
      // Pieces end between elements: 64 bits is the widest of them.
      let piece = max(8, pieceByteCount / 8 * 8)
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: min(piece, sink.entry.byteCount), alignment: 64)
      defer { buffer.deallocate() }
      while sink.position < sink.entry.byteCount {
        let range = sink.position..<min(sink.position + piece, sink.entry.byteCount)
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<range.count])
        try fill(part, range)
        try sink.append(UnsafeRawBufferPointer(part))
      }
    }
  }

  /// Flushes the file and puts it in its place. Throws when a tensor was not written.
  public func finish() throws(SafetensorsError) {
    try seal()
    try place()
  }

  /// The first half of ``finish()``: everything has been written and is on the disk.
  func seal() throws(SafetensorsError) {
    guard isOpen else { throw error(.alreadyFinished) }
    let missing = header.tensors.map(\.name).filter { pending[ExactString($0)] != nil }
    guard missing.isEmpty else {
      giveUp()
      throw error(.notWritten(missing))
    }
    isOpen = false
    do { try file.flush() } catch { throw self.error(.file(error)) }
  }

  /// The second half: the sealed file appears under its name.
  func place() throws(SafetensorsError) {
    do { try file.place() } catch { throw self.error(.file(error)) }
  }

  /// Removes what was written so far; the destination stays as it was. Dropping the writer does the same.
  public func giveUp() {
    isOpen = false
    file.discard()
  }

  func take(_ name: String) throws(SafetensorsError) -> SafetensorsEntry {
    guard isOpen else { throw error(.alreadyFinished) }
    if let entry = pending.removeValue(forKey: ExactString(name)) { return entry }
    let names = header.tensors.map(\.name)
    if names.contains(where: { ExactString($0) == ExactString(name) }) { throw error(.writtenTwice(tensor: name)) }
    throw error(.noTensor(named: name, nearest: nearestName(to: name, among: names)))
  }

  func error(_ problem: SafetensorsError.Problem) -> SafetensorsError {
    SafetensorsError(path: path, problem: problem)
  }
}
