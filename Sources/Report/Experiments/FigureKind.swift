import Records

/// A way to draw an experiment: the bars of a table's last column, the heat maps of a grid.
///
/// A new kind is one file with a type of this protocol, and its name beside the recipes that it serves in
/// ``RecipeFigures``.
protocol FigureKind: Sendable {
  /// The figures; none where the runs have not measured what they show.
  func figures(of runs: MeasuredRuns) -> [Figure]
}

/// Which figures a recipe has.
enum RecipeFigures {
  /// In the order of the page, by recipe.
  static let kinds: [String: [any FigureKind]] = [
    "table1": [CurveFigures.loss],
    "table2-resnet56": [accuracyOfTable2, CurveFigures.common],
    "table2-resnet110": [accuracyOfTable2, CurveFigures.common],
    "figure2": [FinalBars.accuracy(paper: []), CurveFigures.common],
    "table5-sst2-textcnn": [FinalBars.textAccuracy, CurveFigures.common],
    "table5-sst2-textrnn": [FinalBars.textAccuracy, CurveFigures.common],
    "table5-sst2-transformer": [FinalBars.textAccuracy, CurveFigures.common],
    "table5-trec6-textcnn": [FinalBars.textAccuracy, CurveFigures.common],
    "table5-trec6-textrnn": [FinalBars.textAccuracy, CurveFigures.common],
    "table5-trec6-transformer": [FinalBars.textAccuracy, CurveFigures.common],
    "table7-sst5-textcnn": [FinalBars.textAccuracy, CurveFigures.common],
    "table7-sst5-textrnn": [FinalBars.textAccuracy, CurveFigures.common],
    "table7-sst5-transformer": [FinalBars.textAccuracy, CurveFigures.common],
    "figure9-bert": [CurveFigures.pretraining],
    "figure13": [CurveFigures.layers],
    "figure15": [CurveFigures.jacobian, HistogramMaps.singularValues],
    "figure16": [CurveFigures.outputs],
    "table4": [FinalBars.accuracy(paper: ["method"]), CurveFigures.common],
    "table8": [FinalBars.accuracy(paper: ["variant", "method"]), CurveFigures.common],
    "figure4": [CurveFigures.rank],
    "figure5": [FinalBars.unmoved, UnmovedMap(), CurveFigures.accuracy],
    "figure7": [FinalBars.accuracy(paper: []), CurveFigures.common],
    "figure14": [HistogramMaps.weights, CurveFigures.common],
    "figure17": [SurfacePaths.gradient, CurveFigures.scalars],
    "figure19": [DistanceBars(), CurveFigures.distances],
    "figure18": [GridMaps(columns: "learningRate", rows: "weightDecay")],
  ]

  private static let accuracyOfTable2 = FinalBars.accuracy(paper: ["variant", "method"], suffix: ["accuracy"])
}

extension MeasuredRuns {
  /// What there is to see: the figures that belong to the recipe, or the curves of what is known to be worth one, where
  /// the recipe is not known here or its runs have not what its figures show.
  public var figures: [Figure] {
    let own = (RecipeFigures.kinds[recipe] ?? []).flatMap { $0.figures(of: self) }
    return own.isEmpty ? CurveFigures.common.figures(of: self) : own
  }
}
