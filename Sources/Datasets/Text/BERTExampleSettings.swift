/// How a corpus becomes examples. The defaults are those of BERT's `create_pretraining_data.py`.
public struct BERTExampleSettings: Sendable, Hashable {
  /// Pieces of the longest example, `[CLS]` and twice `[SEP]` included (`max_seq_length`).
  public var greatestLength: Int
  /// Places to predict in an example, at most (`max_predictions_per_seq`).
  public var greatestPredictions: Int
  /// Of an example's pieces, those that are to be predicted (`masked_lm_prob`).
  public var maskedFraction: Double
  /// Of documents, those that are cut into examples of a random shorter length (`short_seq_prob`).
  public var shortFraction: Double
  /// How often each document is gone through, cut and masked differently each time (`dupe_factor`).
  public var copies: Int

  /// Of examples with two sentences or more, those whose second part is from elsewhere; fixed in BERT's program.
  static let randomNextFraction = 0.5
  /// Of the places to predict, those that show `[MASK]`; half of the others show a random piece, half the right one.
  static let maskFraction = 0.8
  static let keptFraction = 0.5

  /// Settings of these numbers; the defaults are those of BERT's own code.
  public init(
    greatestLength: Int = 128, greatestPredictions: Int = 20, maskedFraction: Double = 0.15,
    shortFraction: Double = 0.1, copies: Int = 10
  ) {
    self.greatestLength = greatestLength
    self.greatestPredictions = greatestPredictions
    self.maskedFraction = maskedFraction
    self.shortFraction = shortFraction
    self.copies = copies
  }

  /// Pieces of text in the longest example.
  var greatestText: Int { greatestLength - 3 }

  /// - Throws: `malformed` with the setting that is out of its range.
  func check() throws(DatasetError) {
    func require(_ isRight: Bool, _ name: String, _ value: some Any, _ expected: String) throws(DatasetError) {
      guard isRight else {
        throw DatasetError(.malformed, file: "BERT examples", problem: "\(name) is \(value)", expected: expected)
      }
    }
    try require((5...65_535).contains(greatestLength), "greatestLength", greatestLength, "from 5 to 65535")
    try require(
      (1...65_535).contains(greatestPredictions), "greatestPredictions", greatestPredictions, "from 1 to 65535")
    try require(maskedFraction > 0 && maskedFraction <= 1, "maskedFraction", maskedFraction, "over 0, at most 1")
    try require(shortFraction >= 0 && shortFraction <= 1, "shortFraction", shortFraction, "from 0 to 1")
    try require((1...1_000_000).contains(copies), "copies", copies, "from 1 to 1000000")
  }

  /// What examples are a function of, beside corpus, vocabulary and random numbers: a line of text.
  var identity: String {
    "length \(greatestLength) predictions \(greatestPredictions) masked \(maskedFraction) short \(shortFraction) copies \(copies)"
  }
}
