import Datasets
import Foundation
import Lab
import OrderedCollections
import Torch

/// Which texts to pre-train on and to test with, and how they become examples.
public struct TextSettings: Codable, Hashable, Sendable {
  /// Where texts come from.
  public enum Name: String, SettingChoice {
    /// Files.
    case corpora
    /// Made here, for tests.
    case synthetic = "synthetic-text"
  }

  /// Where texts come from.
  public var name: Name
  /// The files to train on, which are looked for where data are, or made. A file whose name begins with `wikitext` is
  /// WikiText; others have a sentence a line and an empty line between documents.
  public var trainFiles: [String]
  /// The files that are held out.
  public var testFiles: [String]
  /// Pieces of an example.
  public var length: Int
  /// Places to predict in an example, at most.
  public var predictions: Int
  /// How often the text is gone through, cut and hidden otherwise each time, before examples repeat.
  public var copies: Int

  static func at(_ scale: Scale) -> TextSettings {
    switch scale {
    case .paper:
      TextSettings(
        name: .corpora, trainFiles: ["wikipedia.txt", "bookcorpus.txt"], testFiles: ["wikitext-2.test.txt"],
        length: 512, predictions: 77, copies: 10)
    case .small:
      TextSettings(
        name: .corpora, trainFiles: ["wikitext-2.valid.txt", "tinyshakespeare.txt"],
        testFiles: ["wikitext-2.test.txt"], length: 64, predictions: 10, copies: 10)
    case .smoke:
      TextSettings(
        name: .synthetic, trainFiles: ["train.txt"], testFiles: ["test.txt"], length: 24, predictions: 4, copies: 2)
    }
  }

  func validate() throws(SettingError) {
    for (key, files) in [("trainFiles", trainFiles), ("testFiles", testFiles)] {
      guard name == .synthetic else {
        try Check.list(files, "data.\(key)")
        continue
      }
      let made = ["\(key.dropLast(5)).txt"]
      guard files == made else {
        throw SettingError("data.\(key)", found: "\(files)", expected: "\(made) where data.name is \(name.rawValue)")
      }
    }
    try Check.atLeast(5, length, "data.length", atMost: 65_535)
    try Check.atLeast(1, predictions, "data.predictions", atMost: length)
    try Check.atLeast(1, copies, "data.copies", atMost: 1_000_000)
  }

  /// The examples, made where nobody has made them yet: beside other data that are made or fetched once.
  ///
  /// - Parameters:
  ///   - locator: Where to look for texts and vocabulary.
  ///   - folder: Where made-up texts and their examples go.
  /// - Returns: What to train on and what to test with.
  /// - Throws: `DatasetError` with every place that was looked in if a file is not there.
  func texts(_ locator: DatasetLocator, madeIn folder: URL) throws -> PreTrainingTexts {
    let settings = BERTExampleSettings(greatestLength: length, greatestPredictions: predictions, copies: copies)
    guard name == .corpora else {
      let made = try SyntheticText.write(to: folder)
      return try PreTrainingTexts(
        in: folder.path, name: name.rawValue, train: [made.train], test: [made.test],
        vocabulary: made.vocabulary, settings: settings)
    }
    let vocabulary = try locator.textFile(
      ["bert-base-uncased-vocab.txt", "vocab.txt"], what: "the vocabulary of BERT",
      advice: "`idinit-lab fetch bert-vocabulary` downloads it, or name its folder with --data")
    func corpora(_ files: [String]) throws(DatasetError) -> [TextCorpus] {
      try files.map { file throws(DatasetError) in
        let isWikiText = file.hasPrefix("wikitext")
        return TextCorpus(
          file: try locator.textFile(
            [file], what: "a text to pre-train on",
            advice: "name the folder that has it with --data, or other files with --set data.trainFiles and "
              + "data.testFiles"),
          format: isWikiText ? .wikiText : .blankLines)
      }
    }
    return try PreTrainingTexts(
      in: "\(locator.cache)/bert", name: name.rawValue, train: try corpora(trainFiles), test: try corpora(testFiles),
      vocabulary: vocabulary, settings: settings)
  }
}

/// AdamW, as `torch.optim.AdamW` computes it.
public struct AdamWSettings: Codable, Hashable, Sendable, OptimizerSettings {
  /// The learning rate; where a schedule is, its highest.
  public var learningRate: Double
  /// The decay of the gradients' average.
  public var beta1: Double
  /// The decay of their squares' average.
  public var beta2: Double
  /// What is added to denominators.
  public var epsilon: Double
  /// The weight decay, apart from the gradient; 0 is none.
  public var weightDecay: Double

  func validate() throws(SettingError) {
    try Check.positive(learningRate, "optimizer.learningRate")
    try Check.share(beta1, "optimizer.beta1")
    try Check.share(beta2, "optimizer.beta2")
    try Check.positive(epsilon, "optimizer.epsilon")
    try Check.notNegative(weightDecay, "optimizer.weightDecay")
  }

  func make(_ parameters: OrderedDictionary<String, Tensor>) throws(TorchError) -> any Optimizer {
    try AdamW(
      parameters, learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
  }
}
