/// One case for each way in which a zip file can be wrong.
public enum ZipProblem: Error, Equatable, Sendable {
  /// No end-of-directory record: no zip file, or one that was cut off. `startsAsZip`: its first bytes are a member's.
  case noDirectory(startsAsZip: Bool)
  /// An archive over several disks.
  case severalDisks
  /// A directory that reaches past what comes before its own record.
  case directoryPastEnd(offset: UInt64, size: UInt64, limit: Int)
  /// A directory of more bytes than are read.
  case directoryTooLong(Int)
  /// A directory whose entry of this number, of so many, is none.
  case badDirectory(entry: Int, count: Int)
  /// A contradiction in the fields for large archives.
  case zip64(String)
  /// A member that reaches past the file's end.
  case memberPastEnd(String)
  /// A name that no member may have.
  case badName(String, reason: String)
  /// Two members of one name.
  case duplicateName(String)
  /// A member that reaches into the next one.
  case overlap(String, end: Int, limit: Int)
  /// A member that is encrypted.
  case encrypted(String)
  /// A member that is compressed: PyTorch stores them as they are.
  case compressed(String, method: Int)
  /// A member without a header at its place.
  case noLocalHeader(String, offset: Int)
  /// A member whose header and directory entry differ in what is named.
  case contradiction(String, String)
  /// A member whose bytes do not have the CRC-32 that is noted.
  case checksum(String)
  /// The file could not be read.
  case file(FileError)
}

extension ZipProblem {
  var text: String {
    switch self {
    case .noDirectory(true):
      return "a zip archive without its directory, which stands at the end: the file was cut off; copy or export it "
        + "again"
    case .noDirectory(false): return "this is no zip archive"
    case .severalDisks: return "a zip archive in several parts; join them first"
    case .directoryPastEnd(let offset, let size, let limit):
      return "the zip directory should stand at byte \(offset) with \(size) bytes, but must end before byte \(limit); "
        + "the file is damaged"
    case .directoryTooLong(let size):
      return "a zip directory of \(size) bytes; at most \(ZipDirectory.maximumSize) are read"
    case .badDirectory(let entry, let count):
      return "entry \(entry) of \(count) in the zip directory is damaged"
    case .zip64(let what): return "the zip64 record \(what); the file is damaged"
    case .memberPastEnd(let name):
      return "member \(quoted(name)) lies past the end of the data; the file is damaged or was cut off"
    case .badName(let name, let reason): return "a member is called \(quoted(name)), which \(reason)"
    case .duplicateName(let name): return "two members of the name \(quoted(name))"
    case .overlap(let name, let end, let limit):
      return "member \(quoted(name)) ends at byte \(end), but the next one begins at byte \(limit)"
    case .encrypted(let name): return "member \(quoted(name)) is encrypted"
    case .compressed(let name, let method):
      return "member \(quoted(name)) is compressed (method \(method)\(method == 8 ? ", deflate" : "")); PyTorch stores "
        + "members as they are: repack the archive with `zip -0`, or export it again"
    case .noLocalHeader(let name, let offset):
      return "no header for member \(quoted(name)) at byte \(offset), where the directory has it; the file is damaged"
    case .contradiction(let name, let what):
      return "member \(quoted(name)) and its directory entry differ in \(what); the file is damaged"
    case .checksum(let name): return "the checksum of member \(quoted(name)) is wrong; the file is damaged"
    case .file(let error): return error.description
    }
  }
}
