import Foundation
import Testing

@testable import Datasets

@Suite struct WordVectorTests {
  private let scratch: Scratch
  private let vocabulary: WordVocabulary

  init() throws {
    scratch = try Scratch()
    vocabulary = try WordVocabulary([["the", "of", "a b", "zebra"]])
  }

  private func glove(_ text: String, dimension: Int? = nil) throws -> WordVectors {
    try GloVeFile.read(scratch.write(text, "glove.txt"), for: vocabulary, dimension: dimension)
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func theRealVectorsAreNumpysInBothFormats() throws {
    let text = try #require(RealData.text)
    let golden = try TextGolden.real().vectors
    let lines = try String(contentsOfFile: "\(text)/glove.6B.50d.subset.txt", encoding: .utf8).split(separator: "\n")
    let words = lines.map { String($0.prefix { $0 != " " }) }
    #expect(words.count == golden.words)
    let chosen = stride(from: 0, to: words.count, by: golden.every).map { words[$0] }
    let vocabulary = try WordVocabulary([chosen])
    let fromText = try GloVeFile.read("\(text)/glove.6B.50d.subset.txt", for: vocabulary)
    let fromBinary = try Word2VecFile.read("\(text)/word2vec.50d.subset.bin", for: vocabulary, dimension: 50)
    for vectors in [fromText, fromBinary] {
      #expect(vectors.dimension == 50 && vectors.foundCount == chosen.count && vectors.duplicateCount == 0)
      #expect(vectors.values.prefix(50).allSatisfy { $0 == 0 }, "padding")
      let bytes = vectors.values.dropFirst(50).flatMap { value in
        (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 255) }
      }
      #expect(TextGolden.digest(bytes) == golden.digest)
    }
    let the = try GloVeFile.read("\(text)/glove.6B.50d.subset.txt", for: self.vocabulary)
    #expect(the.values[50..<54].elementsEqual(golden.the))
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func theCoverageIsWhatTheDataSay() throws {
    let text = try #require(RealData.text)
    let set = try SST2.load(from: "\(text)/sst2")
    let parts = [set.train, set.validation, set.test].compactMap { $0 }
    let sentences = parts.flatMap(\.sentences).map { SentenceCleaning.none.words(of: $0, lowercased: true) }
    let vocabulary = try WordVocabulary(sentences)
    let vectors = try GloVeFile.read("\(text)/glove.6B.50d.subset.txt", for: vocabulary)
    // From the data's README: 16,114 of 17,575.
    #expect(vocabulary.count - 1 == 17_575 && vectors.foundCount == 16_114)
  }

  @Test func wordsOfTheVocabularyAreKept() throws {
    let vectors = try glove("of 1 -2.5\nnobody 9 9\na b 3e-1 4\nthe 0.25 +5\nof 7 7\n")
    #expect(vectors.dimension == 2)
    #expect(vectors.values == [0, 0, 0.25, 5, 1, -2.5, 0.3, 4, 0, 0])
    #expect(vectors.isFound == [false, true, true, true, false])
    #expect(vectors.foundCount == 3 && vectors.duplicateCount == 1)
  }

  @Test func wordsWithoutAVectorGetARandomOne() throws {
    var sentences = [["the"]]
    for index in 0..<400 { sentences.append(["w\(index)"]) }
    let many = try WordVocabulary(sentences)
    let numbers = (1...50).map { "\($0)" }.joined(separator: " ")
    let vectors = try GloVeFile.read(scratch.write("the \(numbers)\n", "g.txt"), for: many)
    let weights = vectors.embedding(using: MixStreams(seed: 3))
    #expect(weights.count == 402 * 50)
    #expect(weights[..<50].allSatisfy { $0 == 0 })
    #expect(weights[50..<100].elementsEqual((1...50).map(Float.init)))
    let drawn = weights[100...].map(Double.init)
    #expect(drawn.allSatisfy { abs($0) < 0.25 })
    // Uniform: variance 0.25²/3; that of its estimate is (4/45) 0.25⁴ / n. A bound wrong by 5 % is far out.
    let variance = drawn.reduce(0) { $0 + $1 * $1 } / Double(drawn.count)
    let error = 0.0625 * (4.0 / 45 / Double(drawn.count)).squareRoot()
    #expect(abs(variance - 0.0625 / 3) < 4 * error)
    #expect(abs(1.05 * 1.05 - 1) * 0.0625 / 3 > 8 * error)
    #expect(vectors.embedding(using: MixStreams(seed: 3)) == weights)
    #expect(vectors.embedding(using: MixStreams(seed: 4)) != weights)
  }

  @Test(
    arguments: [
      ("the 1 2\nof 1\n", nil, "line 2: 1 numbers; expected a word and 2 numbers"),
      ("the 1 2\nof 1 2 3\n", nil, "line 2: 3 numbers; expected a word and 2 numbers"),
      ("the 1 2\n", 3, "line 1: 2 numbers; expected a word and 3 numbers"),
      ("the 1 2 3\n", 2, "line 1: 3 numbers"),
      ("the 1 2\n\nof 1 2\n", nil, "line 2: 0 numbers"),
      ("the 1 x\n", nil, "line 1, number 2: 'x'; expected a finite decimal number"),
      ("the 1 nan\n", nil, "line 1, number 2: 'nan'"),
      ("the 1 1e39\n", nil, "line 1, number 2: '1e39'"),
      ("the 1 0x10\n", nil, "line 1, number 2: '0x10'"),
      ("the  1\n", nil, "line 1, number 1: ''"),
      ("400000 50\nthe 1\n", nil, "line 1: a header, as word2vec's text format has it"),
      ("the\n", nil, "line 1: 0 numbers"),
    ] as [(String, Int?, String)])
  func aBadLineOfGloVeIsNamed(text: String, dimension: Int?, message: String) throws {
    let error = try #require(throws: DatasetError.self) { try glove(text, dimension: dimension) }
    #expect(error.description.contains(message), "\(error)")
  }

  @Test func aLineWithoutEndIsNotHeld() throws {
    let file = try scratch.write([UInt8](repeating: 0x61, count: 3 << 20), "endless.txt")
    let error = try #require(throws: DatasetError.self) { try GloVeFile.read(file, for: vocabulary) }
    #expect(error.description.contains("line 1: a line of"))
  }

  /// word2vec's format; with or without a newline behind each vector.
  private static func binary(_ words: [(String, [Float])], header: String? = nil, newline: Bool = true) -> [UInt8] {
    var bytes = Array((header ?? "\(words.count) \(words.first?.1.count ?? 0)\n").utf8)
    for (word, vector) in words {
      bytes += Array("\(word) ".utf8)
      for value in vector { bytes += (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 255) } }
      if newline { bytes.append(10) }
    }
    return bytes
  }

  /// Its bytes are a newline and three zeros: they must not be taken for an end.
  private static let newlineLike = Float(bitPattern: 10)

  private static let words: [(String, [Float])] = [
    ("of", [newlineLike, -2.5]), ("nobody", [.nan, 9]), ("the", [3, 4]), ("of", [7, 7]),
  ]

  @Test(arguments: [true, false])
  func word2VecsBinaryFormatIsRead(newline: Bool) throws {
    let file = try scratch.write(Self.binary(Self.words, newline: newline), "w.bin")
    let vectors = try Word2VecFile.read(file, for: vocabulary)
    #expect(vectors.values == [0, 0, 3, 4, Self.newlineLike, -2.5, 0, 0, 0, 0])
    #expect(vectors.duplicateCount == 1 && vectors.foundCount == 2)
    let packed = try scratch.write(Gzip.pack(Self.binary(Self.words, newline: newline)), "w.bin.gz")
    #expect(try Word2VecFile.read(packed, for: vocabulary).values == vectors.values)
  }

  @Test func everyTruncationOfABinaryFileIsAnError() throws {
    let bytes = Self.binary(Self.words)
    for length in 0..<bytes.count - 1 {
      let file = try scratch.write(Array(bytes.prefix(length)), "w.bin")
      #expect(throws: DatasetError.self, "cut to \(length) bytes") { try Word2VecFile.read(file, for: vocabulary) }
      let packed = try scratch.write(Gzip.pack(Array(bytes.prefix(length))), "w.bin.gz")
      #expect(throws: DatasetError.self, "cut to \(length) bytes") { try Word2VecFile.read(packed, for: vocabulary) }
    }
    // The last newline may be missing.
    #expect(try Word2VecFile.read(scratch.write(Array(bytes.dropLast()), "w.bin"), for: vocabulary).foundCount == 2)
  }

  @Test func aBadBinaryFileSaysWhere() throws {
    func message(_ bytes: [UInt8], dimension: Int? = nil) throws -> String {
      let file = try scratch.write(bytes, "w.bin")
      let error = try #require(throws: DatasetError.self) {
        try Word2VecFile.read(file, for: vocabulary, dimension: dimension)
      }
      return error.description
    }
    #expect(try message(Array("hello\n".utf8)).contains("byte 0: no header of word2vec's binary format"))
    #expect(try message(Self.binary(Self.words, header: "4 2 1\n")).contains("no header"))
    #expect(try message(Self.binary(Self.words, header: "4 -2\n")).contains("no header"))
    #expect(try message(Self.binary(Self.words), dimension: 3).contains("2 dimensions; expected 3"))
    #expect(try message(Self.binary(Self.words, header: "9223372036854775807 300\n")).contains("expected fewer words"))
    #expect(try message(Self.binary(Self.words, header: "5 2\n")).contains("it ends inside"))
    #expect(try message(Self.binary(Self.words, header: "3 2\n")).contains("there is more after the end"))
    #expect(try message(Self.binary([("the", [1, .infinity])])).contains("byte 12: inf in the vector of 'the'"))
    let long = Self.binary([(String(repeating: "x", count: 2000), [1, 2])])
    #expect(try message(long).contains("byte 4: no word there; expected word 1 of 1, at most 1024 bytes"))
    #expect(try message(Self.binary([("", [1, 2])])).contains("no word there"))
  }
}
