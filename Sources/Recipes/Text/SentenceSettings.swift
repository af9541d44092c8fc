import Datasets
import Lab
import OrderedCollections
import Torch

/// Which sentences to classify, and what stands for their words.
public struct SentenceDataSettings: Codable, Hashable, Sendable {
  /// The data sets that can be asked for.
  public enum Name: String, SettingChoice {
    /// The Stanford Sentiment Treebank in two and in five classes, questions in six.
    case sst2, sst5, trec6
    /// Made here, for tests.
    case synthetic = "synthetic-sentences"

    /// How many classes it has.
    var classCount: Int {
      switch self {
      case .sst2: SST2.classNames.count
      case .sst5: SST5.classNames.count
      case .trec6: TREC6.classNames.count
      case .synthetic: 3
      }
    }
  }

  /// The data set.
  public var name: Name
  /// Elements of a word vector: 300 as they are published, 50 for the small GloVe set.
  public var dimension: Int
  /// Words that the pretrained vectors lack are drawn from ± this.
  public var unknownBound: Double

  /// Sentences with vectors as they are published, with small ones, or made here.
  static func at(_ scale: Scale, _ name: Name) -> SentenceDataSettings {
    SentenceDataSettings(
      name: scale == .smoke ? .synthetic : name, dimension: scale == .paper ? 300 : scale == .small ? 50 : 12,
      unknownBound: 0.25)
  }

  func validate() throws(SettingError) {
    try Check.atLeast(1, dimension, "data.dimension", atMost: 16_384)
    try Check.positive(unknownBound, "data.unknownBound")
  }
}

/// Where word vectors come from.
public enum Vectors: String, SettingChoice {
  /// Pennington et al. 2014, in their text format.
  case glove
  /// Mikolov et al. 2013, in their binary format.
  case word2vec
  /// Drawn at random, for tests.
  case random
}

/// The networks that sentences are classified with.
public struct SentenceNetworkSettings: Codable, Hashable, Sendable {
  /// Which network; fixed by the recipe.
  enum Kind { case textCNN, textRNN, transformer }

  /// TextCNN's feature maps of each window, TextRNN's features over words and contexts, or those inside of each of the
  /// Transformer's layers.
  public var hidden: Int
  /// TextRNN's features of a context; 0 for the others.
  public var context: Int
  /// The Transformer's layers; 0 for the others.
  public var layers: Int
  /// The Transformer's heads, which divide the width of a word vector; 0 for the others.
  public var heads: Int
  /// How likely a feature is zeroed in training.
  public var dropout: Double

  static func at(_ scale: Scale, _ kind: Kind) -> SentenceNetworkSettings {
    let isSmoke = scale == .smoke
    return switch kind {
    case .textCNN: .init(hidden: isSmoke ? 8 : 100, context: 0, layers: 0, heads: 0, dropout: 0.5)
    case .textRNN:
      .init(hidden: isSmoke ? 8 : 100, context: isSmoke ? 6 : 50, layers: 0, heads: 0, dropout: 0.5)
    case .transformer:
      .init(
        hidden: isSmoke ? 24 : scale == .paper ? 1200 : 200, context: 0, layers: 2,
        heads: isSmoke ? 2 : scale == .paper ? 6 : 5, dropout: 0.1)
    }
  }

  func validate(_ kind: Kind, dimension: Int) throws(SettingError) {
    try Check.atLeast(1, hidden, "network.hidden", atMost: 1 << 20)
    try Check.share(dropout, "network.dropout")
    let used = (context: kind == .textRNN, encoder: kind == .transformer)
    for (key, value, isUsed) in [
      ("context", context, used.context), ("layers", layers, used.encoder), ("heads", heads, used.encoder),
    ] {
      if isUsed {
        try Check.atLeast(1, value, "network.\(key)", atMost: 1 << 16)
      } else if value != 0 {
        throw SettingError("network.\(key)", found: "\(value)", expected: "0: this network has none")
      }
    }
    if kind == .transformer, dimension % heads != 0 {
      throw SettingError("network.heads", found: "\(heads)", expected: "a divisor of data.dimension, \(dimension)")
    }
  }
}

/// Adadelta, or Adam for the Transformer.
public struct SentenceOptimizerSettings: Codable, Hashable, Sendable {
  /// The learning rate: 1 with Adadelta.
  public var learningRate: Double
  /// Adadelta's decay of averages; 0 for Adam, which has 0.9 and 0.999.
  public var rho: Double

  static func of(_ kind: SentenceNetworkSettings.Kind) -> SentenceOptimizerSettings {
    .init(learningRate: kind == .transformer ? 1e-4 : 1, rho: kind == .transformer ? 0 : 0.9)
  }

  func validate() throws(SettingError) {
    try Check.positive(learningRate, "optimizer.learningRate")
    try Check.share(rho, "optimizer.rho")
  }

  func validate(_ kind: SentenceNetworkSettings.Kind) throws(SettingError) {
    guard kind == .transformer, rho != 0 else { return }
    throw SettingError("optimizer.rho", found: JSONValue.text(rho), expected: "0: Adam has none")
  }

  func make(
    _ kind: SentenceNetworkSettings.Kind, _ parameters: OrderedDictionary<String, Tensor>
  ) throws(TorchError) -> any Optimizer {
    kind == .transformer
      ? try Adam(parameters, learningRate: learningRate)
      : try Adadelta(parameters, learningRate: learningRate, rho: rho)
  }
}
