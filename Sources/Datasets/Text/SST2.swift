/// The Stanford Sentiment Treebank (Socher et al. 2013) in two classes, without its neutral sentences: 6,920 sentences to
/// train on, 872 to validate and 1,821 to test with.
///
/// Not GLUE's SST-2, which trains on 67,349 phrases and keeps its test labels.
public enum SST2 {
  /// In the order of the labels.
  public static let classNames = ["negative", "positive"]

  static let layout = SentenceLayout(
    name: "sst2", classNames: classNames, train: ["train.txt", "stsa.binary.train"],
    phrases: ["phrases.train.txt", "stsa.binary.phrases.train"], validation: ["dev.txt", "stsa.binary.dev"],
    test: ["test.txt", "stsa.binary.test"],
    officialDigests: [
      "77b9584cc78a88b2f3469c9b9bc9f90db8d94ba65782df3fccb6d1f9f8cfc2ac",
      "da88a51f576284f071a91b189e3899b81a5a834421c5d30ddd07dad46c5189c3",
      "a8a7d5ef8b3aa16cfd0079c75429c0d588decec143831be2293ad8fd5cf74f62",
    ])

  /// Reads the set from the folder that holds its files: `train.txt`, `dev.txt` and `test.txt`, or `stsa.binary.train`
  /// and so on.
  ///
  /// - Parameters:
  ///   - folder: where they are.
  ///   - unit: what to train on; phrases are in `phrases.train.txt` or `stsa.binary.phrases.train`.
  /// - Returns: the set; `SentenceDataset.note` says what it is.
  /// - Throws: `DatasetError`: a file is missing or unreadable; a line is no UTF-8, is empty, or has no label from 0 to 1.
  public static func load(from folder: String, unit: SentimentUnit = .sentences) throws(DatasetError) -> SentenceDataset
  {
    try layout.load(from: folder, unit: unit)
  }
}
