import Foundation
import TestSupport
import Testing

@testable import ModelFiles

struct ZipArchiveTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func archive(_ builder: ZipBuilder) throws -> ZipArchive {
    try ZipArchive(MappedFile(path: try folder.write(builder.bytes, to: "a.zip")))
  }

  private func problem(_ builder: ZipBuilder, reading name: String? = nil) throws -> ZipProblem? {
    try #require(throws: ZipProblem.self) {
      let archive = try archive(builder)
      if let name { try archive.withCheckedBytes(of: try #require(archive[name])) { _ in } }
    }
  }

  private func text(_ name: String, in archive: ZipArchive) throws -> String {
    try archive.withCheckedBytes(of: try #require(archive[name])) { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test("checksums are zlib's")
  func checksums() {
    func crc(_ text: String) -> UInt32 { Array(text.utf8).withUnsafeBytes { CRC32.checksum($0) } }
    // The catalogue's check value, and lengths on both sides of the eight bytes of a step (Python's zlib.crc32).
    #expect(crc("123456789") == 0xCBF4_3926)
    #expect(crc("") == 0)
    #expect(crc("a") == 0xE8B7_BE43)
    #expect(crc("12345678") == 0x9AE0_DAAF)
    #expect(crc("The quick brown fox jumps over the lazy dog") == 0x414F_A339)
  }

  @Test("members are found and read: plain, deferred sizes, zip64, a comment, a folder, no member at all")
  func reading() throws {
    var deferred = ZipBuilder.Member("r/deferred", "two")
    deferred.flags = 0x0808
    var long = ZipBuilder.Member("r/ü", "three")
    long.isZip64 = true
    long.comment = Array("a comment".utf8)
    long.extra = [0x99, 0x99, 2, 0, 1, 2]
    var builder = ZipBuilder([.init("r/plain", "one"), deferred, long, .init("r/", ""), .init("r/empty", "")])
    for isZip64 in [false, true] {
      builder.isZip64 = isZip64
      for comment in ["", "PK\u{5}\u{6} is no record", String(repeating: "c", count: 65_535)] {
        builder.comment = Array(comment.utf8)
        let archive = try archive(builder)
        #expect(archive.members.map(\.name) == ["r/plain", "r/deferred", "r/ü", "r/", "r/empty"])
        #expect(try text("r/plain", in: archive) == "one")
        #expect(try text("r/deferred", in: archive) == "two")
        #expect(try text("r/ü", in: archive) == "three")
        #expect(try text("r/empty", in: archive) == "")
        #expect(archive["r/u\u{308}"] == nil, "names are bytes")
      }
    }
    #expect(try archive(ZipBuilder([])).members.isEmpty)
  }

  @Test(
    "names that lead elsewhere are refused, for all that nothing is extracted",
    arguments: [
      ("../../x", "leads out of the archive"), ("a/../../x", "leads out of the archive"),
      ("/etc/passwd", "is an absolute path"), ("a\\b", "has a backslash"), ("a\0b", "has a NUL character"),
      ("", "is empty"),
    ])
  func names(_ name: String, _ reason: String) throws {
    let problem = try problem(ZipBuilder([.init("r/good", "1"), .init(name, "2")]))
    #expect(problem == .badName(name, reason: reason))
    #expect(problem?.text.contains("\0") == false)
  }

  @Test("a name that is no UTF-8 is refused")
  func encoding() throws {
    var member = ZipBuilder.Member("r/x", "1")
    member.name = [0x72, 0x2F, 0xFF]
    #expect(try problem(ZipBuilder([member])) == .badName("r/\u{FFFD}", reason: "is no UTF-8"))
  }

  @Test("two members of one name are refused")
  func duplicates() throws {
    #expect(try problem(ZipBuilder([.init("a", "1"), .init("b", "2"), .init("a", "3")])) == .duplicateName("a"))
  }

  @Test("compressed and encrypted members are refused when they are read, not before")
  func unreadable() throws {
    var compressed = ZipBuilder.Member("c", "1")
    compressed.method = 8
    var encrypted = ZipBuilder.Member("e", "1")
    encrypted.flags = 1
    let builder = ZipBuilder([compressed, encrypted, .init("p", "plain")])
    #expect(try text("p", in: try archive(builder)) == "plain")
    #expect(try problem(builder, reading: "c") == .compressed("c", method: 8))
    #expect(try problem(builder, reading: "e") == .encrypted("e"))
    #expect(ZipProblem.compressed("c", method: 8).text.contains("deflate"))
  }

  @Test("members that overlap, or lie past the end, are refused")
  func overlaps() throws {
    let data = [UInt8](repeating: 7, count: 100)
    var second = ZipBuilder.Member("b", data)
    second.offset = 0
    guard case .overlap? = try problem(ZipBuilder([.init("a", data), second])) else {
      Issue.record("the same place twice")
      return
    }
    second.offset = 90
    guard case .overlap("a", _, 90)? = try problem(ZipBuilder([.init("a", data), second])) else {
      Issue.record("a start inside of another")
      return
    }
    for offset in [10_000, UInt64(UInt32.max) - 1] {
      second.offset = offset
      #expect(try problem(ZipBuilder([.init("a", data), second])) == .memberPastEnd("b"))
    }
    second.isZip64 = true
    for offset in [UInt64(Int.max), .max, .max - 40] {
      second.offset = offset
      #expect(try problem(ZipBuilder([.init("a", data), second])) == .memberPastEnd("b"))
    }
    second.offset = nil
    second.size = .max
    second.compressedSize = .max - 20
    #expect(try problem(ZipBuilder([.init("a", data), second])) == .memberPastEnd("b"))
  }

  @Test("a local header that says something else is refused")
  func localHeaders() throws {
    func changed(_ change: @escaping (inout ZipBuilder.Member) -> Void) throws -> ZipProblem? {
      var member = ZipBuilder.Member("a", "data")
      member.local = change
      return try problem(ZipBuilder([member]), reading: "a")
    }
    #expect(try changed { $0.name = [0x62] } == .contradiction("a", "name"))
    #expect(try changed { $0.crc ^= 1 } == .contradiction("a", "checksum"))
    #expect(try changed { $0.size = 3 } == .contradiction("a", "size"))
    #expect(try changed { $0.compressedSize = 5 } == .contradiction("a", "size"))
    #expect(try changed { $0.method = 8 } == .contradiction("a", "compression method"))
    #expect(try changed { $0.flags = 1 } == .contradiction("a", "flags"))
    #expect(try changed { $0.name = [0x61, 0x61] } == .contradiction("a", "name"))
    // A local extra field so long that the data would lie in the directory, or past the end.
    var bytes = ZipBuilder([.init("a", "data")]).bytes
    for length in [UInt8(0x40), 0xFF] {
      (bytes[28], bytes[29]) = (length, length == 0xFF ? 0xFF : 0)
      let archive = try ZipArchive(MappedFile(path: try folder.write(bytes, to: "l.zip")))
      let problem = #expect(throws: ZipProblem.self) { try archive.dataRange(of: archive.members[0]) }
      guard case .overlap("a", _, _)? = problem else {
        Issue.record("\(String(describing: problem))")
        continue
      }
    }
  }

  @Test("data that the checksum does not fit is refused")
  func checksum() throws {
    var member = ZipBuilder.Member("a", "data")
    member.crc ^= 0x8000_0000
    #expect(try problem(ZipBuilder([member]), reading: "a") == .checksum("a"))
  }

  @Test("the records at the end are checked before anything is allocated")
  func records() throws {
    let plain = ZipBuilder([.init("a", "data")])
    var builder = plain
    builder.count = 65_000
    #expect(try problem(builder) == .badDirectory(entry: 0, count: 65_000))
    builder.isZip64 = true
    for count in [UInt64(1) << 62, UInt64(Int.max)] {
      builder.count = count
      #expect(try problem(builder) == .badDirectory(entry: 0, count: Int(count)))
    }
    builder.count = .max
    guard case .directoryPastEnd? = try problem(builder) else {
      Issue.record("2^64 - 1 members")
      return
    }
    for (offset, size) in [(UInt64.max, UInt64(10)), (UInt64(10), UInt64.max), (UInt64(1) << 40, 46)] {
      builder = plain
      builder.isZip64 = true
      (builder.directoryOffset, builder.directorySize) = (offset, size)
      guard case .directoryPastEnd(offset, size, _)? = try problem(builder) else {
        Issue.record("\(offset) \(size)")
        continue
      }
    }
    builder = plain
    builder.count = 0
    #expect(try problem(builder) == .badDirectory(entry: 0, count: 0), "members that are not counted")
    builder = plain
    builder.disk = 1
    #expect(try problem(builder) == .severalDisks)
    builder = plain
    builder.directoryOffset = 3
    guard case .badDirectory? = try problem(builder) else {
      Issue.record("a directory elsewhere")
      return
    }
  }

  @Test("zip64 records that contradict the others are refused")
  func zip64() throws {
    var builder = ZipBuilder([.init("a", "data")])
    builder.isZip64 = true
    let bytes = builder.bytes
    let locator = bytes.count - 22 - 20, record = locator - 56
    func damaged(_ change: (inout [UInt8]) -> Void) throws -> ZipProblem? {
      var damaged = bytes
      change(&damaged)
      let path = try folder.write(damaged, to: "z.zip")
      return try #require(throws: ZipProblem.self) { try ZipArchive(MappedFile(path: path)) }
    }
    guard case .zip64? = try damaged({ $0[locator + 8] ^= 1 }), case .zip64? = try damaged({ $0[locator + 15] = 0xFF }),
      case .zip64? = try damaged({ $0[record + 4] = 0 }), case .zip64? = try damaged({ $0[record + 11] = 0xFF }),
      // The short record with numbers of its own.
      case .zip64? = try damaged({
        $0[bytes.count - 12] = 9; $0[bytes.count - 11] = 0; $0[bytes.count - 14] = 9; $0[bytes.count - 13] = 0
      })
    else {
      Issue.record("zip64")
      return
    }
    #expect(try damaged { $0[locator + 4] = 1 } == .severalDisks)
    #expect(try damaged { $0[record + 16] = 1 } == .severalDisks)

    var member = ZipBuilder.Member("a", "data")
    member.isZip64 = true
    var long = ZipBuilder([member]).bytes
    // The directory's extra field: 24 bytes promised, 8 there.
    if let tag = long.lastIndex(of: 24) { long[tag] = 8 }
    let path = try folder.write(long, to: "e.zip")
    #expect(throws: ZipProblem.self) { try ZipArchive(MappedFile(path: path)) }
  }

  @Test("a member beyond 5 GB is found and read")
  func farOff() throws {
    var member = ZipBuilder.Member("far", "away")
    member.isZip64 = true
    var builder = ZipBuilder([member])
    builder.isZip64 = true
    builder.shift = 5 << 30
    let path = try folder.write([], to: "far.zip")
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: builder.shift)
    try file.seekToEnd()
    try file.write(contentsOf: Data(builder.bytes))
    try file.close()
    let archive = try ZipArchive(MappedFile(path: path))
    #expect(archive.members.map(\.headerOffset) == [5 << 30])
    #expect(try text("far", in: archive) == "away")
  }

  @Test("what is no zip file, and what was one")
  func noZip() throws {
    for (bytes, startsAsZip) in [([UInt8](), false), ([1, 2, 3], false), (Array("PK\u{3}\u{4}".utf8), true)] {
      let path = try folder.write(bytes, to: "n")
      let problem = #expect(throws: ZipProblem.self) { try ZipArchive(MappedFile(path: path)) }
      #expect(problem == .noDirectory(startsAsZip: startsAsZip))
    }
  }
}
