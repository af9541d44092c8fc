/// TREC's questions (Li and Roth 2002) in six classes: 5,452 to train on and 500 to test with.
///
/// There is no validation part. Kim (2014) sets a tenth of the training questions aside at random
/// (`LabeledSentences.holdingOut`); the paper of IDInit does not say what it does.
public enum TREC6 {
  /// In the order of the labels: descriptions, entities, abbreviations, people, places, numbers.
  public static let classNames = ["DESC", "ENTY", "ABBR", "HUM", "LOC", "NUM"]

  static let layout = SentenceLayout(
    name: "trec6", classNames: classNames, train: ["train.txt", "TREC.train.all"], phrases: [], validation: [],
    test: ["test.txt", "TREC.test.all"],
    officialDigests: [
      "b46324726ad1457a9de16adb856dce16c7d9eff2f7b28f19e0cf38cceb2ecaed",
      "d63ff6a2a3d2c7df60797852ac78d577ae6e5cbf6d109cdff164ec953be50c33",
    ], mayBeLatin1: true)

  /// Reads the set from the folder that holds its files: `train.txt` and `test.txt`, or `TREC.train.all` and
  /// `TREC.test.all`. The authors wrote Latin-1, and one training question has a character beyond ASCII: a line that is no
  /// UTF-8 is taken for Latin-1.
  ///
  /// - Throws: `DatasetError`: a file is missing or unreadable; a line is empty, or has no label from 0 to 5.
  public static func load(from folder: String) throws(DatasetError) -> SentenceDataset {
    try layout.load(from: folder, unit: .sentences)
  }
}
