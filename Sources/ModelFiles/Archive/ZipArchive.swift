/// The members of a zip file, as its central directory lists them. Nothing is ever extracted: members are ranges of
/// the file.
///
/// Source: PKWARE, APPNOTE.TXT 6.3.10. Read are stored members, with or without zip64; a compressed or encrypted
/// member may be there, but asking for its bytes is an error.
struct ZipArchive {
  typealias Problem = ZipProblem

  struct Member: Equatable {
    var name: String
    /// Bit 0: encrypted. Bit 3: checksum and sizes stand behind the data, not in the local header.
    var flags: UInt16
    /// 0: stored. 8: deflated.
    var method: UInt16
    var crc: UInt32
    var compressedSize: Int
    var size: Int
    /// Where the local header stands.
    var headerOffset: Int
    /// Where the next member or the central directory begins.
    var limit: Int
  }

  /// In the order of the central directory.
  let members: [Member]
  private let indices: [ExactString: Int]
  private let file: MappedFile

  /// Reads and checks the central directory.
  ///
  /// - Throws: ``Problem`` for a file that is no zip file, or one whose directory contradicts itself: two members of
  ///   one name, members that overlap, offsets past the end, a name that leads out of the archive.
  init(_ file: MappedFile) throws(Problem) {
    self.file = file
    members = try ZipDirectory.read(file)
    var indices = [ExactString: Int](minimumCapacity: members.count)
    for (index, member) in members.enumerated() {
      guard indices.updateValue(index, forKey: ExactString(member.name)) == nil else {
        throw .duplicateName(member.name)
      }
    }
    self.indices = indices
  }

  subscript(name: String) -> Member? { indices[ExactString(name)].map { members[$0] } }

  /// Where a stored member's bytes stand in the file. Its local header is checked against the directory here, so that
  /// opening an archive does not touch a page for every member.
  ///
  /// - Throws: ``Problem`` for a member that is compressed or encrypted, or whose local header says something else.
  func dataRange(of member: Member) throws(Problem) -> Range<Int> {
    guard member.flags & 1 == 0 else { throw .encrypted(member.name) }
    guard member.method == 0 else { throw .compressed(member.name, method: Int(member.method)) }
    guard member.compressedSize == member.size else { throw .contradiction(member.name, "sizes") }
    let header: [UInt8]
    do { header = try file.readArray(count: 30, at: member.headerOffset) } catch { throw .file(error) }
    let (nameLength, extraLength) = (Int(header.number16(at: 26)), Int(header.number16(at: 28)))
    guard header.number32(at: 0) == 0x0403_4B50 else { throw .noLocalHeader(member.name, offset: member.headerOffset) }
    guard header.number16(at: 6) & 0x0009 == member.flags & 0x0009 else { throw .contradiction(member.name, "flags") }
    guard header.number16(at: 8) == member.method else { throw .contradiction(member.name, "compression method") }
    // The sum is small: the offset was checked against the file's size.
    let start = member.headerOffset + 30 + nameLength + extraLength
    let (end, overflow) = start.addingReportingOverflow(member.size)
    guard !overflow, end <= member.limit else {
      throw .overlap(member.name, end: overflow ? Int.max : end, limit: member.limit)
    }
    let variable: [UInt8]
    do { variable = try file.readArray(count: nameLength + extraLength, at: member.headerOffset + 30) } catch {
      throw .file(error)
    }
    guard variable[..<nameLength].elementsEqual(member.name.utf8) else { throw .contradiction(member.name, "name") }
    // Bit 3 leaves the fields zero; those that are filled in must agree.
    let isDeferred = member.flags & 8 != 0
    let crc = header.number32(at: 14)
    if crc != member.crc, !(isDeferred && crc == 0) { throw .contradiction(member.name, "checksum") }
    for position in [18, 22] {
      let size = header.number32(at: position)
      // 0xFFFFFFFF says that the size is in the zip64 extra field, which repeats the directory's.
      if Int(size) != member.size, size != .max, !(isDeferred && size == 0) {
        throw .contradiction(member.name, "size")
      }
    }
    return start..<end
  }

  /// Calls `body` with a member's bytes, mapped for as long as it runs, once their checksum is right.
  func withCheckedBytes<R>(
    of member: Member, _ body: (MappedBytes) throws(Problem) -> R
  ) throws(Problem) -> R {
    let range = try dataRange(of: member)
    let outcome: Result<R, Problem>
    do {
      outcome = try file.withMappedBytes(range) { bytes in
        guard CRC32.checksum(bytes) == member.crc else { return .failure(Problem.checksum(member.name)) }
        return Result { () throws(Problem) in try body(bytes) }
      }
    } catch { throw .file(error) }
    return try outcome.get()
  }
}

extension Array where Element == UInt8 {
  // Little-endian numbers; the caller has checked that they lie within the array.

  func number16(at position: Int) -> UInt16 { UInt16(self[position]) | UInt16(self[position + 1]) << 8 }
  func number32(at position: Int) -> UInt32 {
    UInt32(number16(at: position)) | UInt32(number16(at: position + 2)) << 16
  }
  func number64(at position: Int) -> UInt64 {
    UInt64(number32(at: position)) | UInt64(number32(at: position + 4)) << 32
  }
}
