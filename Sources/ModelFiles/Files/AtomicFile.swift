// The C library alone: loading Foundation would take most of `idinit`'s start.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all.
///
/// The bytes go to a file without a name in the destination's folder (Linux's `O_TMPFILE`, so that even a killed
/// process leaves nothing behind) or, where the file system has no such thing, to a hidden one beside the
/// destination. `commit()` flushes, renames over the destination and flushes the folder; for files that belong together,
/// `flush()` and `place()` are its two halves. A writer that is dropped before that leaves the destination as it was. Ranges that are never written stay holes and read as zeros.
///
/// A destination that is a symbolic link to a file is written where the link points; a link to nothing is replaced.
public final class AtomicFile {
  /// Where the file will be.
  public let path: String
  private let destination: String
  private let folder: String
  private var descriptor: Int32
  private var temporaryName: String?

  /// Opens the temporary file. Throws when the folder is missing or not writable, or when `path` names something
  /// that is no regular file (a folder, a device, a pipe).
  public convenience init(path: String) throws(FileError) { try self.init(path: path, isNameless: true) }

  // Tests take the other way too: isNameless says whether to try O_TMPFILE first.
  init(path: String, isNameless: Bool) throws(FileError) {
    self.path = path
    destination = Self.followingLinks(path)
    folder = Self.folder(of: destination)
    if path.isEmpty { throw FileError("\"\"", .create, because: "the file name is empty") }
    if path.utf8.contains(0) { throw FileError(path, .create, because: "the file name holds a NUL character") }

    var status = stat()
    if stat(destination, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw FileError(path, .create, because: "it is a folder")
      default: throw FileError(path, .create, because: "it exists and is not a regular file")
      }
    }

    #if os(Linux)
      // O_TMPFILE is a compound macro that Swift does not import; the bit is the same on all of Linux's 64-bit ports.
      descriptor = isNameless ? open(folder, 0x400000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o666) : -1
      if descriptor >= 0 { return }
    #endif
    let name = Self.temporaryName(for: destination)
    descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw FileError(path, .create) }
    temporaryName = name
  }

  deinit { discard() }

  /// Writes a whole small file at once.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let file = try AtomicFile(path: path)
    try file.write(bytes, at: 0)
    try file.commit()
  }

  /// Closes the temporary file and removes it; the destination stays as it was.
  public func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    if let temporaryName { unlink(temporaryName) }
    temporaryName = nil
  }

  /// Sets the file's length. What is never written within it reads as zeros and takes no space where the file
  /// system knows holes.
  public func setLength(_ length: Int) throws(FileError) {
    while ftruncate(descriptor, off_t(length)) != 0 {
      if errno != EINTR { throw FileError(path, .write) }
    }
  }

  /// Writes bytes at a place, in any order; what is skipped is zeros.
  ///
  /// - Throws: ``FileError`` if the system refuses.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    guard let base = bytes.baseAddress else { return }
    var written = 0
    while written < bytes.count {
      // One call moves at most 2 GiB on Linux and fails above that on Darwin.
      let count = min(bytes.count - written, 1 << 30)
      let result = pwrite(descriptor, base + written, count, off_t(offset + written))
      if result < 0 {
        if errno == EINTR { continue }
        throw FileError(path, .write)
      }
      if result == 0 { throw FileError(path, .write, because: "the device takes no more bytes") }
      written += result
    }
  }

  /// The same for an array.
  public func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    try bytes.withUnsafeBytesKeepingError { (buffer) throws(FileError) in try write(buffer, at: offset) }
  }

  /// Makes the file appear under its name, complete and on the disk.
  public func commit() throws(FileError) {
    try flush()
    try place()
  }

  /// Brings what was written to the disk. After an error the file is given up.
  public func flush() throws(FileError) {
    while fsync(descriptor) != 0 {
      if errno == EINTR { continue }
      // Some file systems have nothing to flush and say so.
      if errno == EINVAL || errno == ENOTSUP { break }
      let error = FileError(path, .flush)
      discard()
      throw error
    }
  }

  /// Makes the flushed file appear under its name. After an error the file is given up.
  public func place() throws(FileError) {
    do throws(FileError) {
      let name = try linkedName()
      if rename(name, destination) != 0 { throw FileError(path, .rename) }
      temporaryName = nil
    } catch {
      discard()
      throw error
    }
    discard()
    // The new name is in place; that the folder's entry is on the disk too is best effort, as some file systems
    // refuse to flush a folder.
    let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }

  /// Removes what stands at the destination now, if anything does.
  func removeOld() throws(FileError) {
    if unlink(destination) != 0, errno != ENOENT { throw FileError(path, .rename) }
  }

  /// The temporary file's name, giving it one first if it has none.
  private func linkedName() throws(FileError) -> String {
    if let temporaryName { return temporaryName }
    let name = Self.temporaryName(for: destination)
    if linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) != 0 {
      throw FileError(path, .create)
    }
    temporaryName = name
    return name
  }

  private static func followingLinks(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  package static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A hidden name in the same folder, short whatever the destination's length (a name has at most 255 bytes).
  private static func temporaryName(for path: String) -> String {
    let folder = folder(of: path)
    return
      "\(folder == "/" ? "" : folder)/.idinit-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
  }
}
