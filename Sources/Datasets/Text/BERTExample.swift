/// One example of BERT's two tasks: a pair of texts with some pieces hidden, and whether the second follows the first.
public struct BERTExample: Sendable, Equatable {
  /// `[CLS]` first text `[SEP]` second text `[SEP]`, with what is hidden replaced; not filled up.
  public var ids: [Int32]
  /// How many of `ids` are of segment 0: `[CLS]`, the first text and its `[SEP]`. The others are of segment 1.
  public var firstCount: Int
  /// Whether the second text is from elsewhere: the class of the next-sentence task, 1 if so.
  public var isRandomNext: Bool
  /// Places of `ids` that are to be predicted, rising.
  public var positions: [Int32]
  /// What stands there in truth.
  public var labels: [Int32]

  /// - Returns: What is wrong with it; `nil` for an example as `BERTExampleMaker` makes it.
  func problem(vocabularyCount: Int, settings: (length: Int, predictions: Int)) -> String? {
    let known = Int32(0)..<Int32(vocabularyCount)
    guard (5...max(5, settings.length)).contains(ids.count) else { return "\(ids.count) pieces" }
    guard (3..<ids.count - 1).contains(firstCount) else {
      return "\(firstCount) of \(ids.count) pieces in the first segment"
    }
    guard (1...settings.predictions).contains(positions.count), labels.count == positions.count else {
      return "\(positions.count) places to predict"
    }
    guard (ids + labels).allSatisfy(known.contains) else { return "a piece that is not in the vocabulary" }
    let last = Int32(ids.count - 1)
    guard positions.allSatisfy({ $0 > 0 && $0 < last && Int($0) != firstCount - 1 }),
      zip(positions, positions.dropFirst()).allSatisfy({ $0 < $1 })
    else { return "places to predict that do not rise between [CLS] and [SEP]" }
    return nil
  }
}
