import Crypto

/// Pretrained vectors for the words of a vocabulary; all others of the file were passed over.
public struct WordVectors: Sendable {
  /// Numbers a word, D.
  public let dimension: Int
  /// V × D, row-major, a row for each number of the vocabulary; zero where the file has no vector.
  public let values: [Float]
  /// By number: whether the file has the word.
  public let isFound: [Bool]
  /// How many further vectors the file has for words that it had already. The first vector of a word counts, as in gensim: lists of vectors
  /// are sorted by frequency, and what comes again later is mostly a rare word that lost a character on its way.
  public let duplicateCount: Int
  /// The file that they were read from.
  public let file: String

  init(dimension: Int, values: [Float], isFound: [Bool], duplicateCount: Int, file: String) {
    (self.dimension, self.values, self.isFound) = (dimension, values, isFound)
    (self.duplicateCount, self.file) = (duplicateCount, file)
  }

  /// No vectors at all: ``embedding(bound:using:)`` draws every word's.
  ///
  /// - Parameters:
  ///   - vocabulary: the words.
  ///   - dimension: numbers a word, 1 or more.
  public init(absent vocabulary: WordVocabulary, dimension: Int) {
    self.init(
      dimension: dimension, values: [Float](repeating: 0, count: vocabulary.count * dimension),
      isFound: [Bool](repeating: false, count: vocabulary.count), duplicateCount: 0, file: "")
  }

  /// Words of the vocabulary that have a vector.
  public var foundCount: Int { isFound.reduce(0) { $0 + ($1 ? 1 : 0) } }

  /// SHA-256, in lower-case hexadecimal, of what was read: for each number its vector, little-endian, row by row.
  public var digest: String {
    var hash = SHA256()
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { hash.update(bufferPointer: $0) } }
    return hash.finalize().hexadecimal
  }

  /// The weights of an embedding layer, with random vectors for the words that the file does not have.
  ///
  /// Kim's code (`add_unknown_words`) draws them from the uniform distribution on (−0.25, 0.25), so that they vary about as
  /// much as word2vec's own; padding is zero.
  ///
  /// - Parameters:
  ///   - bound: of the uniform distribution.
  ///   - streams: the random numbers; the sequence `unknown-words` is used, row by row.
  /// - Returns: V × D numbers, row-major.
  public func embedding(bound: Double = 0.25, using streams: some NumberStreams) -> [Float] {
    var numbers = streams.numbers("unknown-words")
    var weights = values
    for row in isFound.indices where !isFound[row] && row != Int(WordVocabulary.padding) {
      for index in row * dimension..<(row + 1) * dimension {
        weights[index] = Float(bound * (2 * numbers.uniform() - 1))
      }
    }
    return weights
  }
}

/// Word vectors on their way in.
struct WordVectorTable {
  let dimension: Int
  private(set) var values: [Float]
  private(set) var isFound: [Bool]
  private(set) var duplicateCount = 0

  static let greatestDimension = 1 << 14

  init(rows: Int, dimension: Int) {
    self.dimension = dimension
    values = [Float](repeating: 0, count: rows * dimension)
    isFound = [Bool](repeating: false, count: rows)
  }

  /// Whether the word's vector is wanted: the first is. `row` is negative for a word that nobody asked for.
  mutating func wants(_ row: Int32) -> Bool {
    guard row >= 0 else { return false }
    if isFound[Int(row)] {
      duplicateCount += 1
      return false
    }
    isFound[Int(row)] = true
    return true
  }

  mutating func set(_ row: Int32, _ column: Int, _ value: Float) { values[Int(row) * dimension + column] = value }

  func vectors(from file: String) -> WordVectors {
    WordVectors(dimension: dimension, values: values, isFound: isFound, duplicateCount: duplicateCount, file: file)
  }
}
