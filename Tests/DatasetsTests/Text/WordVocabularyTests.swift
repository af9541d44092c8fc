import Testing

@testable import Datasets

@Suite struct WordVocabularyTests {
  @Test(arguments: [
    ("He 's (not) here, isn't he?", "He 's ( not ) here , is n't he ?"),
    ("They've said we'll; I'd go!", "They 've said we 'll I 'd go !"),
    ("'select 'dare you're", "'select 'dare you 're"),
    ("a-b_c  Ünï \"q\" `x`", "a b c n q `x`"),
    ("...", ""),
  ])
  func generalCleaningIsKims(sentence: String, words: String) {
    // `'s` is cut off wherever it stands, at the beginning too, where it changes nothing.
    #expect(SentenceCleaning.general.words(of: sentence, lowercased: false).joined(separator: " ") == words)
    #expect(SentenceCleaning.general.words(of: sentence, lowercased: true).joined(separator: " ") == words.lowercased())
  }

  @Test func treebankCleaningLeavesMarksWhereTheyAre() {
    let words = SentenceCleaning.treebank.words(of: "it 's -lrb- sad, really -rrb- \\/ n't", lowercased: true)
    #expect(words == ["it", "'s", "lrb", "sad,", "really", "rrb", "n't"])
    #expect(SentenceCleaning.none.words(of: " A  -lrb- Éa", lowercased: true) == ["a", "-lrb-", "éa"])
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func cleaningIsPythonsOnTheRealSets() throws {
    let text = try #require(RealData.text)
    let golden = try TextGolden.real().words
    func digest(_ set: LabeledSentences, _ cleaning: SentenceCleaning, lowercased: Bool) -> String {
      let lines = set.sentences.map { cleaning.words(of: $0, lowercased: lowercased).joined(separator: " ") }
      return TextGolden.digest(lines.joined(separator: "\n").utf8)
    }
    let sst5 = try SST5.load(from: "\(text)/sst5").train
    #expect(digest(sst5, .treebank, lowercased: true) == golden["sst5/train.txt"])
    let trec6 = try TREC6.load(from: "\(text)/trec6").train
    #expect(digest(trec6, .general, lowercased: false) == golden["trec6/train.txt"])
  }

  @Test func wordsAreNumberedAsTheyCome() throws {
    let vocabulary = try WordVocabulary([["b", "a", "b"], ["a", "c"]])
    #expect(vocabulary.words == ["", "b", "a", "c"])
    #expect(vocabulary.sentenceCounts == [0, 1, 2, 1])
    #expect(try vocabulary.encode(["c", "b"], padding: 2) == [0, 0, 3, 1, 0, 0])
    #expect(vocabulary.id(of: "") == nil && vocabulary.unknown == nil)
    let error = try #require(throws: DatasetError.self) { try vocabulary.encode(["d"]) }
    #expect(error.description.contains("the word 'd' is not in it"))
  }

  @Test func rareAndUnknownWordsShareANumber() throws {
    let vocabulary = try WordVocabulary([["b", "a"], ["a", "c"]], leastCount: 2, unknownWords: true)
    #expect(vocabulary.words == ["", "[unk]", "a"])
    #expect(try vocabulary.encode(["a", "b", "z"]) == [2, 1, 1])
    #expect(throws: DatasetError.self) { try WordVocabulary([["a"]], leastCount: 2) }
  }

  @Test func formsOfOneLetterAreTwoWords() throws {
    let vocabulary = try WordVocabulary([["caf\u{E9}", "cafe\u{301}"]])
    #expect(vocabulary.count == 3)
    #expect(vocabulary.id(of: "cafe\u{301}") == 2)
  }
}

@Suite struct SentenceBatchesTests {
  /// Lengths as of sentences: 1 to 60, most about 20.
  private static let lengths: [Int] = {
    var numbers = MixStreams(seed: 5).numbers("lengths")
    return (0..<5003).map { _ in 1 + (numbers.below(20) + numbers.below(20) + numbers.below(20)) }
  }()

  @Test(arguments: [1, 4, 50, 1_000_000])
  func everySentenceComesOnce(poolSize: Int) throws {
    let batches = try SentenceBatches(
      lengths: Self.lengths, batchSize: 50, poolSize: poolSize, epoch: 0, streams: MixStreams())
    #expect(batches.batches.joined().sorted() == Array(0..<5003))
    #expect(batches.batches.map(\.count).sorted() == [3] + [Int](repeating: 50, count: 100))
    // The padding, counted anew from the batches themselves.
    var (padded, places) = (0, 0)
    for batch in batches.batches {
      let length = SentenceBatches.padded(batch.map { [Int32](repeating: 1, count: Self.lengths[$0]) })
      padded += length.ids.count { $0 == 0 }
      places += length.ids.count
    }
    #expect(abs(batches.paddedFraction - Double(padded) / Double(places)) < 1e-12)
  }

  @Test func poolsSavePadding() throws {
    func padded(_ poolSize: Int) throws -> Double {
      try SentenceBatches(lengths: Self.lengths, batchSize: 50, poolSize: poolSize, epoch: 0, streams: MixStreams())
        .paddedFraction
    }
    let (plain, pooled, sorted) = (try padded(1), try padded(20), try padded(1000))
    #expect(plain > 0.3 && pooled < 0.06 && sorted < pooled)
  }

  @Test func theOrderIsTheEpochsAndTheSeeds() throws {
    func batches(_ epoch: Int, _ seed: UInt64) throws -> SentenceBatches {
      try SentenceBatches(lengths: Self.lengths, batchSize: 50, epoch: epoch, streams: MixStreams(seed: seed))
    }
    #expect(try batches(1, 1) == batches(1, 1))
    #expect(try batches(1, 1) != batches(2, 1))
    #expect(try batches(1, 1) != batches(1, 2))
    // Long and short batches are mixed: sorted, the first half would have about half the mean length of the second.
    let first = try batches(1, 1).batches.prefix(50).joined()
    let mean = Double(first.reduce(0) { $0 + Self.lengths[$1] }) / Double(first.count)
    #expect(abs(mean - 29.5) < 4)
  }

  @Test func sentencesAreFilledUp() {
    #expect(SentenceBatches.padded([[1, 2], [3]]) == ([1, 2, 3, 0], 2))
    #expect(SentenceBatches.padded([[1]], leastLength: 3) == ([1, 0, 0], 3))
  }

  @Test func nothingIsAnError() {
    for (lengths, size) in [([], 1), ([1], 0), ([0], 1)] {
      #expect(throws: DatasetError.self) {
        try SentenceBatches(lengths: lengths, batchSize: size, epoch: 0, streams: MixStreams())
      }
    }
  }
}
