import Lab

/// SST-2 with TextCNN (Table 5).
public enum Table5SST2TextCNN: SentenceRecipe {
  static let kind = SentenceNetworkSettings.Kind.textCNN
  static let dataName = SentenceDataSettings.Name.sst2

  public static let card: RecipeCard = makeCard(
    locus: "Table 5", section: "Section 4.5",
    paper: [
      "kaiming": ("81.40 ± 0.66", "84.56 ± 0.43"),
      "orthogonal": ("82.24 ± 0.44", "84.37 ± 0.38"),
      "idinit": ("82.60 ± 0.24", "85.67 ± 0.41"),
    ])
}

/// SST-2 with TextRNN (Table 5).
public enum Table5SST2TextRNN: SentenceRecipe {
  static let kind = SentenceNetworkSettings.Kind.textRNN
  static let dataName = SentenceDataSettings.Name.sst2

  public static let card: RecipeCard = makeCard(
    locus: "Table 5", section: "Section 4.5",
    paper: [
      "xavier": ("81.69 ± 0.30", "84.29 ± 0.70"),
      "orthogonal": ("81.86 ± 0.55", "84.61 ± 0.78"),
      "idinit": ("82.66 ± 0.16", "85.49 ± 0.33"),
    ])
}

/// SST-2 with a Transformer encoder (Table 5).
public enum Table5SST2Transformer: SentenceRecipe {
  static let kind = SentenceNetworkSettings.Kind.transformer
  static let dataName = SentenceDataSettings.Name.sst2

  public static let card: RecipeCard = makeCard(
    locus: "Table 5", section: "Section 4.5",
    paper: [
      "xavier": ("80.97 ± 1.20", "83.36 ± 0.76"),
      "orthogonal": ("82.22 ± 0.87", "83.99 ± 0.23"),
      "idinit": ("82.48 ± 0.55", "84.51 ± 0.24"),
    ])
}
