import Crypto
import Foundation

extension DatasetFetcher {
  /// Brings CIFAR-10 to `CACHE/cifar10/cifar-10-batches-bin`, where `DatasetLocator` finds it.
  ///
  /// - Parameter cache: the cache folder, as `DatasetLocator.cache` has it; it is made when absent.
  /// - Returns: the folder of the six batches.
  /// - Throws: as `fetch(_:to:)` of an archive.
  public func fetchCIFAR10(cache: String) throws(DatasetError) -> String {
    try fetch(CIFAR10.remoteArchive, to: "\(cache)/cifar10")
  }

  /// Brings an archive's files to the folder of its name in `parent`; where all are there already and agree with
  /// their pins, they are kept. The archive itself is downloaded beside that folder, unless it is there; what was
  /// downloaded for this is removed in the end, an archive that somebody put there stays.
  ///
  /// The files appear one after the other, but only when every one of them was unpacked, checked and flushed.
  ///
  /// - Returns: the folder.
  /// - Throws: `DatasetError`: `download` when no mirror served the right archive; `malformed`, `truncated` or
  ///   `corrupt` when it does not hold what it should; `unreadable` when a folder cannot be made or written.
  public func fetch(_ remote: RemoteArchive, to parent: String) throws(DatasetError) -> String {
    let folder = "\(parent)/\(remote.folder)"
    let place = "\(parent)/\(remote.archive.name)"
    if hasAll(remote.members, in: folder) { return folder }
    try makeFolder(parent)
    let isOurs = try fetch(remote.archive, to: parent)
    try makeFolder(folder)
    try unpack(remote, place, to: folder)
    if isOurs { try? FileManager.default.removeItem(atPath: place) }
    return folder
  }

  private func hasAll(_ members: [RemoteArchive.Member], in folder: String) -> Bool {
    let present = members.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0.name)") }
    for member in present {
      do {
        try member.content.verify("\(folder)/\(member.name)", what: "the file")
      } catch {
        report("\(error). Fetching it anew")
        return false
      }
    }
    guard present.count == members.count else { return false }
    report("\(members.map(\.name).joined(separator: ", ")): already there")
    return true
  }

  /// No name out of the archive is ever used as a path: an entry is a member whose name it has, or it is passed over.
  private func unpack(_ remote: RemoteArchive, _ file: String, to folder: String) throws(DatasetError) {
    report("\(remote.archive.name): unpacking \(remote.members.count) files")
    var partials: [RemoteArchive.Member: String] = [:]
    defer { for partial in partials.values { try? FileManager.default.removeItem(atPath: partial) } }
    let tar = TarReader(try ByteStream(file: file))
    while let entry = try tar.next() {
      let name = entry.name.hasPrefix("./") ? String(entry.name.dropFirst(2)) : entry.name
      guard let member = remote.members.first(where: { name == "\(remote.folder)/\($0.name)" }) else { continue }
      if let problem = Self.problem(with: entry, member, isSecond: partials[member] != nil) {
        throw DatasetError(
          .malformed, file: file, place: name, problem: problem,
          expected: "one file of \(member.content.byteCount) bytes")
      }
      let partial = partialPath(member.name, in: folder)
      partials[member] = partial
      try write(member, of: tar, in: file, to: partial)
    }
    for member in remote.members where partials[member] == nil {
      throw DatasetError(
        .malformed, file: file, problem: "there is no \(remote.folder)/\(member.name) in the archive",
        expected: remote.members.map(\.name).joined(separator: ", "))
    }
    for partial in partials.values { try Self.flush(partial) }
    for (member, partial) in partials { try Self.place(partial, at: "\(folder)/\(member.name)") }
  }

  private static func problem(
    with entry: TarReader.Entry, _ member: RemoteArchive.Member, isSecond: Bool
  ) -> String? {
    if isSecond { return "it is there twice" }
    switch entry.kind {
    case .file: break
    case .folder: return "a folder is in its place"
    case .symbolicLink: return "a symbolic link is in its place"
    case .hardLink: return "a hard link is in its place"
    case .other(let flag): return "something else is in its place (tar's type \(flag))"
    }
    return entry.byteCount == member.content.byteCount ? nil : "it has \(entry.byteCount) bytes"
  }

  private func write(
    _ member: RemoteArchive.Member, of tar: TarReader, in file: String, to partial: String
  ) throws(DatasetError) {
    var hash = SHA256()
    do {
      try? FileManager.default.removeItem(atPath: partial)
      try Data().write(to: URL(fileURLWithPath: partial), options: .withoutOverwriting)
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
      defer { try? handle.close() }
      while true {
        let bytes = try tar.read(upTo: 1 << 20)
        if bytes.isEmpty { break }
        if isCancelled() { throw Self.stopped(file) }
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        try handle.write(contentsOf: bytes)
      }
    } catch let error as DatasetError {
      throw error
    } catch {
      throw DatasetError(
        .unreadable, file: partial, problem: "it cannot be written (\(error.localizedDescription))")
    }
    try RemoteFile.compare(
      hash.finalize().hexadecimal, with: member.content.sha256, file: file, what: "\(member.name) in it")
  }
}
