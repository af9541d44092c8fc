import Crypto

/// Sentences with one class each, as they stand in a file: before any cleaning, numbering or shuffling.
public struct LabeledSentences: Sendable, Equatable {
  /// For people: `sst2 train`.
  public let name: String
  /// The sentences, as their file has them.
  public let sentences: [String]
  /// One class a sentence, from 0 up to `classCount`.
  public let labels: [UInt8]
  /// How many classes there are.
  public let classCount: Int
  /// SHA-256, in lower-case hexadecimal, of the content: the line `utf8 N classes K`, then for each sentence its class,
  /// a space, its bytes and a newline. The name plays no part.
  public let digest: String

  /// - Throws: `DatasetError` (`mismatch`, `malformed`): counts disagree, there is none, one is empty or has a line break,
  ///   or a label is not below `classCount`. `file` is named in it.
  public init(
    name: String, sentences: [String], labels: [UInt8], classCount: Int, file: String? = nil
  ) throws(DatasetError) {
    let file = file ?? name
    guard sentences.count == labels.count, !labels.isEmpty, (1...256).contains(classCount) else {
      throw DatasetError(
        .mismatch, file: file,
        problem: "\(sentences.count) sentences with \(labels.count) labels of \(classCount) classes",
        expected: "as many labels as sentences, at least one, and from 1 to 256 classes")
    }
    var hash = SHA256()
    hash.update(data: Array("utf8 \(labels.count) classes \(classCount)\n".utf8))
    for (index, (sentence, label)) in zip(sentences, labels).enumerated() {
      guard Int(label) < classCount else {
        throw DatasetError(
          .malformed, file: file, place: "sentence \(index)", problem: "class \(label)",
          expected: "a class from 0 to \(classCount - 1)")
      }
      guard !sentence.isEmpty, !sentence.utf8.contains(UInt8(ascii: "\n")) else {
        throw DatasetError(
          .malformed, file: file, place: "sentence \(index)",
          problem: sentence.isEmpty ? "it is empty" : "it has a line break", expected: "one line of text")
      }
      hash.update(data: Array("\(label) \(sentence)\n".utf8))
    }
    self.name = name
    self.sentences = sentences
    self.labels = labels
    self.classCount = classCount
    digest = hash.finalize().hexadecimal
  }

  /// How many sentences there are.
  public var count: Int { labels.count }

  /// How many sentences each class has, from class 0 on.
  public var countsPerClass: [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }

  /// The sentences at `indices`, in that order.
  ///
  /// - Throws: `DatasetError` when an index is not below `count`, or there is none.
  public func selecting(_ indices: [Int], name: String) throws(DatasetError) -> LabeledSentences {
    if let outside = indices.first(where: { !(0..<count).contains($0) }) {
      throw DatasetError(
        .malformed, file: self.name, problem: "no sentence \(outside)", expected: "an index from 0 to \(count - 1)")
    }
    return try LabeledSentences(
      name: name, sentences: indices.map { sentences[$0] }, labels: indices.map { labels[$0] }, classCount: classCount)
  }

  /// Sets a random part aside to validate with, for a set without one of its own, such as TREC.
  ///
  /// Kim (2014, section 3) selects 10 % of the training sentences at random; his code shuffles once with a fixed seed and
  /// takes the last tenth of the mini-batches. Classes are not balanced, there or here. Both parts keep the file's order.
  ///
  /// - Parameters:
  ///   - fraction: of the sentences; their number is rounded to the nearest, and each part gets at least one.
  ///   - streams: the random numbers; the sequence `held-out` is used.
  /// - Returns: what is left to train on, and what was set aside.
  /// - Throws: `DatasetError` when there are fewer than two sentences or `fraction` is not between 0 and 1.
  public func holdingOut(
    _ fraction: Double = 0.1, using streams: some NumberStreams
  ) throws(DatasetError) -> (train: LabeledSentences, validation: LabeledSentences) {
    guard count > 1, fraction > 0, fraction < 1 else {
      throw DatasetError(
        .malformed, file: name, problem: "\(fraction) of \(count) sentences cannot be set aside",
        expected: "a fraction between 0 and 1 of at least two")
    }
    var numbers = streams.numbers("held-out")
    let held = max(1, min(count - 1, Int((Double(count) * fraction).rounded())))
    let order = numbers.permutation(count)
    return (
      try selecting(order[held...].sorted(), name: "\(name), the rest"),
      try selecting(order[..<held].sorted(), name: "\(name), held out")
    )
  }
}
