extension BERTConfiguration: Codable {
  private enum Key: String, CodingKey {
    case vocabularyCount = "vocab_size"
    case width = "hidden_size"
    case layers = "num_hidden_layers"
    case heads = "num_attention_heads"
    case intermediateWidth = "intermediate_size"
    case greatestLength = "max_position_embeddings"
    case segments = "type_vocab_size"
    case dropout = "hidden_dropout_prob"
    case attentionDropout = "attention_probs_dropout_prob"
    case normEpsilon = "layer_norm_eps"
    case paddingIndex = "pad_token_id"
    case modelType = "model_type"
    case activation = "hidden_act"
    case positions = "position_embedding_type"
    case isDecoder = "is_decoder"
  }

  /// Reads a `config.json` of `transformers`. What is not in it has `BertConfig`'s default; members that do not change
  /// what the network computes are passed over.
  ///
  /// - Throws: `DecodingError` for another model than BERT, or another activation or kind of position table than this
  ///   network has.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: Key.self)
    func require(_ key: Key, _ expected: String) throws {
      let found = try table.decodeIfPresent(String.self, forKey: key) ?? expected
      guard found == expected else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: table, debugDescription: "\(key.rawValue) is '\(found)'; expected '\(expected)'")
      }
    }
    try require(.modelType, "bert")
    try require(.activation, "gelu")
    try require(.positions, "absolute")
    guard try !(table.decodeIfPresent(Bool.self, forKey: .isDecoder) ?? false) else {
      throw DecodingError.dataCorruptedError(
        forKey: .isDecoder, in: table, debugDescription: "is_decoder is true; expected an encoder")
    }
    let base = BERTConfiguration.base
    func count(_ key: Key, _ value: Int) throws -> Int { try table.decodeIfPresent(Int.self, forKey: key) ?? value }
    func number(_ key: Key, _ value: Double) throws -> Double {
      try table.decodeIfPresent(Double.self, forKey: key) ?? value
    }
    self.init(
      vocabularyCount: try count(.vocabularyCount, base.vocabularyCount), width: try count(.width, base.width),
      layers: try count(.layers, base.layers), heads: try count(.heads, base.heads),
      intermediateWidth: try count(.intermediateWidth, base.intermediateWidth),
      greatestLength: try count(.greatestLength, base.greatestLength),
      segments: try count(.segments, base.segments), dropout: try number(.dropout, base.dropout),
      attentionDropout: try number(.attentionDropout, base.attentionDropout),
      normEpsilon: try number(.normEpsilon, base.normEpsilon),
      paddingIndex: table.contains(.paddingIndex)
        ? try table.decodeIfPresent(Int.self, forKey: .paddingIndex) : base.paddingIndex)
  }

  /// Writes what `BertConfig` takes.
  public func encode(to encoder: any Encoder) throws {
    var table = encoder.container(keyedBy: Key.self)
    try table.encode("bert", forKey: .modelType)
    try table.encode("gelu", forKey: .activation)
    try table.encode(vocabularyCount, forKey: .vocabularyCount)
    try table.encode(width, forKey: .width)
    try table.encode(layers, forKey: .layers)
    try table.encode(heads, forKey: .heads)
    try table.encode(intermediateWidth, forKey: .intermediateWidth)
    try table.encode(greatestLength, forKey: .greatestLength)
    try table.encode(segments, forKey: .segments)
    try table.encode(dropout, forKey: .dropout)
    try table.encode(attentionDropout, forKey: .attentionDropout)
    try table.encode(normEpsilon, forKey: .normEpsilon)
    try table.encode(paddingIndex, forKey: .paddingIndex)
  }
}
