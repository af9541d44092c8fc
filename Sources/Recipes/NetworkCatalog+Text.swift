import Networks

extension NetworkCatalog {
  /// Classifiers of sentences, with word vectors of 50 numbers and two classes, as Table 5's at the scale small, and a
  /// BERT. What is random there besides the weights is left out: no network has dropout.
  static let text: [Entry] = [
    Entry(
      name: "textcnn", title: "windows of 3, 4 and 5 words, 100 maps each (Table 5)", input: words, classes: 2
    ) { _, device in
      try TextCNN(vocabulary: vocabulary, width: 50, classes: 2, dropout: nil, device: device)
    },
    recurrent(.elman, "textrnn", "each word with a left and a right context, of tanh layers (Table 5)"),
    recurrent(.lstm, "textrnn-lstm", "each word with a left and a right context, of LSTMs"),
    Entry(
      name: "transformer", title: "two encoder layers of 50 with 5 heads, the mean over words (Table 5)",
      input: words, classes: 2
    ) { _, device in
      try TransformerClassifier(
        vocabulary: vocabulary, width: 50, classes: 2, heads: 5, layers: 2, dropout: nil, device: device)
    },
    Entry(
      name: "bert-small",
      title: "BERT, four layers of 256 with 4 heads: whether a text follows another, without the head that predicts "
        + "words (Figure 9)",
      // Features and input of a text have no more than the 2²⁰ products that the probe `jacobian` computes whole.
      input: .tokens(length: 16, vocabulary: vocabulary), classes: 2
    ) { _, device in
      var configuration = BERTConfiguration.small
      configuration.vocabularyCount = vocabulary
      (configuration.dropout, configuration.attentionDropout) = (0, 0)
      return BERTNextSentence(try BERTForPreTraining(configuration, device: device))
    },
  ]

  /// Of a few, since probes look at embeddings, too.
  private static let vocabulary = 1000
  /// About as many words as a sentence of SST has.
  private static let words = ProbeInput.tokens(length: 20, vocabulary: vocabulary)

  private static func recurrent(_ contexts: TextRNN.Contexts, _ name: String, _ title: String) -> Entry {
    Entry(name: name, title: title, input: words, classes: 2) { _, device in
      try TextRNN(vocabulary: vocabulary, width: 50, classes: 2, contexts: contexts, device: device)
    }
  }
}
