import Foundation
import ModelFiles

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writing to disk so that nothing is lost: whole files by way of `AtomicFile`, lines by an append that is flushed.
package enum Disk {
  /// Replaces the file at `url` as a whole, or leaves it as it was.
  static func write(_ data: Data, to url: URL) throws(LabError) {
    do throws(FileError) {
      let file = try AtomicFile(path: url.path)
      try file.write([UInt8](data), at: 0)
      try file.commit()
    } catch {
      throw LabError(error)
    }
  }

  /// Appends `data` and flushes it.
  static func append(_ data: Data, to url: URL) throws(LabError) {
    let descriptor = open(url.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(.cannotCreate, "cannot open", url) }
    defer { close(descriptor) }
    var problem: LabError?
    data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count, let base = bytes.baseAddress {
        let written = Self.write(descriptor, base + offset, bytes.count - offset)
        if written < 0 {
          if errno == EINTR { continue }
          problem = failure(.io, "cannot write", url)
          return
        }
        offset += written
      }
    }
    if let problem { throw problem }
    guard fsync(descriptor) == 0 else { throw failure(.io, "cannot flush", url) }
  }

  static func read(_ url: URL) throws(LabError) -> Data {
    do {
      return try Data(contentsOf: url)
    } catch {
      throw LabError(.io, "cannot read \(url.path): \(error.localizedDescription)")
    }
  }

  /// What is in a folder, by name.
  package static func names(in folder: URL) throws(LabError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    } catch {
      throw LabError(.io, "cannot list \(folder.path): \(error.localizedDescription)")
    }
  }

  static func failure(_ kind: LabError.Kind, _ what: String, _ url: URL) -> LabError {
    LabError(kind, "\(what) \(url.path): \(String(cString: strerror(errno)))")
  }

  private static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Darwin)
      Darwin.write(descriptor, bytes, count)
    #elseif canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #else
      Musl.write(descriptor, bytes, count)
    #endif
  }
}

/// Files that are there whole or not at all.
public enum WholeFile {
  /// Replaces the file at `url` as a whole, or leaves it as it was.
  public static func write(_ data: Data, to url: URL) throws(LabError) { try Disk.write(data, to: url) }
}
