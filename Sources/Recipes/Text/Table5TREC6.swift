import Lab

/// TREC-6 with TextCNN (Table 5).
public enum Table5TREC6TextCNN: SentenceRecipe {
  static let kind = SentenceNetworkSettings.Kind.textCNN
  static let dataName = SentenceDataSettings.Name.trec6

  public static let card: RecipeCard = makeCard(
    locus: "Table 5", section: "Section 4.5",
    paper: [
      "kaiming": ("90.80 ± 0.94", "92.06 ± 1.00"),
      "orthogonal": ("90.34 ± 0.72", "92.72 ± 0.84"),
      "idinit": ("91.22 ± 0.54", "92.94 ± 0.48"),
    ])
}

/// TREC-6 with TextRNN (Table 5).
public enum Table5TREC6TextRNN: SentenceRecipe {
  static let kind = SentenceNetworkSettings.Kind.textRNN
  static let dataName = SentenceDataSettings.Name.trec6

  public static let card: RecipeCard = makeCard(
    locus: "Table 5", section: "Section 4.5",
    paper: [
      "xavier": ("86.34 ± 1.04", "90.52 ± 1.54"),
      "orthogonal": ("85.86 ± 0.90", "89.88 ± 1.54"),
      "idinit": ("87.04 ± 0.26", "90.60 ± 0.58"),
    ])
}

/// TREC-6 with a Transformer encoder (Table 5).
public enum Table5TREC6Transformer: SentenceRecipe {
  static let kind = SentenceNetworkSettings.Kind.transformer
  static let dataName = SentenceDataSettings.Name.trec6

  public static let card: RecipeCard = makeCard(
    locus: "Table 5", section: "Section 4.5",
    paper: [
      "xavier": ("86.68 ± 2.68", "89.20 ± 1.20"),
      "orthogonal": ("86.90 ± 1.51", "89.26 ± 0.86"),
      "idinit": ("87.32 ± 0.78", "90.06 ± 0.60"),
    ])
}
