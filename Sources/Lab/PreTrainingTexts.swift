import Datasets

/// What BERT is pre-trained on and what is held out, as examples, with what identifies them.
public struct PreTrainingTexts: RecordedData {
  public let name: String
  public let note: String
  public let isOfficial: Bool
  /// To train on.
  public let train: BERTExamples
  /// To test with; of other texts.
  public let test: BERTExamples

  /// Makes the examples of texts, or opens those that were made before.
  ///
  /// - Parameters:
  ///   - folder: Where they are kept. Several processes may make the same at once: each file is put into its place whole.
  ///   - name: The name that a run's record has for the texts.
  ///   - train: The texts to train on.
  ///   - test: The texts that are held out; gone through once, whatever the settings say of copies.
  ///   - vocabulary: The file of the vocabulary.
  ///   - settings: Lengths, fractions and copies.
  /// - Throws: `DatasetError` for texts or settings that are not as they should be, or a folder that cannot be written.
  public init(
    in folder: String, name: String, train: [TextCorpus], test: [TextCorpus], vocabulary: String,
    settings: BERTExampleSettings
  ) throws(DatasetError) {
    let tokenizer = WordPieceTokenizer(try WordPieceVocabulary(file: vocabulary))
    var once = settings
    once.copies = 1
    // The same examples for every seed of a training, which draws its own order of them.
    let streams = PhiloxStreams(seed: 0)
    self.train = try BERTExampleFile.open(
      in: folder, corpora: train, tokenizer: tokenizer, settings: settings, streams: streams)
    self.test = try BERTExampleFile.open(
      in: folder, corpora: test, tokenizer: tokenizer, settings: once, streams: streams)
    self.name = name
    func names(_ corpora: [TextCorpus]) -> String {
      corpora.map { String($0.file.split(separator: "/").last ?? "") }.joined(separator: ", ")
    }
    note = "examples of \(settings.greatestLength) pieces from \(names(train)); held out: \(names(test))"
    isOfficial = false
  }

  public var recordedParts: [RecordedPart] {
    [
      RecordedPart(name: "train", count: train.count, digest: train.identity),
      RecordedPart(name: "test", count: test.count, digest: test.identity),
    ]
  }
}
