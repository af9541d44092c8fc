import Lab

extension SentenceRecipe {
  /// What such a recipe says about itself.
  ///
  /// - Parameters:
  ///   - locus: The table: "Table 5".
  ///   - section: Where the text describes it.
  ///   - paper: The paper's accuracies by method, with GloVe's vectors and with word2vec's.
  /// - Returns: The card; its name is made of table, data set and network.
  static func makeCard(
    locus: String, section: String, paper: KeyValuePairs<String, (glove: String, word2vec: String)>
  ) -> RecipeCard {
    let table = locus.lowercased().replacing(" ", with: "")
    return RecipeCard(
      id: "\(table)-\(dataName.rawValue)-\(networkName.lowercased())",
      title: "\(networkName) on \(dataTitle) with GloVe's and word2vec's vectors, from three initialisations",
      locus: locus, section: section,
      paper: paper.flatMap { method, cells in
        [("glove", cells.glove), ("word2vec", cells.word2vec)].map { vectors, text in
          PaperFigure([vectors, method], Double(text.prefix { $0 != " " }) ?? .nan, "\(text) %")
        }
      },
      claim: "IDInit is more accurate than the default start and the orthogonal one, with either word vectors.",
      deviations: deviations)
  }

  static var networkName: String {
    switch kind {
    case .textCNN: "TextCNN"
    case .textRNN: "TextRNN"
    case .transformer: "Transformer"
    }
  }

  static var dataTitle: String {
    switch dataName {
    case .sst2: "SST-2"
    case .sst5: "SST-5"
    case .trec6: "TREC-6"
    case .synthetic: "made-up sentences"
    }
  }

  private static var deviations: [String] {
    let network =
      switch kind {
      case .textCNN:
        "The paper gives no sizes: windows of 3, 4 and 5 words, 100 feature maps each and dropout 0.5, as in Kim (2014); "
          + "without his limit on the norm of the last layer's rows. idinit-window-first is not in the paper: channel-first, "
          + "three neighbouring feature maps see one channel at three places, which a maximum over time makes the same, and "
          + "100 maps see 34 of 50 channels; window-first they see all."
      case .textRNN:
        "The paper cites Lai et al. (2015) and gives no sizes: their recurrent convolutional network with contexts of 50 and "
          + "100 features over words and contexts, and dropout 0.5 before the last layer."
      case .transformer:
        "The paper gives no sizes: two encoder layers as wide as word vectors, feed-forward four times as wide, 6 heads "
          + "(5 for vectors of 50), dropout 0.1, the mean over words."
      }
    let cleaning =
      dataName == .trec6
      ? "Words as Kim's code makes them, all in lower case." : "Whole sentences to train on, no phrases of their trees."
    return [
      network,
      kind == .transformer ? "Adam with 0.9 and 0.999." : "Adadelta with PyTorch's ρ of 0.9 and rate 1.",
      "The paper gives no batch size: 50, as in Kim (2014), of sentences of about one length.",
      cleaning,
      "Word vectors are trained with the rest; words without one are drawn from ± 0.25, as in Kim's code.",
      "The accuracy is that on the test sentences after the last epoch; the paper says neither when it measured nor on what.",
      "The paper's second claim, that IDInit's standard deviation over seeds is always the smallest, is looked at and not "
        + "judged: five seeds know a deviation to ± 35 % only.",
      "The scale small takes GloVe's vectors of 50 numbers alone: word2vec's were published with 300 only.",
    ]
  }
}
