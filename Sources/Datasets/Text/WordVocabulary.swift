/// The words of a data set and their numbers, in the order in which they first come.
///
/// Number 0 is padding. Kim's code numbers the words of training, validation and test sentences alike, since a word's
/// pretrained vector is known without any training, so that no word is unknown; for text from elsewhere, ask for a number
/// for unknown words.
public struct WordVocabulary: Sendable {
  /// The number that fills sentences up.
  public static let padding: Int32 = 0

  /// By number; padding is the empty word, and unknown words, if they have a number, are `[unk]`.
  public let words: [String]
  /// By number: the sentences that have the word (0 for padding and unknown words).
  public let sentenceCounts: [Int]
  /// The number of unknown words; `nil` where there is none.
  public let unknown: Int32?

  let trie: ByteTrie

  /// - Parameters:
  ///   - sentences: words, sentence by sentence: all that are to be known.
  ///   - leastCount: words of fewer sentences are left out (Kim's `min_df`, 1).
  ///   - unknownWords: whether to keep a number for words that are not among them.
  /// - Throws: `malformed` when `leastCount` leaves words out that then have no number.
  public init(_ sentences: [[String]], leastCount: Int = 1, unknownWords: Bool = false) throws(DatasetError) {
    guard leastCount <= 1 || unknownWords else {
      throw DatasetError(
        .malformed, file: "vocabulary", problem: "words of fewer than \(leastCount) sentences have no number",
        expected: "a number for unknown words")
    }
    var builder = ByteTrie.Builder()
    var found: [(word: String, count: Int, last: Int)] = []
    for (index, sentence) in sentences.enumerated() {
      for word in sentence {
        guard let id = builder.insert(word.utf8, Int32(found.count)) else {
          found.append((word, 1, index))
          continue
        }
        if found[Int(id)].last != index {
          found[Int(id)].count += 1
          found[Int(id)].last = index
        }
      }
    }
    var words = [""]
    var counts = [0]
    if unknownWords {
      words.append("[unk]")
      counts.append(0)
    }
    builder = ByteTrie.Builder()
    for entry in found where entry.count >= leastCount {
      _ = builder.insert(entry.word.utf8, Int32(words.count))
      words.append(entry.word)
      counts.append(entry.count)
    }
    self.words = words
    sentenceCounts = counts
    unknown = unknownWords ? 1 : nil
    trie = builder.build()
  }

  /// How many numbers there are, padding included: the rows of an embedding.
  public var count: Int { words.count }

  /// The word's number; `nil` if it has none. Words are compared byte by byte.
  public func id(of word: String) -> Int32? { trie[word.utf8] }

  /// The numbers of a sentence's words.
  ///
  /// - Parameters:
  ///   - words: as `SentenceCleaning` gives them.
  ///   - padding: how many of `padding` to put before and after. Kim's code has one fewer than its longest window of
  ///     words, 4, so that every word is in as many windows as every other.
  /// - Returns: padding, a number for each word, padding.
  /// - Throws: `mismatch` for an unknown word, where those have no number.
  public func encode(_ words: [String], padding: Int = 0) throws(DatasetError) -> [Int32] {
    var ids = [Int32](repeating: Self.padding, count: padding)
    ids.reserveCapacity(words.count + 2 * padding)
    for word in words {
      guard let id = id(of: word) ?? unknown else {
        throw DatasetError(
          .mismatch, file: "vocabulary", problem: "the word '\(word)' is not in it",
          expected: "a word of the \(count) that it was made of, or a number for unknown words")
      }
      ids.append(id)
    }
    ids += [Int32](repeating: Self.padding, count: padding)
    return ids
  }
}
