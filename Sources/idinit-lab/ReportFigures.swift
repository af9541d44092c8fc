import Lab
import Recipes
import Records
import Report

/// The plots of an experiment, from what its runs measured: a curve for every group of runs that differ in their seeds
/// alone, a figure for every quantity that is known here.
struct ReportFigures {
  let figures: [Figure]

  /// A measured quantity that is worth a plot.
  private struct Quantity {
    var cell: String
    var title: String
    var scale = PlotAxis.Scale.linear
    var format = NumberFormat.automatic
    /// Several figures of this width stand side by side.
    var width = Figure.Width.half
  }

  private static let quantities = [
    Quantity(cell: "testAccuracy", title: "Test accuracy", format: .percent(1), width: .full),
    Quantity(cell: "testLoss", title: "Test loss", scale: .log),
    Quantity(cell: "trainLoss", title: "Training loss", scale: .log),
    Quantity(cell: "unmoved", title: "Last weights not moved", format: .percent(0)),
    Quantity(cell: "nearlyZero", title: "First weights near 0", format: .percent(0)),
    Quantity(cell: "residualRank", title: "Rank of W − I", width: .full),
    Quantity(cell: "meanDistance", title: "Distance between layers", scale: .log),
  ]

  /// Lines that one figure can carry and still be read.
  private static let mostSeries = 9

  private struct Group {
    var labels: Row
    var rows: [[Row]]
  }

  init(_ summary: ExperimentSummary) throws(LabError) {
    let groups = try SeedGroup.groups(summary.ended).map { group throws(LabError) in
      Group(labels: group.labels, rows: try group.runs.map { run throws(LabError) in try run.metrics() })
    }
    var figures: [Figure] = []
    for (part, members) in Self.parts(groups) {
      for quantity in Self.quantities {
        if let figure = Self.figure(quantity, members, part: part, number: figures.count) { figures.append(figure) }
      }
    }
    self.figures = figures
  }

  /// All in one figure where they fit, else by their first label: by training, by learning rate.
  private static func parts(_ groups: [Group]) -> [(part: String, groups: [Group])] {
    guard groups.count > mostSeries, let key = groups.first?.labels.names.first else { return [("", groups)] }
    var parts: [(part: String, groups: [Group])] = []
    for group in groups {
      let part = "\(key) \(text(group.labels[key]))"
      if let index = parts.firstIndex(where: { $0.part == part }) {
        parts[index].groups.append(group)
      } else {
        parts.append((part, [group]))
      }
    }
    return parts
  }

  private static func figure(_ quantity: Quantity, _ groups: [Group], part: String, number: Int) -> Figure? {
    let steps = ["epoch", "step"].first { step in
      groups.contains { $0.rows.contains { $0.contains { $0.number(step) != nil && $0.number(quantity.cell) != nil } } }
    }
    guard let step = steps else { return nil }
    let names = names(of: groups)
    let series = zip(names, groups).map { name, group in
      LineChart.Series(name, points(group, x: step, y: quantity.cell))
    }.filter { !$0.points.isEmpty }
    guard series.contains(where: { $0.points.count > 1 }) else { return nil }
    let seeds = groups.map(\.rows.count).max() ?? 1
    // Less than a decade and a half has room on a linear axis, and is read more easily there.
    let sizes = series.flatMap { $0.points.flatMap(\.values) }.filter { $0.isFinite && $0 > 0 }
    let isWide = (sizes.max() ?? 1) / (sizes.min() ?? 1) > 30
    let title = quantity.title + (part.isEmpty ? "" : ", \(part)")
    let ends = series.compactMap { series in
      series.points.last.map { point in
        "\(series.name) \(quantity.format.text(point.values.reduce(0, +) / Double(max(1, point.values.count))))"
      }
    }
    return Figure(
      id: "\(quantity.cell)-\(number)", title: title,
      caption: seeds > 1 ? "Mean over seeds; the band is their range." : "One seed.",
      altText: "\(title) by \(step). At the end: \(ends.joined(separator: ", ")).",
      plot: LineChart(
        x: PlotAxis(step),
        y: PlotAxis(quantity.title.lowercased(), scale: isWide ? quantity.scale : .linear, format: quantity.format),
        series: series, height: quantity.width == .full ? 300 : 240),
      width: quantity.width)
  }

  /// What tells groups apart: the labels that they do not all share.
  private static func names(of groups: [Group]) -> [String] {
    let keys = (groups.first?.labels.names ?? []).filter { key in
      Set(groups.map { text($0.labels[key]) }).count > 1
    }
    return groups.map { group in
      let shown = keys.isEmpty ? group.labels.names : keys
      return shown.map { text(group.labels[$0]) }.joined(separator: ", ")
    }
  }

  private static func points(_ group: Group, x: String, y: String) -> [LineChart.Point] {
    var values: [Double: [Double]] = [:]
    for rows in group.rows {
      for row in rows {
        if let x = row.number(x), let y = row.number(y) { values[x, default: []].append(y) }
      }
    }
    return values.sorted { $0.key < $1.key }.map { LineChart.Point($0.key, $0.value) }
  }

  private static func text(_ value: JSONValue?) -> String { value.map { $0.text ?? $0.line } ?? "" }
}
