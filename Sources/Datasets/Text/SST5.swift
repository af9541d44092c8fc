/// The Stanford Sentiment Treebank (Socher et al. 2013) in five classes: 8,544 sentences to train on, 1,101 to validate
/// and 2,210 to test with.
public enum SST5 {
  /// In the order of the labels.
  public static let classNames = ["very negative", "negative", "neutral", "positive", "very positive"]

  static let layout = SentenceLayout(
    name: "sst5", classNames: classNames, train: ["train.txt", "stsa.fine.train"],
    phrases: ["phrases.train.txt", "stsa.fine.phrases.train"], validation: ["dev.txt", "stsa.fine.dev"],
    test: ["test.txt", "stsa.fine.test"],
    officialDigests: [
      "d9ee7e95e3c47dfd26c9e64e5d8ff1327606b4c77ba409438e3b8b6834080162",
      "e07c58e4fff61592f27587b653f5c2b7795012d4e8d4637f9ef8fdbfc9b7807f",
      "e3b594f96b9b86e4d225254d88534bd5effb59329d25a73d7c51eacf426540f1",
    ])

  /// Reads the set from the folder that holds its files: `train.txt`, `dev.txt` and `test.txt`, or `stsa.fine.train` and
  /// so on.
  ///
  /// - Parameters:
  ///   - folder: where they are.
  ///   - unit: what to train on; phrases are in `phrases.train.txt` or `stsa.fine.phrases.train`.
  /// - Returns: the set; `SentenceDataset.note` says what it is.
  /// - Throws: `DatasetError`: a file is missing or unreadable; a line is no UTF-8, is empty, or has no label from 0 to 4.
  public static func load(from folder: String, unit: SentimentUnit = .sentences) throws(DatasetError) -> SentenceDataset
  {
    try layout.load(from: folder, unit: unit)
  }
}
