import ModelFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where `init` writes.
enum OutputPath {
  private static let ending = ".safetensors"

  /// The path that was given, or the model's name with another ending.
  ///
  /// - Throws: ``Failure`` for a name that promises another format, for the model itself, and where nobody named a
  ///   file that is there already.
  static func checked(_ given: String?, model: String) throws -> String {
    let path = given ?? stem(of: fileName(model)) + ending
    guard path.hasSuffix(ending), fileName(path) != ending else {
      throw Failure.usage(
        "\(path): safetensors is what is written, so the name must end in \(ending): "
          + "-o \(shellQuoted(stem(of: fileName(path) == ending ? fileName(model) : path) + ending))"
      )
    }
    if isSameFile(path, model) {
      throw Failure.usage("\(path) is the model itself; give another name with -o")
    }
    if given == nil, access(path, F_OK) == 0 {
      throw Failure.cannotCreate("\(path) exists; to replace it say so: -o \(shellQuoted(path))")
    }
    return path
  }

  /// Lets this process have that many shards open at once, if the system's hard limit does.
  static func allowFiles(_ shards: Int) throws {
    let count = shards + 32  // the model, the index, and what the system itself has open
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(count) else { return }
    guard rlim_t(count) <= limit.rlim_max else {
      throw Failure.usage(
        "--shard-size makes up to \(grouped(shards)) files, and a program may have "
          + "\(grouped(Int(clamping: limit.rlim_max))) open at once here; choose a larger size"
      )
    }
    limit.rlim_cur = rlim_t(count)
    setrlimit(resource, &limit)
  }

  /// A full disk is told with what was needed and what there is.
  static func explained(_ error: SafetensorsError, byteCount: Int) -> any Error {
    guard case .file(let reason) = error.problem, reason.code == ENOSPC || reason.code == EDQUOT else { return error }
    var status = statvfs()
    guard statvfs(AtomicFile.folder(of: reason.path), &status) == 0 else { return error }
    let free = Int(clamping: UInt64(status.f_bavail)).multipliedReportingOverflow(
      by: Int(clamping: UInt64(status.f_frsize)))
    return Failure.inputOutput(
      "\(reason.description); \(byteText(byteCount)) are to be written and "
        + "\(free.overflow ? "enough" : byteText(free.partialValue)) are free")
  }

  private static func stem(of path: String) -> String {
    let name = fileName(path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return path }
    return String(path.dropLast(name[dot...].count))
  }

  /// Whether both names lead to one file.
  private static func isSameFile(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }
}
