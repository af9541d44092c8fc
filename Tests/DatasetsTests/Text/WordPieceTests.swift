import Foundation
import Testing

@testable import Datasets

@Suite struct WordPieceTests {
  private static let specials = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"

  @Test func hardTextsAreTakenApartAsByTokenizers() throws {
    let tokenizer = WordPieceTokenizer(try WordPieceVocabulary(file: TextGolden.vocabulary))
    let cases = try TextGolden.cases()
    #expect(cases.count > 30)
    for entry in cases {
      #expect(tokenizer.encode(entry.text) == entry.ids, "\(entry.text.debugDescription)")
    }
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func realLinesAreTakenApartAsByTokenizers() throws {
    let text = try #require(RealData.text)
    let tokenizer = WordPieceTokenizer(try WordPieceVocabulary(file: "\(text)/bert-base-uncased-vocab.txt"))
    let golden = try TextGolden.real()
    var count = 0
    for (name, digests) in golden.wordpiece {
      let reader = try LineReader(file: "\(text)/\(name)")
      var lines: [[Int32]] = []
      while let line = try reader.next() { lines.append(tokenizer.encode(try reader.text(line))) }
      count += lines.count
      let found = stride(from: 0, to: lines.count, by: golden.chunk).map {
        TextGolden.digest(Array(lines[$0..<min(lines.count, $0 + golden.chunk)]))
      }
      for (index, pair) in zip(found, digests).enumerated() where pair.0 != pair.1 {
        Issue.record("\(name), lines \(index * golden.chunk + 1) to \((index + 1) * golden.chunk)")
      }
      #expect(found.count == digests.count)
    }
    #expect(count > 50_000)
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func everyCharacterIsWhatItIsToTokenizers() throws {
    let text = try #require(RealData.text)
    let tokenizer = WordPieceTokenizer(try WordPieceVocabulary(file: "\(text)/bert-base-uncased-vocab.txt"))
    for range in try TextGolden.real().scalars {
      let scalars = stride(from: Int(range.first), to: Int(range.last), by: range.step)
        .compactMap { UInt32($0) }.compactMap(Unicode.Scalar.init)
      let words = scalars.map { "un\($0)able \($0)" }
      let texts = stride(from: 0, to: words.count, by: 50).map {
        words[$0..<min(words.count, $0 + 50)].joined(separator: " ")
      }
      #expect(
        TextGolden.digest(texts.map { tokenizer.encode($0) }) == range.digest, "from \(String(range.first, radix: 16))")
    }
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func theRealVocabularyIsTheOfficialOne() throws {
    let file = "\(try #require(RealData.text))/bert-base-uncased-vocab.txt"
    let vocabulary = try WordPieceVocabulary(file: file)
    #expect(vocabulary.count == 30_522)
    #expect(WordPieceVocabulary.Special.allCases.map(vocabulary.id(of:)) == [0, 100, 101, 102, 103])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    #expect(vocabulary.digest == TextGolden.digest(bytes))
    #expect(vocabulary.pieces[1996] == "the" && vocabulary.id(of: "the") == 1996)
    // What the tokenizer relies on: no piece has a mark that stays and moves among others (see BERTCharacters).
    let scalars = vocabulary.pieces.joined().unicodeScalars
    #expect(scalars.allSatisfy { $0.properties.canonicalCombiningClass == .notReordered })
  }

  @Test func specialPiecesAreTextWhereNobodyAskedForThem() throws {
    let scratch = try Scratch()
    let file = try scratch.write(Self.specials + "[\n]\nmask\na\n", "v.txt")
    let tokenizer = WordPieceTokenizer(try WordPieceVocabulary(file: file))
    #expect(tokenizer.encode("a[MASK] [UNK]") == [8, 4, 1])
    #expect(tokenizer.encode("a[MASK] [UNK]", recognizing: [.unknown]) == [8, 5, 7, 6, 1])
    #expect(tokenizer.encode("[MASK]", recognizing: []) == [5, 7, 6])
  }

  @Test func aVocabularyWithoutContinuationsWorks() throws {
    let scratch = try Scratch()
    let file = try scratch.write(Self.specials + "a\nab", "v.txt")
    let tokenizer = WordPieceTokenizer(try WordPieceVocabulary(file: file))
    #expect(tokenizer.encode("a AB aba b") == [5, 6, 1, 1])
  }

  @Test(arguments: [
    ("[PAD]\n[UNK]\n[CLS]\na\n", "its 4 pieces lack [SEP], [MASK]"),
    (specials + "a\n\nb\n", "line 7: an empty line"),
    (specials + "a\nb\na\n", "line 8: 'a', as in line 6"),
    (specials + String(repeating: "a", count: 5000), "line 6: a line of 5000 bytes or more"),
  ])
  func aBadVocabularySaysWhatIsWrong(text: String, message: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write(text, "v.txt")
    let error = try #require(throws: DatasetError.self) { try WordPieceVocabulary(file: file) }
    #expect(error.description.contains(message), "\(error)")
    #expect(error.description.hasPrefix(file))
  }

  @Test func aVocabularyThatIsNoTextSaysSo() throws {
    let scratch = try Scratch()
    let file = try scratch.write(Array(Self.specials.utf8) + [0x61, 0xFF, 10], "v.txt")
    let error = try #require(throws: DatasetError.self) { try WordPieceVocabulary(file: file) }
    #expect(error.description.contains("line 6, byte 2: 0xff there is no UTF-8"))
  }
}
