// The C library alone: loading Foundation would take most of `idinit`'s start.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file open for reading: positioned reads, and its bytes mapped into memory when somebody asks for them.
///
/// As with every mapped file, a process that truncates the file while it is mapped makes a later access fail hard
/// (SIGBUS). Files written by `AtomicFile` are replaced, never truncated, so that readers keep what they opened.
final class MappedFile {
  let path: String
  let size: Int
  private let descriptor: Int32
  private var mapping: UnsafeRawBufferPointer?

  init(path: String) throws(FileError) {
    self.path = path
    if path.isEmpty || path.utf8.contains(0) { throw FileError("\"\(path)\"", .open, because: "no such file name") }
    // O_NONBLOCK: opening a pipe that nobody writes to must not wait; it does nothing to a regular file.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0 { throw FileError(path, .open) }
    var status = stat()
    if fstat(descriptor, &status) != 0 {
      let error = FileError(path, .open)
      close(descriptor)
      throw error
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw FileError(path, .open, because: isFolder ? "it is a folder" : "it is not a regular file")
    }
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit {
    if let mapping, let base = mapping.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), mapping.count) }
    close(descriptor)
  }

  /// Fills `buffer` from `offset` on. The caller has checked the range against `size`; a file that became shorter
  /// in the meantime is an error.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) {
    guard let base = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      let result = pread(descriptor, base + done, min(buffer.count - done, 1 << 30), off_t(offset + done))
      if result < 0 {
        if errno == EINTR { continue }
        throw FileError(path, .read)
      }
      if result == 0 {
        throw FileError(path, .read, because: "the file ends at byte \(offset + done); it was \(size) bytes long")
      }
      done += result
    }
  }

  /// A copy of `count` bytes. As with `read(into:at:)`, the caller has checked the range.
  func readArray(count: Int, at offset: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let outcome: Result<Void, FileError> = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(FileError) in try read(into: buffer, at: offset) }
    }
    try outcome.get()
    return bytes
  }

  /// The whole file, mapped read-only at the first call.
  func bytes() throws(FileError) -> UnsafeRawBufferPointer {
    if let mapping { return mapping }
    guard size > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw FileError(path, .map)
    }
    let bytes = UnsafeRawBufferPointer(start: base, count: size)
    mapping = bytes
    return bytes
  }

  /// Calls `body` with a range of the file, mapped for as long as it runs, so that its pages are the process's only
  /// then. The caller has checked the range against `size`.
  func withMappedBytes<R>(_ range: Range<Int>, _ body: (MappedBytes) -> R) throws(FileError) -> R {
    guard !range.isEmpty else { return body(MappedBytes(UnsafeRawBufferPointer(start: nil, count: 0))) }
    // Mappings start at a multiple of the page's size, which is at most 64 KB on the systems we know.
    let start = range.lowerBound / 65_536 * 65_536
    guard let base = mmap(nil, range.upperBound - start, PROT_READ, MAP_PRIVATE, descriptor, off_t(start)),
      base != MAP_FAILED
    else { throw FileError(path, .map) }
    defer { munmap(base, range.upperBound - start) }
    let bytes = UnsafeRawBufferPointer(start: base + (range.lowerBound - start), count: range.count)
    return body(MappedBytes(bytes, isMapped: true))
  }
}

/// Bytes of a mapped file, or, as far as their reader can tell, bytes in memory.
struct MappedBytes {
  let bytes: UnsafeRawBufferPointer
  let isMapped: Bool

  init(_ bytes: UnsafeRawBufferPointer, isMapped: Bool = false) {
    self.bytes = bytes
    self.isMapped = isMapped
  }

  /// Says that a range was read and is not needed soon, so that it counts no longer as the process's memory. What is
  /// read there again comes from the file again.
  func release(_ range: Range<Int>) {
    guard isMapped, let base = bytes.baseAddress else { return }
    // Whole pages only: of 64 KB at most on the systems we know.
    let page: UInt = 65_536
    let start = (UInt(bitPattern: base) + UInt(range.lowerBound) + page - 1) / page * page
    let end = (UInt(bitPattern: base) + UInt(range.upperBound)) / page * page
    guard start < end, let address = UnsafeMutableRawPointer(bitPattern: start) else { return }
    madvise(address, Int(end - start), MADV_DONTNEED)
  }
}
