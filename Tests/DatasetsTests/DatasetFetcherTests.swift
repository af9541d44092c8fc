import Foundation
import Synchronization
import Testing

@testable import Datasets

@Suite struct DatasetFetcherTests {
  private let scratch: Scratch
  private let content = [UInt8]("the right bytes".utf8)

  init() throws { scratch = try Scratch() }

  private var packed: [UInt8] { Gzip.pack(content) }

  private var file: RemoteFile {
    RemoteFile(
      name: "f.gz", urls: ["https://one/f.gz", "https://two/f.gz"], byteCount: packed.count, sha256: digest(packed),
      unpacked: .init(byteCount: content.count, sha256: digest(content)))
  }

  @Test func theFirstMirrorThatServesTheRightBytesIsTaken() throws {
    let transport = FakeTransport(["https://one/f.gz": .failure("404"), "https://two/f.gz": .bytes(packed)])
    try DatasetFetcher(transport: transport).fetch([file], to: "\(scratch.path)/cache/deep")
    #expect(scratch.read("cache/deep/f.gz") == packed)
    #expect(transport.requests == 2)
    // A second fetch finds it there, checks it, and downloads nothing.
    try DatasetFetcher(transport: transport).fetch([file], to: "\(scratch.path)/cache/deep")
    #expect(transport.requests == 2)
  }

  /// Writes half, then the rest, and asks after each whether to go on.
  private struct SlowTransport: DownloadTransport {
    let bytes: [UInt8]
    func download(
      _ url: String, to file: String, byteCount: Int, isCancelled: @Sendable () -> Bool
    ) throws(DownloadFailure) {
      for count in [0, bytes.count / 2, bytes.count] {
        if count > 0, !FileManager.default.createFile(atPath: file, contents: Data(bytes.prefix(count))) {
          throw .failed("cannot write")
        }
        if isCancelled() { throw .cancelled }
      }
    }
  }

  @Test func whatHasArrivedIsTold() throws {
    let told = Mutex<[String]>([])
    let fetcher = DatasetFetcher(
      transport: SlowTransport(bytes: packed),
      progress: { name, done, total in told.withLock { $0.append("\(name) \(done)/\(total)") } })
    try fetcher.fetch([file], to: scratch.path)
    let all = packed.count
    #expect(told.withLock { $0 } == ["f.gz 0/\(all)", "f.gz \(all / 2)/\(all)", "f.gz \(all)/\(all)"])
  }

  @Test func aWrongDigestIsNeverInstalled() throws {
    var wrong = packed
    wrong[12] ^= 1
    let transport = FakeTransport(["https://one/f.gz": .bytes(wrong), "https://two/f.gz": .bytes([1, 2, 3])])
    let error = try #require(throws: DatasetError.self) {
      try DatasetFetcher(transport: transport).fetch([file], to: scratch.path)
    }
    #expect(error.kind == .download)
    #expect(error.description.contains("https://one/f.gz (not the right file: the SHA-256 of the file is"))
    #expect(error.description.contains(digest(packed)))
    #expect(error.description.contains("https://two/f.gz (not the right file: it has 3 bytes"))
    #expect(scratch.names == [])
  }

  @Test func theUnpackedBytesAreCheckedToo() throws {
    let other = RemoteFile(
      name: "f.gz", urls: ["https://one/f.gz"], byteCount: packed.count, sha256: digest(packed),
      unpacked: .init(byteCount: content.count, sha256: digest([0])))
    let error = try #require(throws: DatasetError.self) {
      try DatasetFetcher(transport: FakeTransport(["https://one/f.gz": .bytes(packed)])).fetch(
        [other], to: scratch.path)
    }
    #expect(error.description.contains("the SHA-256 of the unpacked file is \(digest(content))"))
    #expect(scratch.names == [])
  }

  @Test func offlineNamesAllThatWasTried() throws {
    let error = try #require(throws: DatasetError.self) {
      try DatasetFetcher(transport: FakeTransport([:])).fetch([file], to: scratch.path)
    }
    #expect(error.kind == .download)
    #expect(error.description.contains("https://one/f.gz (could not resolve host)"))
    #expect(error.description.contains("https://two/f.gz (could not resolve host)"))
    #expect(error.description.contains("--data"))
    #expect(!error.description.contains("\n"))
    #expect(scratch.names == [])
  }

  @Test func anInterruptedFetchLeavesNothing() throws {
    let transport = FakeTransport(["https://one/f.gz": .interrupted(Array(packed.prefix(9)))])
    let error = try #require(throws: DatasetError.self) {
      try DatasetFetcher(transport: transport).fetch([file], to: scratch.path)
    }
    #expect(error.description.contains("stopped before it was complete"))
    // It is stopped, not tried at the next mirror.
    #expect(transport.requests == 1)
    #expect(scratch.names == [])
  }

  @Test func whatAKilledFetchLeftIsClearedAway() throws {
    // No process has this id: it is above Linux's and macOS's greatest.
    try scratch.write([1, 2], ".partial-2147483646-f.gz")
    try DatasetFetcher(transport: FakeTransport(["https://one/f.gz": .bytes(packed)])).fetch([file], to: scratch.path)
    #expect(scratch.names == ["f.gz"])
  }

  @Test func aSpoiltFileInTheCacheIsFetchedAnew() throws {
    try scratch.write([1, 2, 3], "f.gz")
    try DatasetFetcher(transport: FakeTransport(["https://one/f.gz": .bytes(packed)])).fetch([file], to: scratch.path)
    #expect(scratch.read("f.gz") == packed)
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let inTheWay = try scratch.write([1], "file")
    let error = try #require(throws: DatasetError.self) {
      try DatasetFetcher(transport: FakeTransport([:])).fetch([file], to: "\(inTheWay)/mnist")
    }
    #expect(error.description.contains("\(inTheWay)/mnist: the folder cannot be made"))
  }

  /// The pins of the unpacked files are those of the real ones.
  @Test(.enabled(if: RealData.mnist != nil, "the full MNIST is not beside the package"))
  func theUnpackedPinsAreThoseOfTheRealFiles() throws {
    let folder = try #require(RealData.mnist)
    #expect(MNIST.remoteFiles.count == 4)
    for remote in MNIST.remoteFiles {
      let pin = try #require(remote.unpacked)
      let stream = try ByteStream(file: "\(folder)/\(remote.name)")
      #expect(try stream.digest(ofUpTo: pin.byteCount) == pin.sha256, "\(remote.name)")
      try stream.requireEnd(after: remote.name)
    }
  }

  /// curl itself, kept off the network: only https is spoken, so this is refused before anything is sent.
  @Test func curlsRefusalIsReported() throws {
    let failure = try #require(throws: DownloadFailure.self) {
      try CurlTransport().download("file:///etc/hostname", to: "\(scratch.path)/f", byteCount: 10) { false }
    }
    guard case .failed(let reason) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(!reason.isEmpty && !reason.contains("\n"))
    #expect(scratch.names == [])
  }
}
