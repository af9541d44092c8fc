import Records

/// Figure 5 by block: the share of each last weight that is where it started, as a heat map of start by block.
struct UnmovedMap: FigureKind {
  private static let prefix = "unmoved."

  func figures(of runs: MeasuredRuns) -> [Figure] {
    let weights = runs.groups.flatMap(\.finished).flatMap { $0.results.names.filter { $0.hasPrefix(Self.prefix) } }
      .unique
    guard !weights.isEmpty else { return [] }
    let values = runs.groups.map { group in
      weights.map { weight -> Double? in
        let values = group.values(weight)
        return values.isEmpty ? nil : SeedStatistics(values).mean
      }
    }
    let parts = zip(runs.names, values).map { name, line in
      let shown = line.compactMap { $0 }
      let (least, most) = (shown.min() ?? .nan, shown.max() ?? .nan)
      return "\(name) \(NumberFormat.percent(0).text(least)) to \(NumberFormat.percent(0).text(most))"
    }
    return [
      Figure(
        id: "unmoved-blocks", title: "Elements not moved, by block",
        caption: (runs.groups.map(\.runs.count).max() ?? 1) > 1 ? "Mean over seeds." : "One seed.",
        altText: "Share of each block's last weight that is where it started: \(parts.joined(separator: ", ")).",
        plot: Heatmap(
          xTitle: "block", yTitle: "start", columns: weights.map(Self.block), rows: runs.names,
          value: PlotAxis("share not moved", format: .percent(0), domain: 0...1), values: values))
    ]
  }

  /// `layer1.0` of `unmoved.layer1.0.conv2.weight`.
  private static func block(_ cell: String) -> String {
    let parts = cell.dropFirst(prefix.count).split(separator: ".")
    return parts.count > 2 ? parts.dropLast(2).joined(separator: ".") : parts.joined(separator: ".")
  }
}
