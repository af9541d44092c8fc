import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Broken text files: each is refused with one line that says where, or read; never a crash (`TextReader`).
@Suite struct TextReaderTests {
  private let scratch: Scratch
  private let words: WordVocabulary

  init() throws {
    scratch = try Scratch()
    words = try WordVocabulary([["the", "of", "a", ",", ". . .", "é"]])
  }

  /// - Returns: How much was read; nil of a file that was refused.
  private func read(_ reader: TextReader, _ bytes: [UInt8], _ what: String) throws -> (count: Int?, error: String) {
    let file = try scratch.write(bytes, "file")
    do {
      return (try reader.read(file, words: words), "")
    } catch {
      if let fault = TextReader.fault(of: error, file: file) { Issue.record("\(what): \(fault): \(error)") }
      return (nil, error.description)
    }
  }

  /// What the fuzzer kept, Tests/Fuzz/TextCorpus: the first byte of each is its reader's letter. (A digest is checked
  /// here, which the fuzzer's stand-in lets pass.)
  @Test func everythingThatTheFuzzerKeptIsReadOrRefused() throws {
    let corpus = packageFolder.appendingPathComponent("Tests/Fuzz/TextCorpus")
    var (read, refused): (Set<TextReader>, Set<TextReader>) = ([], [])
    for url in try FileManager.default.contentsOfDirectory(at: corpus, includingPropertiesForKeys: nil) {
      let bytes = [UInt8](try Data(contentsOf: url))
      let letter = bytes.first.map { Character(UnicodeScalar($0)) }
      guard let reader = letter.flatMap(TextReader.init) else { continue }
      let result = try self.read(reader, Array(bytes.dropFirst()), url.lastPathComponent)
      if result.count == nil { refused.insert(reader) } else { read.insert(reader) }
    }
    #expect(read.isSuperset(of: TextReader.allCases.filter { $0 != .examples }))
    #expect(refused == Set(TextReader.allCases))
  }

  /// A file's head, in which every reader finds at least one thing to read.
  private static let heads: [(reader: TextReader, file: String, bytes: Int)] = [
    (.glove, "glove.6B.50d.subset.txt", 3000), (.word2vec, "word2vec.50d.subset.bin", 3000),
    (.sentences, "sst5/train.txt", 2000), (.sentences, "trec6/train.txt", 2000),
    (.vocabulary, "bert-base-uncased-vocab.txt", 9000), (.lines, "corpus/tinyshakespeare.txt", 2000),
    (.wikiText, "corpus/wikitext-2.valid.txt", 4000),
  ]

  /// Real files cut short, with bits turned, bytes of no UTF-8 and lines of other files put in, 150 times each.
  @Test(
    .enabled(if: RealData.text != nil, "the text data are not beside the package"), arguments: Self.heads.indices)
  func realFilesThatAreBrokenAreReadOrRefused(_ index: Int) throws {
    let head = Self.heads[index]
    let folder = try #require(RealData.text)
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(folder)/\(head.file)"))
    let whole = [UInt8](try handle.read(upToCount: head.bytes) ?? Data())
    var numbers = MixStreams(seed: UInt64(index)).numbers("broken files")
    var refused = 0
    for round in 0..<150 {
      var bytes = whole
      let place = Int.random(in: 0..<bytes.count, using: &numbers)
      switch round % 5 {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
      case 2: bytes.insert(contentsOf: [0xC3, 0x28, 0xFF, 0xED, 0xA0, 0x80].shuffled(using: &numbers), at: place)
      case 3: bytes.replaceSubrange(0..<min(6, bytes.count), with: Array("99999999999999999999 2147483647\n".utf8))
      default: bytes.insert(contentsOf: [0, 10, 13, 27, 32].shuffled(using: &numbers), at: place)
      }
      if try read(head.reader, bytes, "\(head.file), round \(round)").count == nil { refused += 1 }
    }
    #expect(refused >= 10, "the changes are such that readers notice")
  }

  /// What a file holds is told without its control characters, and not at length.
  @Test func whatTheFileHoldsBreaksNoLine() throws {
    let number = try read(.glove, Array("the 1 2\nof \u{1B}[2J\u{7} 2\n".utf8), "escape").error
    #expect(number.contains(#"line 2, number 1: '\u{1B}[2J\u{07}'"#), "\(number)")
    let piece = String(repeating: "x", count: 3000)
    let twice = try read(.vocabulary, Array("\(piece)\n\(piece)\n".utf8), "long").error
    #expect(twice.contains("line 2: 'xxxx") && twice.utf8.count < 500)
  }
}
