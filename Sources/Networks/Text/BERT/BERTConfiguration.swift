import Torch

/// The sizes of a BERT (Devlin et al. 2019), with the names and defaults of `transformers`' `BertConfig`.
///
/// As JSON it is a `config.json` as `transformers` writes it beside a checkpoint: `hidden_size`, `num_hidden_layers`, ….
public struct BERTConfiguration: Hashable, Sendable {
  /// Pieces of the vocabulary (`vocab_size`).
  public var vocabularyCount: Int
  /// Features of a place in every layer (`hidden_size`).
  public var width: Int
  /// Encoder layers (`num_hidden_layers`).
  public var layers: Int
  /// Attention heads of a layer, which divide the width (`num_attention_heads`).
  public var heads: Int
  /// Features between the two linear layers behind the attention (`intermediate_size`).
  public var intermediateWidth: Int
  /// Places of the longest text (`max_position_embeddings`).
  public var greatestLength: Int
  /// Kinds of segments (`type_vocab_size`).
  public var segments: Int
  /// How likely an activation is zeroed in training (`hidden_dropout_prob`).
  public var dropout: Double
  /// How likely an attention's weight is zeroed in training (`attention_probs_dropout_prob`).
  public var attentionDropout: Double
  /// What is added to the variances of layer normalisations (`layer_norm_eps`).
  public var normEpsilon: Double
  /// The piece that fills up, whose row of the table gets no gradient from being looked up (`pad_token_id`); nil: none.
  public var paddingIndex: Int?

  /// Sizes; what is not named is as in BERT-Base.
  public init(
    vocabularyCount: Int = 30_522, width: Int = 768, layers: Int = 12, heads: Int = 12, intermediateWidth: Int = 3072,
    greatestLength: Int = 512, segments: Int = 2, dropout: Double = 0.1, attentionDropout: Double = 0.1,
    normEpsilon: Double = 1e-12, paddingIndex: Int? = 0
  ) {
    (self.vocabularyCount, self.width, self.layers, self.heads) = (vocabularyCount, width, layers, heads)
    (self.intermediateWidth, self.greatestLength, self.segments) = (intermediateWidth, greatestLength, segments)
    (self.dropout, self.attentionDropout) = (dropout, attentionDropout)
    (self.normEpsilon, self.paddingIndex) = (normEpsilon, paddingIndex)
  }

  /// BERT-Base, uncased: 110 million parameters.
  public static let base = BERTConfiguration()
  /// Four layers of width 256, "BERT-Mini" (Turc et al. 2019): 11 million parameters, most of them the word table.
  public static let small = BERTConfiguration(width: 256, layers: 4, heads: 4, intermediateWidth: 1024)
  /// Two layers of width 32, for tests.
  public static let tiny = BERTConfiguration(
    vocabularyCount: 128, width: 32, layers: 2, heads: 4, intermediateWidth: 64, greatestLength: 64)

  /// - Throws: `TorchError` of kind `argument` for sizes that are none or do not fit together, naming the first.
  func check() throws(TorchError) {
    func require(_ isRight: Bool, _ name: String, _ value: some Any, _ expected: String) throws(TorchError) {
      guard isRight else {
        throw TorchError(
          kind: .argument, operation: "BERTConfiguration", message: "\(name) is \(value); expected \(expected)")
      }
    }
    for (name, value) in [
      ("vocabularyCount", vocabularyCount), ("width", width), ("layers", layers), ("heads", heads),
      ("intermediateWidth", intermediateWidth), ("greatestLength", greatestLength), ("segments", segments),
    ] {
      try require((1...1 << 24).contains(value), name, value, "1 or more (to \(1 << 24))")
    }
    try require(width % heads == 0, "width", width, "a multiple of the \(heads) heads")
    for (name, value) in [("dropout", dropout), ("attentionDropout", attentionDropout)] {
      try require(value >= 0 && value < 1, name, value, "0 or more, below 1")
    }
    try require(normEpsilon > 0 && normEpsilon.isFinite, "normEpsilon", normEpsilon, "a number greater than 0")
    if let paddingIndex {
      try require(
        (0..<vocabularyCount).contains(paddingIndex), "paddingIndex", paddingIndex, "a piece of the vocabulary")
    }
  }
}
