import Foundation

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Files that are there whole or not at all: written beside their place, flushed to the disk, renamed, and the
/// folder flushed too.
public enum AtomicFile {
  /// Writes `data` as the whole of the file at `url`.
  /// - Throws: `LabError` of kind `.io` (or `.cannotCreate` if the file cannot be made), with the path and the reason.
  public static func write(_ data: Data, to url: URL) throws(LabError) {
    try replace(url) { temporary throws(LabError) in
      let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw failure(.cannotCreate, "cannot make", temporary) }
      defer { close(descriptor) }
      try writeAll(data, to: descriptor, at: temporary)
    }
  }

  /// Has `body` write a file at a temporary place beside `url`, then flushes it and moves it to `url`.
  public static func replace(_ url: URL, body: (URL) throws(LabError) -> Void) throws(LabError) {
    let folder = url.deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(".\(url.lastPathComponent).partial")
    do {
      try body(temporary)
      try flush(temporary)
    } catch {
      unlink(temporary.path)
      throw error
    }
    guard rename(temporary.path, url.path) == 0 else {
      let error = failure(.io, "cannot put in place", url)
      unlink(temporary.path)
      throw error
    }
    try flush(folder)
  }

  /// Flushes a file's or a folder's content to the disk.
  static func flush(_ url: URL) throws(LabError) {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(.io, "cannot open", url) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(.io, "cannot flush", url) }
  }

  static func writeAll(_ data: Data, to descriptor: Int32, at url: URL) throws(LabError) {
    var error: LabError?
    data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count, let base = bytes.baseAddress {
        let written = write(descriptor, base + offset, bytes.count - offset)
        if written < 0 {
          if errno == EINTR { continue }
          error = failure(.io, "cannot write", url)
          return
        }
        offset += written
      }
    }
    if let error { throw error }
  }

  static func failure(_ kind: LabError.Kind, _ what: String, _ url: URL) -> LabError {
    LabError(kind, "\(what) \(url.path): \(String(cString: strerror(errno)))")
  }
}
