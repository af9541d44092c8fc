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

  /// What a file has from a byte on; nothing where it ends before.
  static func read(_ url: URL, from byte: Int) throws(LabError) -> Data {
    guard byte > 0 else { return try read(url) }
    do {
      let file = try FileHandle(forReadingFrom: url)
      try file.seek(toOffset: UInt64(byte))
      return try file.readToEnd() ?? Data()
    } catch {
      throw LabError(.io, "cannot read \(url.path): \(error.localizedDescription)")
    }
  }

  /// The bytes of a file; nil where there is none.
  static func size(_ url: URL) -> Int? {
    var status = stat()
    return stat(url.path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Makes a folder, and those that it lies in; one that is there is taken as it is.
  ///
  /// - Parameters:
  ///   - url: Its place.
  ///   - advice: What to do where it cannot be made, as the end of the sentence; empty for none.
  /// - Throws: `LabError` of kind `.cannotCreate`, in the system's words.
  package static func makeFolder(_ url: URL, advice: String = "") throws(LabError) {
    let path = url.standardizedFileURL.path
    var folder = ""
    for part in path.split(separator: "/") {
      folder += "/\(part)"
      if mkdir(folder, 0o777) == 0 || errno == EEXIST || errno == EISDIR { continue }
      let reason = errno
      // A folder that is there need not be one in which anything may be made.
      if isFolder(folder) { continue }
      throw cannotMake(path, String(cString: strerror(reason)), advice)
    }
    guard isFolder(path) else { throw cannotMake(path, "there is a file of that name", advice) }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func cannotMake(_ path: String, _ reason: String, _ advice: String) -> LabError {
    LabError(
      .cannotCreate, "cannot make the folder \(path): \(reason)" + (advice.isEmpty ? "" : "; \(advice)"))
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
  ///
  /// - Parameters:
  ///   - data: Its content.
  ///   - url: Its place; the folder that it lies in is there.
  ///   - advice: What to do where it cannot be made, as the end of the sentence; empty for none.
  /// - Throws: `LabError`: `.cannotCreate` where it cannot be made, `.io` where it cannot be written.
  public static func write(_ data: Data, to url: URL, advice: String = "") throws(LabError) {
    do {
      try Disk.write(data, to: url)
    } catch {
      throw error.kind == .cannotCreate && !advice.isEmpty ? LabError(error.kind, "\(error); \(advice)") : error
    }
  }
}
