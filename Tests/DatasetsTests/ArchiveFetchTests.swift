import Foundation
import Testing

@testable import Datasets

/// Fetching an archive, on made-up ones: no network, and sizes that suit a test.
@Suite struct ArchiveFetchTests {
  private let scratch: Scratch
  private static let contents: [(name: String, bytes: [UInt8])] = [
    ("a.bin", (0..<1300).map { UInt8($0 % 251) }), ("b.bin", Array("b".utf8)),
    ("c.bin", [UInt8](repeating: 7, count: 512)),
  ]

  init() throws { scratch = try Scratch() }

  /// What the official archive holds: the folder, the files, and text that is not wanted.
  private static var entries: [Tar.Entry] {
    let files = contents.map { Tar.Entry(name: "set-bin/\($0.name)", bytes: $0.bytes) }
    return [Tar.Entry(name: "set-bin/", type: UInt8(ascii: "5")), files[1]]
      + [Tar.Entry(name: "set-bin/readme.html", bytes: Array("<html>".utf8)), files[0], files[2]]
  }

  /// Pins that agree with the archive as it is served, whatever is in it.
  private func remote(_ archive: [UInt8]) -> RemoteArchive {
    RemoteArchive(
      archive: RemoteFile(
        name: "set.tar.gz", urls: ["https://one/set.tar.gz"], byteCount: archive.count, sha256: digest(archive),
        unpacked: nil),
      folder: "set-bin",
      members: Self.contents.map {
        .init(name: $0.name, content: .init(byteCount: $0.bytes.count, sha256: digest($0.bytes)))
      })
  }

  private func fetch(_ archive: [UInt8], served: [UInt8]? = nil) throws -> (folder: String, requests: Int) {
    let transport = FakeTransport(["https://one/set.tar.gz": .bytes(served ?? archive)])
    let folder = try DatasetFetcher(transport: transport).fetch(remote(archive), to: "\(scratch.path)/set")
    return (folder, transport.requests)
  }

  /// Everything below the scratch folder, hidden files too.
  private var everything: [String] { (FileManager.default.subpaths(atPath: scratch.path) ?? []).sorted() }

  private static let whole = ["set", "set/set-bin", "set/set-bin/a.bin", "set/set-bin/b.bin", "set/set-bin/c.bin"]

  private static let magics: [[UInt8]] = [Array("ustar\u{0}00".utf8), Array("ustar  \u{0}".utf8), []]

  @Test(arguments: magics)
  func theMembersAndNothingElseAreLeft(magic: [UInt8]) throws {
    var entries = Self.entries
    for index in entries.indices { entries[index].magic = magic }
    let archive = Gzip.pack(Tar.pack(entries))
    let (folder, requests) = try fetch(archive)
    #expect(folder == "\(scratch.path)/set/set-bin")
    #expect(requests == 1)
    #expect(everything == Self.whole)
    for (name, bytes) in Self.contents { #expect(scratch.read("set/set-bin/\(name)") == bytes) }
    // A second fetch finds them, checks them, and downloads nothing.
    #expect(try fetch(archive).requests == 0)
  }

  @Test func aSpoiltMemberIsFetchedAnew() throws {
    let archive = Gzip.pack(Tar.pack(Self.entries))
    _ = try fetch(archive)
    try scratch.write([UInt8](repeating: 8, count: 512), "set/set-bin/c.bin")
    #expect(try fetch(archive).requests == 1)
    #expect(scratch.read("set/set-bin/c.bin") == Self.contents[2].bytes)
    #expect(everything == Self.whole)
  }

  @Test func anArchivePutThereByHandIsUnpackedWithoutANetwork() throws {
    let archive = Gzip.pack(Tar.pack(Self.entries))
    try scratch.write(archive, "set/set.tar.gz")
    let transport = FakeTransport([:])
    _ = try DatasetFetcher(transport: transport).fetch(remote(archive), to: "\(scratch.path)/set")
    #expect(transport.requests == 0)
    // It is not ours to remove, nor when there is nothing to do.
    #expect(everything == (Self.whole + ["set/set.tar.gz"]).sorted())
    _ = try DatasetFetcher(transport: transport).fetch(remote(archive), to: "\(scratch.path)/set")
    #expect(everything == (Self.whole + ["set/set.tar.gz"]).sorted())
  }

  @Test func namesWithADotBeforeThemAndPrefixesAreTheSame() throws {
    var entries = Self.entries
    for index in entries.indices { entries[index].name = "./" + entries[index].name }
    entries[3].name = "a.bin"
    entries[3].prefix = "set-bin"
    _ = try fetch(Gzip.pack(Tar.pack(entries)))
    #expect(everything == Self.whole)
  }

  @Test func aWrongArchiveIsNeverUnpacked() throws {
    let archive = Gzip.pack(Tar.pack(Self.entries))
    for served in [Array(archive.dropLast(9)), [9] + archive.dropFirst(), []] {
      let error = try #require(throws: DatasetError.self) { try fetch(archive, served: served) }
      #expect(error.kind == .download)
      #expect(error.description.contains("not the right file"))
      #expect(everything == ["set"])
    }
  }

  /// Entries that are no members: whatever their names and kinds, they are passed over, and nothing is made of them.
  @Test func hostileNamesTouchNothing() throws {
    let outside = try scratch.write([1], "outside")
    var entries: [Tar.Entry] = []
    for name in ["../outside", "../../x", outside, "set-bin/../../x", "a.bin", "set-bin//a.bin", "set-bin/a.bin/", ""] {
      entries.append(Tar.Entry(name: name, bytes: [6, 6, 6]))
      entries.append(Tar.Entry(name: name, type: UInt8(ascii: "2"), link: "/"))
      entries.append(Tar.Entry(name: name, type: UInt8(ascii: "5")))
    }
    entries.append(Tar.Entry(name: "set-bin", type: UInt8(ascii: "2"), link: ".."))
    entries.append(Tar.Entry(name: "set-bin/x", type: UInt8(ascii: "x"), link: ""))
    _ = try fetch(Gzip.pack(Tar.pack(entries + Self.entries)))
    #expect(everything == ["outside"] + Self.whole)
    #expect(scratch.read("outside") == [1])
  }

  struct Spoilt: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let archive: [UInt8]
    let says: [String]

    init(_ what: String, _ archive: [UInt8], _ says: String...) {
      (testDescription, self.archive, self.says) = (what, archive, says)
    }

    /// The good archive with its member `a.bin` changed.
    init(_ what: String, _ says: String..., change: (inout Tar.Entry) -> Void) {
      var entries = ArchiveFetchTests.entries
      change(&entries[3])
      (testDescription, archive, self.says) = (what, Gzip.pack(Tar.pack(entries)), says)
    }
  }

  private static let tar = Tar.pack(entries)

  static let spoilt: [Spoilt] = [
    Spoilt("no archive at all", Gzip.pack([UInt8](repeating: 1, count: 600)), "byte 0 (unpacked)", "no tar header"),
    Spoilt("too small for a header", Gzip.pack([1, 2, 3]), "509 more bytes"),
    Spoilt("a member missing", Gzip.pack(Tar.pack(entries.dropLast())), "there is no set-bin/c.bin in the archive"),
    Spoilt("no entries", Gzip.pack(Tar.pack([])), "there is no set-bin/a.bin in the archive"),
    Spoilt("a member twice", Gzip.pack(Tar.pack(entries + entries)), "set-bin/b.bin: it is there twice"),
    Spoilt("a member of another size", "set-bin/a.bin: it has 1299 bytes; expected one file of 1300") {
      $0.bytes.removeLast()
    },
    Spoilt("a member of other bytes", "the SHA-256 of a.bin in it is") { $0.bytes[7] ^= 1 },
    Spoilt("a symbolic link for a member", "set-bin/a.bin: a symbolic link is in its place") {
      ($0.type, $0.bytes, $0.link) = (UInt8(ascii: "2"), [], "/etc/passwd")
    },
    Spoilt("a hard link for a member", "set-bin/a.bin: a hard link is in its place") {
      ($0.type, $0.bytes, $0.link) = (UInt8(ascii: "1"), [], "set-bin/b.bin")
    },
    Spoilt("a folder for a member", "set-bin/a.bin: a folder is in its place") {
      ($0.type, $0.bytes) = (UInt8(ascii: "5"), [])
    },
    Spoilt("a device for a member", "something else is in its place (tar's type 51)") {
      ($0.type, $0.bytes) = (UInt8(ascii: "3"), [])
    },
    Spoilt("a size that is no number", "whose size is no octal number") { $0.size = "0000000129x" },
    Spoilt("a negative size", "whose size is no octal number") { $0.size = "-0000000001" },
    Spoilt("GNU's binary size", "whose size is no octal number") { $0.size = "\u{7f}\u{7f}\u{7f}" },
    Spoilt("the greatest size", "set-bin/a.bin: it has 68719476735 bytes") { $0.size = "777777777777" },
    Spoilt("the greatest size, passed over", "over 16777216 bytes that are no part of the data set") {
      ($0.name, $0.size) = ("x", "777777777777")
    },
    Spoilt("a wrong checksum", "byte 2560 (unpacked)", "no tar header") { $0.checksum = "0000001\u{0}" },
    Spoilt("a checksum that is no number", "no tar header") { $0.checksum = "zzz" },
    Spoilt("no end", Gzip.pack(Tar.pack(entries, end: false)), "a tar header"),
    Spoilt("gzip cut off", Array(Gzip.pack(tar).dropLast(1400)), "stop before their end"),
  ]

  /// The archive agrees with its own pin; only the reader stands between it and the disk.
  @Test(arguments: spoilt)
  func aBadArchiveLeavesNoMember(_ spoilt: Spoilt) throws {
    let error = try #require(throws: DatasetError.self) { try fetch(spoilt.archive) }
    for words in spoilt.says { #expect(error.description.contains(words), "\(error)") }
    #expect(!error.description.contains("\n"))
    #expect(error.file == "\(scratch.path)/set/set.tar.gz")
    #expect(everything == ["set", "set/set-bin", "set/set.tar.gz"])
  }

  /// Cut the unpacked archive at every block and in between: each cut is an error, none a crash, and none leaves a file.
  @Test func everyTruncationIsAnError() throws {
    let lengths = Array(stride(from: 0, to: Self.tar.count - 1023, by: 256))
    #expect(lengths.count > 16)
    for length in lengths {
      #expect(throws: DatasetError.self, "cut to \(length) bytes") {
        try fetch(Gzip.pack(Array(Self.tar.prefix(length))))
      }
      #expect(everything.allSatisfy { !$0.hasSuffix(".bin") })
      try scratch.remove("set")
    }
  }

  @Test func aStopWhileUnpackingLeavesNoMember() throws {
    let archive = Gzip.pack(Tar.pack(Self.entries))
    try scratch.write(archive, "set/set.tar.gz")
    let fetcher = DatasetFetcher(transport: FakeTransport([:]), isCancelled: { true })
    let error = try #require(throws: DatasetError.self) {
      try fetcher.fetch(remote(archive), to: "\(scratch.path)/set")
    }
    #expect(error.description.contains("stopped before it was complete"))
    #expect(everything == ["set", "set/set-bin", "set/set.tar.gz"])
  }

  @Test func whatAKilledFetchLeftIsClearedAway() throws {
    // No process has this id: it is above Linux's and macOS's greatest.
    try scratch.write([1], "set/set-bin/.partial-2147483646-a.bin")
    try scratch.write([1], "set/.partial-2147483646-set.tar.gz")
    _ = try fetch(Gzip.pack(Tar.pack(Self.entries)))
    #expect(everything == Self.whole)
  }

  @Test func theOfficialArchiveIsPinned() throws {
    let remote = CIFAR10.remoteArchive
    #expect(remote.archive.byteCount == 170_052_171 && remote.archive.sha256.count == 64)
    #expect(remote.archive.urls.allSatisfy { $0.hasPrefix("https://") && $0.hasSuffix("/cifar-10-binary.tar.gz") })
    #expect(remote.members.map(\.name) == CIFAR10.trainFiles + [CIFAR10.testFile])
    #expect(remote.members.allSatisfy { $0.content.byteCount == 30_730_000 && $0.content.sha256.count == 64 })
    #expect(Set(remote.members.map(\.content.sha256)).count == 6)
    // It is found where it is fetched to.
    #expect(CIFAR10.layout.subfolders.contains("cifar10/\(remote.folder)"))
  }
}
