import Lab

/// SST-5 with TextCNN (Table 7).
public enum Table7SST5TextCNN: SentenceRecipe {
  static let kind = SentenceNetworkSettings.Kind.textCNN
  static let dataName = SentenceDataSettings.Name.sst5

  public static let card: RecipeCard = makeCard(
    locus: "Table 7", section: "Appendix B.4",
    paper: [
      "kaiming": ("44.68 ± 0.88", "46.15 ± 0.62"),
      "orthogonal": ("44.91 ± 0.81", "46.76 ± 0.68"),
      "idinit": ("45.41 ± 0.40", "47.72 ± 0.51"),
    ])
}

/// SST-5 with TextRNN (Table 7).
public enum Table7SST5TextRNN: SentenceRecipe {
  static let kind = SentenceNetworkSettings.Kind.textRNN
  static let dataName = SentenceDataSettings.Name.sst5

  public static let card: RecipeCard = makeCard(
    locus: "Table 7", section: "Appendix B.4",
    paper: [
      "xavier": ("44.27 ± 0.88", "47.04 ± 0.48"),
      "orthogonal": ("44.61 ± 1.18", "46.13 ± 0.79"),
      "idinit": ("46.65 ± 0.25", "48.01 ± 0.36"),
    ])
}

/// SST-5 with a Transformer encoder (Table 7).
public enum Table7SST5Transformer: SentenceRecipe {
  static let kind = SentenceNetworkSettings.Kind.transformer
  static let dataName = SentenceDataSettings.Name.sst5

  public static let card: RecipeCard = makeCard(
    locus: "Table 7", section: "Appendix B.4",
    paper: [
      "xavier": ("41.81 ± 1.17", "44.02 ± 1.27"),
      "orthogonal": ("43.01 ± 1.61", "44.92 ± 1.52"),
      "idinit": ("44.23 ± 0.59", "45.76 ± 0.42"),
    ])
}
