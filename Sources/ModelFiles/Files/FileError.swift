// The C library alone: loading Foundation would take most of `idinit`'s start.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A system call on a file failed: which file, what was tried, and the system's reason.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried.
  public enum Operation: String, Hashable, Sendable {
    /// The system calls `open`, `read`, `mmap`, `open` for a new file, `write`, `fsync` and `rename`.
    case open, read, map, create, write, flush, rename
  }

  /// The file.
  public var path: String
  /// What was tried.
  public var operation: Operation
  /// The system's `errno`, or 0 where `reason` stands alone.
  public var code: Int32
  /// The system's own words.
  public var reason: String

  init(_ path: String, _ operation: Operation, code: Int32 = errno) {
    self.path = path
    self.operation = operation
    self.code = code
    self.reason = String(cString: strerror(code))
  }

  init(_ path: String, _ operation: Operation, because reason: String) {
    self.path = path
    self.operation = operation
    self.code = 0
    self.reason = reason
  }

  public var description: String { "\(path): cannot \(operation.rawValue): \(reason)" }
}
