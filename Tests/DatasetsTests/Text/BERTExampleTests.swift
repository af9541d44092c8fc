import Testing

@testable import Datasets

/// What BERT's examples are made of, on texts in which every piece has one place.
@Suite struct BERTExampleTests {
  private let scratch: Scratch
  private let vocabulary: WordPieceVocabulary
  /// Pieces of text begin behind the five special ones: the word `wN` is number 5 + N.
  private static let words = 2000
  private static let firstWord: Int32 = 5

  init() throws {
    scratch = try Scratch()
    let words = (0..<Self.words).map { "w\($0)" }.joined(separator: "\n")
    vocabulary = try WordPieceVocabulary(file: scratch.write("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n\(words)\n", "v.txt"))
  }

  /// Documents of `sentences` sentences of `length` words; the words count on from document to document.
  private func maker(
    documents: Int, sentences: Int, length: Int, _ settings: BERTExampleSettings, seed: UInt64 = 0
  ) throws -> BERTExampleMaker<MixStreams> {
    var word = 0
    var text = ""
    for _ in 0..<documents {
      for _ in 0..<sentences {
        text += (word..<word + length).map { "w\($0 % Self.words)" }.joined(separator: " ") + "\n"
        word += length
      }
      text += "\n"
    }
    let corpus = TextCorpus(file: try scratch.write(text, "corpus.txt"), format: .blankLines)
    return BERTExampleMaker(
      corpus: try TokenizedCorpus([corpus], WordPieceTokenizer(vocabulary)), vocabulary: vocabulary, settings: settings,
      streams: MixStreams(seed: seed))
  }

  private func examples(_ maker: BERTExampleMaker<MixStreams>) -> [BERTExample] {
    (0..<maker.settings.copies).flatMap { copy in
      maker.corpus.documents.indices.flatMap { maker.examples(document: $0, copy: copy) }
    }
  }

  /// The pieces as they were before any was hidden.
  private func original(_ example: BERTExample) -> [Int32] {
    var ids = example.ids
    for (position, label) in zip(example.positions, example.labels) { ids[Int(position)] = label }
    return ids
  }

  private func texts(_ example: BERTExample) -> (first: [Int32], second: [Int32]) {
    let ids = original(example)
    return (Array(ids[1..<example.firstCount - 1]), Array(ids[example.firstCount..<ids.count - 1]))
  }

  @Test func theDefaultsAreBERTs() {
    let settings = BERTExampleSettings()
    #expect(settings.greatestLength == 128 && settings.greatestPredictions == 20 && settings.copies == 10)
    #expect(settings.maskedFraction == 0.15 && settings.shortFraction == 0.1)
    #expect(BERTExampleSettings.maskFraction == 0.8 && BERTExampleSettings.keptFraction == 0.5)
    #expect(BERTExampleSettings.randomNextFraction == 0.5)
  }

  @Test func everyExampleHasItsForm() throws {
    let settings = BERTExampleSettings(greatestLength: 32, greatestPredictions: 4, shortFraction: 0.3, copies: 3)
    let made = examples(try maker(documents: 20, sentences: 17, length: 5, settings))
    #expect(made.count > 250)
    for example in made {
      #expect(example.problem(vocabularyCount: vocabulary.count, settings: (32, 4)) == nil)
      let ids = original(example)
      #expect(ids.count <= 32)
      #expect(ids.indices.filter { ids[$0] == 2 } == [0], "[CLS]")
      #expect(ids.indices.filter { ids[$0] == 3 } == [example.firstCount - 1, ids.count - 1], "[SEP]")
      // 15 % of the pieces, [CLS] and [SEP] counted, at least one, at most four; halves to even.
      let wanted = (Double(ids.count) * 0.15).rounded(.toNearestOrEven)
      #expect(example.positions.count == min(4, max(1, Int(wanted))))
      // Only places to predict were changed, and special pieces never are.
      #expect(example.labels.allSatisfy { $0 >= Self.firstWord })
      for text in [texts(example).first, texts(example).second] {
        #expect(zip(text, text.dropFirst()).allSatisfy { $1 == $0 + 1 }, "a text is one stretch of a document")
      }
    }
  }

  @Test func aSecondTextFollowsTheFirstOrIsFromAnotherDocument() throws {
    let settings = BERTExampleSettings(greatestLength: 40, shortFraction: 0.2, copies: 10)
    // 12 × 150 words: no word comes twice.
    let made = examples(try maker(documents: 12, sentences: 30, length: 5, settings))
    func document(_ piece: Int32) -> Int32 { (piece - Self.firstWord) / 150 }
    var (following, random, sameDocument) = (0, 0, 0)
    for example in made {
      let (first, second) = texts(example)
      let isSame = document(first[0]) == document(second[0])
      if example.isRandomNext {
        random += 1
        if isSame { sameDocument += 1 }
      } else {
        following += 1
        #expect(isSame)
        // Cut at the texts' outer or inner ends, nothing is between but what was cut.
        #expect(try #require(second.first) > #require(first.last))
        #expect(try #require(second.last) - first[0] < 45)
      }
    }
    #expect(following > 300 && random > 300)
    // Ten draws of twelve documents: once in 12¹⁰ the same.
    #expect(sameDocument == 0)
  }

  @Test func halfOfTheSecondTextsAreRandom() throws {
    // Two sentences a document: either one example that is not random, or two that are.
    let settings = BERTExampleSettings(greatestLength: 20, shortFraction: 0, copies: 200)
    let made = examples(try maker(documents: 50, sentences: 2, length: 3, settings))
    let following = made.count { !$0.isRandomNext }
    #expect(made.count == following + 2 * (10_000 - following), "what a random text stands in for is not lost")
    let half = Proportion(count: following, n: 10_000, p: 0.5)
    #expect(half.isRight && half.hasPower, "\(following)")
  }

  @Test func eightTenthsAreHiddenOneReplacedOneLeft() throws {
    let settings = BERTExampleSettings(greatestLength: 64, greatestPredictions: 64, shortFraction: 0, copies: 40)
    let made = examples(try maker(documents: 20, sentences: 60, length: 6, settings))
    var (hidden, left, replaced, n) = (0, 0, 0, 0)
    var pieces: [Int32: Int] = [:]
    for example in made {
      for (position, label) in zip(example.positions, example.labels) {
        let shown = example.ids[Int(position)]
        n += 1
        if shown == 4 {
          hidden += 1
        } else if shown == label {
          left += 1
        } else {
          replaced += 1
          pieces[shown, default: 0] += 1
        }
      }
    }
    // A random piece is [MASK] or the right one once in 2005.
    let chance = 0.1 / Double(vocabulary.count)
    for (count, p) in [(hidden, 0.8 + chance), (left, 0.1 + chance), (replaced, 0.1 - 2 * chance)] {
      let part = Proportion(count: count, n: n, p: p)
      #expect(part.isRight, "\(count) of \(n), \(p)")
    }
    #expect(Proportion(count: hidden, n: n, p: 0.8).hasPower)
    #expect(Proportion(count: left, n: n, p: 0.1).hasPower, "\(n)")
    // Any piece of the vocabulary, the special ones too: as many have come as of n draws should. Their number varies less
    // than if each came or not by itself; [MASK] was not counted.
    #expect(pieces.keys.allSatisfy { (0..<Int32(vocabulary.count)).contains($0) })
    let all = Double(vocabulary.count)
    let absent = (1 - 1 / all).power(replaced)
    let error = (all * absent * (1 - absent)).squareRoot()
    #expect(abs(Double(pieces.count) - all * (1 - absent)) < 4 * error + 1)
    // Places are drawn evenly: the mean place of those to predict is the middle one.
    let full = made.filter { $0.ids.count == 64 }
    let places = full.flatMap { $0.positions.map(Double.init) }
    let mean = places.reduce(0, +) / Double(places.count)
    // Uniform on 61 places: standard deviation 61/√12. The [SEP] between is left out, which moves the mean by a 61st of its
    // own distance from the middle, some 5 at most.
    let meanError = 61 / 12.0.squareRoot() / Double(places.count).squareRoot()
    #expect(abs(mean - 31.5) < 4 * meanError + 0.1)
  }

  /// Pieces of text in each document's first example, where its second text follows the first: with sentences of one word,
  /// as many as were aimed at.
  private func firstLengths(_ shortFraction: Double, copies: Int) throws -> [Int] {
    let settings = BERTExampleSettings(greatestLength: 13, shortFraction: shortFraction, copies: copies)
    let made = try maker(documents: 40, sentences: 10, length: 1, settings)
    var lengths: [Int] = []
    for copy in 0..<copies {
      for document in 0..<40 {
        guard let first = made.examples(document: document, copy: copy).first, !first.isRandomNext else { continue }
        lengths.append(first.ids.count - 3)
      }
    }
    return lengths
  }

  @Test func someDocumentsAreCutShort() throws {
    #expect(try Set(firstLengths(0, copies: 5)) == [10])
    #expect(try Set(firstLengths(1, copies: 20)) == Set(2...10))
    // Half are cut to 2 to 10 pieces, each as often; the others are full.
    let lengths = try firstLengths(0.5, copies: 400)
    let part = Proportion(count: lengths.count { $0 == 10 }, n: lengths.count, p: 0.5 + 0.5 / 9)
    #expect(part.isRight && part.hasPower, "\(part)")
  }

  @Test func textsAreCutAtBothEnds() throws {
    // Two sentences of 40 in 41 places: the longer loses a piece at its front or back at random, until both fit.
    let settings = BERTExampleSettings(greatestLength: 44, shortFraction: 0, copies: 100)
    let made = examples(try maker(documents: 20, sentences: 2, length: 40, settings)).filter { !$0.isRandomNext }
    var (front, cut) = (0, 0)
    for example in made {
      let (first, second) = texts(example)
      #expect(first.count + second.count == 41 && abs(first.count - second.count) <= 1)
      front += Int(first[0] - Self.firstWord) % 40 + Int(second[0] - Self.firstWord) % 40
      cut += 80 - 41
    }
    let half = Proportion(count: front, n: cut, p: 0.5)
    #expect(half.isRight && half.hasPower, "\(front) of \(cut)")
  }

  /// Counts and sums over the examples of real text, against the same steps in Python with Python's random numbers.
  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func realTextIsCutAsInPython() throws {
    let text = try #require(RealData.text)
    let golden = try TextGolden.real().examples
    let reader = try LineReader(file: "\(text)/corpus/tinyshakespeare.txt")
    var lines: [String] = []
    while lines.count < golden.lines, let line = try reader.next() { lines.append(try reader.text(line)) }
    let file = try scratch.write(lines.joined(separator: "\n") + "\n", "shakespeare.txt")
    let vocabulary = try WordPieceVocabulary(file: "\(text)/bert-base-uncased-vocab.txt")
    let copies = 10
    let maker = BERTExampleMaker(
      corpus: try TokenizedCorpus(
        [TextCorpus(file: file, format: .blankLines)], WordPieceTokenizer(vocabulary)),
      vocabulary: vocabulary,
      settings: BERTExampleSettings(greatestLength: golden.longest, shortFraction: golden.short, copies: copies),
      streams: MixStreams(seed: 9))
    #expect(maker.corpus.documents.count == golden.documents)
    var found: [String: Double] = [:]
    for example in examples(maker) {
      let (first, second) = (example.firstCount - 2, example.ids.count - example.firstCount - 1)
      found["examples", default: 0] += 1
      found["first", default: 0] += Double(first)
      found["second", default: 0] += Double(second)
      found["random", default: 0] += example.isRandomNext ? 1 : 0
      found["full", default: 0] += example.ids.count == golden.longest ? 1 : 0
      found["randomSecond", default: 0] += example.isRandomNext ? Double(second) : 0
    }
    #expect(found.count == golden.statistics.count)
    for (name, values) in golden.statistics {
      let mean = try #require(found[name]) / Double(copies)
      let error = values[1] * (1 / Double(copies) + 1 / Double(golden.runs)).squareRoot()
      #expect(abs(mean - values[0]) < 4 * error, "\(name): \(mean), in Python \(values[0])")
      #expect(0.05 * values[0] > 4 * error, "\(name): 5 % more or less would not be seen")
    }
  }

  @Test func examplesAreAFunctionOfSeedCopyAndDocument() throws {
    let settings = BERTExampleSettings(greatestLength: 32, copies: 2)
    let maker = try maker(documents: 5, sentences: 20, length: 5, settings, seed: 1)
    #expect(maker.examples(document: 3, copy: 1) == maker.examples(document: 3, copy: 1))
    #expect(maker.examples(document: 3, copy: 1) != maker.examples(document: 3, copy: 0))
    let other = try self.maker(documents: 5, sentences: 20, length: 5, settings, seed: 2)
    #expect(maker.examples(document: 3, copy: 1) != other.examples(document: 3, copy: 1))
  }
}

extension Double {
  fileprivate func power(_ n: Int) -> Double { (0..<n).reduce(1) { product, _ in product * self } }
}
