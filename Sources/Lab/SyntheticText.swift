import Datasets
import Foundation
import IDInit

/// Made-up documents for tests and smoke runs that need no files: each is about one of a few things, and has that thing's
/// words among words that all have, so that both of BERT's tasks can be learnt.
public enum SyntheticText {
  private static let topics = [
    ["sea", "ship", "sail", "wave", "port"], ["tree", "leaf", "wood", "root", "bird"],
    ["king", "crown", "court", "sword", "queen"],
  ]
  private static let common = ["the", "a", "is", "and", "of", "in", "old", "new"]

  /// Writes a vocabulary, a text to train on and one to test with, always the same.
  ///
  /// - Parameter folder: Where the files go.
  /// - Returns: The vocabulary's file and the texts.
  /// - Throws: `LabError` (`.io`) where they cannot be written.
  public static func write(
    to folder: URL
  ) throws(LabError) -> (vocabulary: String, train: TextCorpus, test: TextCorpus) {
    let pieces = WordPieceVocabulary.Special.allCases.map(\.rawValue) + ["."] + common + topics.flatMap { $0 }
    func file(_ name: String, _ text: String) throws(LabError) -> String {
      let file = folder.appendingPathComponent(name)
      try Disk.write(Data(text.utf8), to: file)
      return file.path
    }
    func corpus(_ name: String, documents: Int) throws(LabError) -> TextCorpus {
      TextCorpus(file: try file("\(name).txt", text(name, documents: documents)), format: .blankLines)
    }
    return (
      try file("vocabulary.txt", pieces.map { $0 + "\n" }.joined()), try corpus("train", documents: 12),
      try corpus("test", documents: 6)
    )
  }

  private static func text(_ name: String, documents: Int) -> String {
    var numbers = StreamNumbers(RandomStream(seed: 0, name: "synthetic-text/\(name)"))
    func pick(_ words: [String]) -> String { words[Int(numbers.below(UInt64(words.count)))] }
    let all = (0..<documents).map { document in
      (0..<6).map { _ in
        let words = (0..<4 + Int(numbers.below(4))).map {
          $0 % 2 == 0 ? pick(topics[document % topics.count]) : pick(common)
        }
        return words.joined(separator: " ") + " .\n"
      }.joined()
    }
    return all.joined(separator: "\n")
  }
}
