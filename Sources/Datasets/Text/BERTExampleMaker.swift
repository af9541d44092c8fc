/// Makes examples of a document as BERT's `create_pretraining_data.py` does (Devlin et al. 2019, section 3.1 and A.2).
///
/// Sentences are gathered until they fill an example, cut in two between sentences at random, and the second part is, half
/// the time, replaced by one from another document; what was replaced is used for the next example. Then 15 % of the pieces
/// are to be predicted: 80 % of these are hidden, 10 % replaced by any piece of the vocabulary, 10 % left.
///
/// As there, an unknown piece is predicted like any other; WikiText-2 has one in about eighteen words.
///
/// Two things differ, and neither changes what an example may be. Each copy of a document has random numbers of its own, so
/// that its examples depend on nothing else. And examples stay in the order of the documents: they are read at random.
struct BERTExampleMaker<Streams: NumberStreams> {
  let corpus: TokenizedCorpus
  let vocabulary: WordPieceVocabulary
  let settings: BERTExampleSettings
  let streams: Streams

  /// The examples of a document, gone through for the time `copy`, from 0 on.
  func examples(document: Int, copy: Int) -> [BERTExample] {
    var numbers = streams.numbers("bert/copy-\(copy)/document-\(document)")
    let sentences = corpus.documents[document]
    let isShort = numbers.uniform() < settings.shortFraction
    let target = isShort ? numbers.number(from: 2, through: settings.greatestText) : settings.greatestText
    var examples: [BERTExample] = []
    var start = sentences.lowerBound
    var length = 0
    var next = start
    while next < sentences.upperBound {
      length += corpus.count(next)
      next += 1
      guard next == sentences.upperBound || length >= target else { continue }
      let chunk = start..<next
      let split = chunk.count < 2 ? next : start + numbers.number(from: 1, through: chunk.count - 1)
      let first = pieces(start..<split)
      var second = pieces(split..<next)
      let isRandomNext = chunk.count < 2 || numbers.uniform() < BERTExampleSettings.randomNextFraction
      if isRandomNext {
        second = randomPieces(not: document, atLeast: target - first.count, &numbers)
        // What was not used is not lost.
        next = split
      }
      examples.append(example(first, second, isRandomNext, &numbers))
      start = next
      length = 0
    }
    return examples
  }

  /// Sentences lie side by side, so that some in a row are one range of pieces.
  private func pieces(_ sentences: Range<Int>) -> Range<Int> {
    guard let first = sentences.first, let last = sentences.last else { return 0..<0 }
    return corpus.sentences[first].lowerBound..<corpus.sentences[last].upperBound
  }

  /// Sentences from a random one on, of a document that is another in all likelihood: as in BERT's program, ten draws.
  private func randomPieces(not document: Int, atLeast target: Int, _ numbers: inout Streams.Numbers) -> Range<Int> {
    var other = document
    for _ in 0..<10 where other == document { other = numbers.below(corpus.documents.count) }
    let sentences = corpus.documents[other]
    let start = sentences.lowerBound + numbers.below(sentences.count)
    var end = start
    var length = 0
    repeat {
      length += corpus.count(end)
      end += 1
    } while end < sentences.upperBound && length < target
    return pieces(start..<end)
  }

  private func example(
    _ first: Range<Int>, _ second: Range<Int>, _ isRandomNext: Bool, _ numbers: inout Streams.Numbers
  ) -> BERTExample {
    let (first, second) = truncated(first, second, &numbers)
    let separator = vocabulary.id(of: .separator)
    var ids = [vocabulary.id(of: .classification)]
    ids.reserveCapacity(first.count + second.count + 3)
    ids += corpus.tokens[first]
    ids.append(separator)
    ids += corpus.tokens[second]
    ids.append(separator)
    var example = BERTExample(
      ids: ids, firstCount: first.count + 2, isRandomNext: isRandomNext, positions: [], labels: [])
    mask(&example, &numbers)
    return example
  }

  /// Takes pieces off the longer text, at its front or back at random, until both fit.
  private func truncated(
    _ first: Range<Int>, _ second: Range<Int>, _ numbers: inout Streams.Numbers
  ) -> (Range<Int>, Range<Int>) {
    var (first, second) = (first, second)
    while first.count + second.count > settings.greatestText {
      let isFront = numbers.uniform() < 0.5
      if first.count > second.count {
        first = isFront ? first.dropFirst() : first.dropLast()
      } else {
        second = isFront ? second.dropFirst() : second.dropLast()
      }
    }
    return (first, second)
  }

  private func mask(_ example: inout BERTExample, _ numbers: inout Streams.Numbers) {
    let ids = example.ids
    var candidates = (1..<ids.count - 1).filter { $0 != example.firstCount - 1 }
    // Python rounds halves to even.
    let wanted = (Double(ids.count) * settings.maskedFraction).rounded(.toNearestOrEven)
    let count = min(settings.greatestPredictions, max(1, Int(wanted)), candidates.count)
    // The first of a shuffle: the rest of it is nobody's business.
    for index in 0..<count { candidates.swapAt(index, numbers.number(from: index, through: candidates.count - 1)) }
    let positions = candidates[..<count].sorted()
    for position in positions {
      guard numbers.uniform() >= BERTExampleSettings.maskFraction else {
        example.ids[position] = vocabulary.id(of: .mask)
        continue
      }
      if numbers.uniform() >= BERTExampleSettings.keptFraction {
        example.ids[position] = Int32(numbers.below(vocabulary.count))
      }
    }
    example.positions = positions.map(Int32.init)
    example.labels = positions.map { ids[$0] }
  }
}
