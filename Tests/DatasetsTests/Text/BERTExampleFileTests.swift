import Foundation
import Testing

@testable import Datasets

@Suite struct BERTExampleFileTests {
  private let scratch: Scratch
  private let tokenizer: WordPieceTokenizer
  private let corpus: TextCorpus
  private let settings = BERTExampleSettings(greatestLength: 20, greatestPredictions: 3, copies: 2)

  init() throws {
    scratch = try Scratch()
    tokenizer = WordPieceTokenizer(try WordPieceVocabulary(file: TextGolden.vocabulary))
    let document = "the unable run\njumped a resume , running\nthe able cafe\n"
    corpus = TextCorpus(
      file: try scratch.write("\(document)\n\(document)a\n\n\(document)", "c.txt"), format: .blankLines)
  }

  private func open(
    _ corpora: [TextCorpus]? = nil, settings: BERTExampleSettings? = nil, seed: UInt64 = 0,
    report: (String) -> Void = { _ in }
  ) throws -> BERTExamples {
    try BERTExampleFile.open(
      in: "\(scratch.path)/made", corpora: corpora ?? [corpus], tokenizer: tokenizer,
      settings: settings ?? self.settings, streams: MixStreams(seed: seed), report: report)
  }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/made")) ?? []).sorted()
  }

  @Test func whatIsReadIsWhatWasMade() throws {
    let examples = try open()
    let maker = BERTExampleMaker(
      corpus: try TokenizedCorpus([corpus], tokenizer), vocabulary: tokenizer.vocabulary, settings: settings,
      streams: MixStreams())
    let made = (0..<2).flatMap { copy in (0..<3).flatMap { maker.examples(document: $0, copy: copy) } }
    #expect(examples.count == made.count && made.count >= 6)
    for (index, example) in made.enumerated() { #expect(try examples.example(at: index) == example) }
    #expect((examples.greatestLength, examples.greatestPredictions) == (20, 3))
    #expect(names == ["bert-\(examples.identity.prefix(16)).examples"], "nothing half-written is left")
    #expect(throws: DatasetError.self) { try examples.example(at: made.count) }
    #expect(throws: DatasetError.self) { try examples.example(at: -1) }
  }

  @Test func itIsMadeOnceAndAnewWhenAnythingChanges() throws {
    var said: [String] = []
    let first = try open { said.append($0) }
    let file = first.file
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    #expect(said.count == 1)
    #expect(try open { said.append($0) }.identity == first.identity && said.count == 1)
    #expect(try open(seed: 1).identity != first.identity)
    #expect(
      try open(settings: BERTExampleSettings(greatestLength: 20, greatestPredictions: 3, copies: 3)).identity
        != first.identity)
    let other = TextCorpus(file: try scratch.write("a\n\nb\n", "d.txt"), format: .blankLines)
    #expect(try open([other]).identity != first.identity)
    #expect(names.count == 4)
    // Made again after it was lost, it is the same to the byte.
    try FileManager.default.removeItem(atPath: file)
    #expect(try Data(contentsOf: URL(fileURLWithPath: open().file)) == bytes)
  }

  @Test func severalTasksMayMakeOneFileAtOnce() async throws {
    let (folder, corpus, tokenizer, settings) = ("\(scratch.path)/made", corpus, tokenizer, settings)
    let all = try await withThrowingTaskGroup(of: BERTExamples.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try BERTExampleFile.open(
            in: folder, corpora: [corpus], tokenizer: tokenizer, settings: settings, streams: MixStreams(seed: 0))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let name = "bert-\(all[0].identity.prefix(16)).examples"
    #expect(names == [name], "one file, and nothing half-written")
    let alone = try BERTExamples(file: "\(scratch.path)/made/\(name)")
    // Also who holds a file that another has replaced since.
    for examples in all {
      #expect(examples.identity == alone.identity && examples.count == alone.count)
      for index in 0..<alone.count { #expect(try examples.example(at: index) == alone.example(at: index)) }
    }
  }

  @Test func aDamagedFileIsMadeAnew() throws {
    let file = try open().file
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    try Data(bytes.dropLast()).write(to: URL(fileURLWithPath: file))
    var said: [String] = []
    _ = try open { said.append($0) }
    #expect(said.first?.hasSuffix("Making it anew") == true)
    #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))) == bytes)
  }

  @Test func everyTruncationAndEveryFlippedByteIsFound() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: open().file)))
    for length in [0, 1, 8, 127, 128, 129, bytes.count / 2, bytes.count - 1] {
      let file = try scratch.write(Array(bytes.prefix(length)), "x")
      #expect(throws: DatasetError.self, "cut to \(length) bytes") { try BERTExamples(file: file, verifying: false) }
    }
    #expect(throws: DatasetError.self) { try BERTExamples(file: scratch.write(bytes + [0], "x"), verifying: false) }
    for index in Array(0..<128) + Array(stride(from: 128, to: bytes.count, by: 13)) {
      var flipped = bytes
      flipped[index] ^= 0x41
      let file = try scratch.write(flipped, "x")
      #expect(throws: DatasetError.self, "byte \(index)") { try BERTExamples(file: file) }
      // Unverified, a record is an error or an example that is one; nothing is read outside of the file.
      guard index >= 128, let examples = try? BERTExamples(file: file, verifying: false) else { continue }
      for place in 0..<examples.count {
        guard let example = try? examples.example(at: place) else { continue }
        #expect(example.problem(vocabularyCount: examples.vocabularyCount, settings: (20, 3)) == nil)
      }
    }
  }

  @Test func errorsSayWhatIsWrong() throws {
    let examples = try open()
    let other = try #require(throws: DatasetError.self) {
      try BERTExamples(file: examples.file, identity: String(repeating: "0", count: 64))
    }
    #expect(other.kind == .mismatch && other.description.contains("made of other text, vocabulary, settings or seed"))
    let missing = try #require(throws: DatasetError.self) { try BERTExamples(file: "\(scratch.path)/none") }
    #expect(missing.kind == .notFound)
    let vocabulary = try #require(throws: DatasetError.self) { try BERTExamples(file: TextGolden.vocabulary) }
    #expect(vocabulary.description.contains("byte 0: no BERT examples"))
    let single = TextCorpus(file: try scratch.write("a\nb\n", "s.txt"), format: .blankLines)
    let one = try #require(throws: DatasetError.self) { try open([single]) }
    #expect(one.description.contains("a single document; expected at least two documents"))
    let short = try #require(throws: DatasetError.self) { try open(settings: BERTExampleSettings(greatestLength: 4)) }
    #expect(short.description.contains("greatestLength is 4; expected from 5 to 65535"))
    for settings in [
      BERTExampleSettings(greatestPredictions: 0), BERTExampleSettings(maskedFraction: 0),
      BERTExampleSettings(shortFraction: 1.1), BERTExampleSettings(copies: 0),
      BERTExampleSettings(maskedFraction: .nan),
    ] {
      #expect(throws: DatasetError.self) { try open(settings: settings) }
    }
    #expect(names.count == 1)
  }

  @Test func aBatchIsFilledUp() throws {
    let examples = try open()
    let batch = try examples.batch([2, 0])
    let (a, b) = (try examples.example(at: 2), try examples.example(at: 0))
    for (row, example) in [a, b].enumerated() {
      let n = example.ids.count
      let ids = Array(batch.ids[row * 20..<(row + 1) * 20])
      #expect(ids == example.ids.map(Int64.init) + [Int64](repeating: 0, count: 20 - n))
      let segments = (0..<20).map { Int64($0 >= example.firstCount && $0 < n ? 1 : 0) }
      #expect(Array(batch.segments[row * 20..<(row + 1) * 20]) == segments)
      #expect(Array(batch.mask[row * 20..<(row + 1) * 20]) == (0..<20).map { $0 < n ? 1 : 0 })
      let places = example.positions.count
      let positions = example.positions.map(Int64.init) + [Int64](repeating: 0, count: 3 - places)
      #expect(Array(batch.positions[row * 3..<(row + 1) * 3]) == positions)
      let labels = example.labels.map(Int64.init) + [Int64](repeating: -100, count: 3 - places)
      #expect(Array(batch.labels[row * 3..<(row + 1) * 3]) == labels)
    }
    #expect(batch.isRandomNext == [a, b].map { $0.isRandomNext ? 1 : 0 })
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func wikiTextBecomesExamples() throws {
    let text = try #require(RealData.text)
    let tokenizer = WordPieceTokenizer(try WordPieceVocabulary(file: "\(text)/bert-base-uncased-vocab.txt"))
    let corpus = TextCorpus(file: "\(text)/corpus/wikitext-2.valid.txt", format: .wikiText)
    let examples = try BERTExampleFile.open(
      in: scratch.path, corpora: [corpus], tokenizer: tokenizer, settings: BERTExampleSettings(copies: 1),
      streams: MixStreams())
    var (pieces, full, random) = (0, 0, 0)
    for index in 0..<examples.count {
      let example = try examples.example(at: index)
      pieces += example.ids.count - 3
      if example.ids.count == 128 { full += 1 }
      if example.isRandomNext { random += 1 }
    }
    // 250,000 pieces and as much again of random texts in examples of up to 125, most of them full.
    #expect(examples.count > 2000 && examples.count < 5000, "\(examples.count)")
    #expect(Double(full) > 0.7 * Double(examples.count), "\(full)")
    #expect(Double(pieces) > 100 * Double(examples.count))
    // Over a half, since the end of a document is often a sentence alone.
    #expect(
      Double(random) > 0.48 * Double(examples.count) && Double(random) < 0.65 * Double(examples.count), "\(random)")
  }
}
