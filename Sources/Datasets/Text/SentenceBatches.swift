/// Which sentences go together in an epoch: those of about one length, so that little of a batch is padding.
///
/// The sentences are shuffled and cut into pools of some batches; a pool is sorted by length and cut into batches, and the
/// batches of all pools are shuffled. One batch a pool is plain shuffling, one pool is sorting by length with ties at random.
public struct SentenceBatches: Sendable, Equatable {
  /// Indices of sentences. Each index comes once; all batches are of one size but one, which has the rest.
  public let batches: [[Int]]
  /// Of all places that a network goes through, the part that is padding: 1 − Σ lengths / Σ size × longest of a batch.
  public let paddedFraction: Double

  /// - Parameters:
  ///   - lengths: numbers a sentence has, at least one each.
  ///   - batchSize: sentences a batch, at least one.
  ///   - poolSize: batches a pool, at least one.
  ///   - epoch: names the order, with the seed of `streams`.
  ///   - streams: the random numbers; the sequence `sentences/epoch-N` is used.
  /// - Throws: `DatasetError` when there is nothing, or a size or length below one.
  public init(
    lengths: [Int], batchSize: Int, poolSize: Int = 50, epoch: Int, streams: some NumberStreams
  ) throws(DatasetError) {
    guard batchSize > 0, poolSize > 0, let least = lengths.min(), least > 0 else {
      throw DatasetError(
        .malformed, file: "batches",
        problem:
          "\(lengths.count) sentences of at least \(lengths.min() ?? 0) words, in batches of \(batchSize), pools of \(poolSize)",
        expected: "at least one of each")
    }
    var numbers = streams.numbers("sentences/epoch-\(epoch)")
    let order = numbers.permutation(lengths.count)
    var batches: [[Int]] = []
    let poolCount = batchSize.multipliedReportingOverflow(by: poolSize)
    for pool in Self.pieces(order[...], of: poolCount.overflow ? lengths.count : poolCount.partialValue) {
      // By length, then as shuffled: a sort that is not stable must not decide.
      let sorted = pool.indices.sorted { (lengths[order[$0]], $0) < (lengths[order[$1]], $1) }.map { order[$0] }
      batches += Self.pieces(sorted[...], of: batchSize).map(Array.init)
    }
    numbers.shuffle(&batches)
    self.batches = batches
    let places = batches.reduce(0) { sum, batch in sum + batch.count * (batch.map { lengths[$0] }.max() ?? 0) }
    paddedFraction = 1 - Double(lengths.reduce(0, +)) / Double(places)
  }

  private static func pieces(_ all: ArraySlice<Int>, of size: Int) -> [ArraySlice<Int>] {
    stride(from: all.startIndex, to: all.endIndex, by: size).map { all[$0..<min(all.endIndex, $0 + size)] }
  }

  /// The sentences one after the other, each filled up to the longest of them.
  ///
  /// - Parameters:
  ///   - sentences: numbers of words.
  ///   - leastLength: to fill up to at least this: the longest window that a network looks through.
  /// - Returns: N × length numbers, row-major, and the length.
  public static func padded(_ sentences: [[Int32]], leastLength: Int = 1) -> (ids: [Int32], length: Int) {
    let length = max(leastLength, sentences.map(\.count).max() ?? 0)
    var ids: [Int32] = []
    ids.reserveCapacity(sentences.count * length)
    for sentence in sentences {
      ids += sentence
      ids += repeatElement(WordVocabulary.padding, count: length - sentence.count)
    }
    return (ids, length)
  }
}
