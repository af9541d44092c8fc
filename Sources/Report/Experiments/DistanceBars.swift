import Records

/// Figure 19: how far two layers are from each other after training, for every pair of them.
struct DistanceBars: FigureKind {
  private static let prefix = "distance"

  func figures(of runs: MeasuredRuns) -> [Figure] {
    let pairs = runs.groups.flatMap(\.finished).flatMap { $0.results.names.filter(Self.isPair) }.unique
    guard !pairs.isEmpty else { return [] }
    let bars = pairs.flatMap { pair in
      zip(runs.names, runs.groups).map { name, group in
        BarChart.Bar(category: Self.title(pair), group: name, values: group.values(pair))
      }
    }
    let axis = PlotAxis("mean absolute difference", scale: .log)
    let found = zip(runs.names, runs.groups).map { name, group in
      let values = pairs.flatMap { group.values($0) }
      return "\(name) \(NumberText.three(values.min() ?? .nan)) to \(NumberText.three(values.max() ?? .nan))"
    }
    return [
      Figure(
        id: "distances", title: "Distance between two layers after training",
        caption: [runs.seedSentence("line"), runs.divergedSentence].filter { !$0.isEmpty }.joined(separator: " "),
        altText: "Distance between two layers after training, over all pairs: \(found.joined(separator: ", ")).",
        plot: BarChart(axis: axis, bars: bars, baseline: .fitted, spread: .range))
    ]
  }

  /// `distance0-1`.
  private static func isPair(_ cell: String) -> Bool { cell.wholeMatch(of: #/distance\d+-\d+/#) != nil }

  /// `layers 1 and 2` of `distance0-1`: people count from 1.
  private static func title(_ cell: String) -> String {
    let layers = cell.dropFirst(prefix.count).split(separator: "-").compactMap { Int($0) }.map { "\($0 + 1)" }
    return "layers \(layers.joined(separator: " and "))"
  }
}
