import Datasets
import IDInit

/// A made-up classification problem of sentences, for tests and smoke runs that need no files: each class has words of its
/// own, among words that all have.
enum SyntheticSentences {
  static let classCount = 3
  /// Words that tell a class.
  private static let own = [
    ["bad", "dull", "slow", "weak", "cold"], ["good", "warm", "fine", "deep", "funny"],
    ["who", "where", "when", "how", "why"],
  ]
  private static let common = ["the", "a", "film", "story", "is", "and", "of", "this", "it", "with"]

  /// 90 sentences to train on and 60 to test with, always the same, named `synthetic-sentences`.
  static func make() throws -> SentenceDataset {
    SentenceDataset(
      name: "synthetic-sentences", train: try part("train", count: 90), validation: nil,
      test: try part("test", count: 60), classNames: ["bad", "good", "question"], location: "made here",
      note: "three kinds of made-up sentences: for tests, not for results", isOfficial: false)
  }

  private static func part(_ name: String, count: Int) throws -> LabeledSentences {
    var numbers = StreamNumbers(RandomStream(seed: 0, name: "synthetic-sentences/\(name)"))
    func pick(_ words: [String]) -> String { words[Int(numbers.below(UInt64(words.count)))] }
    let sentences = (0..<count).map { index in
      // A third of the words are the class's, one at least.
      let length = 3 + Int(numbers.below(10))
      let words = (0..<length).map { $0 % 3 == 0 ? pick(own[index % classCount]) : pick(common) }
      return words.joined(separator: " ")
    }
    return try LabeledSentences(
      name: "synthetic-sentences \(name)", sentences: sentences, labels: (0..<count).map { UInt8($0 % classCount) },
      classCount: classCount)
  }
}
