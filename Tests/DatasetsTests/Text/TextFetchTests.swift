import Foundation
import Testing

@testable import Datasets

/// Fetching the text data, with the real files' bytes and no network.
@Suite(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
struct TextFetchTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let names = ["train", "dev", "test"]

  /// What the places serve: our copies are theirs, but for one character that ours has as UTF-8.
  private static func served(_ set: String) throws -> [(file: RemoteFile, bytes: [UInt8])] {
    let text = try #require(RealData.text)
    func bytes(_ path: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(text)/\(path)")))
    }
    switch set {
    case "sst2": return try zip(SST2.remoteFiles, names).map { ($0, try bytes("sst2/\($1).txt")) }
    case "sst5": return try zip(SST5.remoteFiles, names).map { ($0, try bytes("sst5/\($1).txt")) }
    case "trec6":
      let (train, test) = (try bytes("trec6/train.txt"), try bytes("trec6/test.txt"))
      let place = try #require(train.firstIndex(of: 0xC3))
      #expect(train[place...].starts(with: Array("ð".utf8)))
      let latin1 = train[..<place] + [0xF0] + train[(place + 2)...]
      return [(TREC6.remoteFiles[0], Array(latin1)), (TREC6.remoteFiles[1], test)]
    default: return [(WordPieceVocabulary.remoteFile, try bytes("bert-base-uncased-vocab.txt"))]
    }
  }

  private static func transport(_ set: String, spoiling spoilt: Int? = nil) throws -> FakeTransport {
    var answers: [String: FakeTransport.Answer] = [:]
    for (index, (file, whole)) in try served(set).enumerated() {
      var bytes = whole
      if index == spoilt { bytes[bytes.count / 2] ^= 1 }
      for url in file.urls { answers[url] = .bytes(bytes) }
    }
    return FakeTransport(answers)
  }

  private func fetch(_ set: String, _ transport: FakeTransport) throws -> String {
    let fetcher = DatasetFetcher(transport: transport)
    switch set {
    case "sst2": return try fetcher.fetchSST2(cache: cache)
    case "sst5": return try fetcher.fetchSST5(cache: cache)
    case "trec6": return try fetcher.fetchTREC6(cache: cache)
    default: return try fetcher.fetchBERTVocabulary(cache: cache)
    }
  }

  private var cache: String { locator.cache }

  private var locator: DatasetLocator {
    DatasetLocator(
      environment: ["XDG_CACHE_HOME": scratch.path, "IDINIT_DEPS": "\(scratch.path)/none"], executable: nil,
      workingFolder: scratch.path)
  }

  private static let sets = ["sst2", "sst5", "trec6", "bert-vocabulary"]

  @Test(arguments: sets)
  func whatIsFetchedIsFoundAndIsNotFetchedAgain(set: String) throws {
    let count = try Self.served(set).count
    let transport = try Self.transport(set)
    let folder = try fetch(set, transport)
    #expect(transport.requests == count)
    switch set {
    case "sst2": #expect(try locator.sst2().isOfficial)
    case "sst5": #expect(try locator.sst5().isOfficial)
    case "trec6":
      let found = try locator.trec6()
      #expect(found.isOfficial && found.location == folder)
      #expect(found.train.sentences[65].contains("sisterðcity"))
    default:
      let file = try locator.textFile([WordPieceVocabulary.remoteFile.name], what: "", advice: "")
      #expect(file == "\(folder)/bert-base-uncased-vocab.txt")
      #expect(try WordPieceVocabulary(file: file).count == 30_522)
    }
    #expect(try fetch(set, transport) == folder)
    #expect(transport.requests == count)
  }

  @Test(arguments: sets)
  func oneWrongBitIsRefusedAndLeavesNothing(set: String) throws {
    let last = try Self.served(set).count - 1
    let error = try #require(throws: DatasetError.self) { try fetch(set, Self.transport(set, spoiling: last)) }
    #expect(error.kind == .download)
    #expect(error.description.contains("not the right file: the SHA-256 of the file is"), "\(error)")
    let kept = try Self.served(set).dropLast().map { $0.file.name }.sorted()
    let there = FileManager.default.subpaths(atPath: scratch.path) ?? []
    // What arrived whole before it is kept.
    let files = there.filter { $0.split(separator: "/").count == 3 }  // idinit/SET/FILE
    #expect(files.map { ($0 as NSString).lastPathComponent }.sorted() == kept)
  }

  /// Without them the error says which command brings them.
  @Test func absentDataNameTheCommandThatBringsThem() throws {
    for (set, find) in [
      ("sst2", { _ = try locator.sst2() }), ("sst5", { _ = try locator.sst5() }),
      ("trec6", { _ = try locator.trec6() }),
    ] as [(String, () throws -> Void)] {
      let error = try #require(throws: DatasetError.self) { try find() }
      #expect(error.description.contains("`idinit-lab fetch \(set)` downloads it"), "\(error)")
    }
  }

  /// Only TREC's files may be Latin-1, and only where they are no UTF-8.
  @Test func latin1IsTakenForTRECAlone() throws {
    try scratch.write(Array("0 caf".utf8) + [0xE9] + Array(" ?\n1 café\n".utf8), "trec6/train.txt")
    try scratch.write("0 who\n", "trec6/test.txt")
    #expect(try TREC6.load(from: "\(scratch.path)/trec6").train.sentences == ["café ?", "café"])
    for name in Self.names { try scratch.write(Array("0 caf".utf8) + [0xE9] + Array("\n".utf8), "sst2/\(name).txt") }
    let error = try #require(throws: DatasetError.self) { try SST2.load(from: "\(scratch.path)/sst2") }
    #expect(error.description.contains("0xe9 there is no UTF-8"))
  }
}
