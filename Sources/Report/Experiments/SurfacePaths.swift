import Foundation
import Records

/// Figure 17: the way that two weights take in training, over a quantity that a run has tabulated on their plane. Runs with
/// the same surface are in one figure.
struct SurfacePaths: FigureKind {
  /// The run's table, and its column with the quantity.
  var table: String
  var cell: String
  /// The weights: columns of the table and cells of the metrics.
  var x: String
  var y: String
  /// What the quantity is, in words and on the legend.
  var words: String
  var legend: String

  static let gradient = SurfacePaths(
    table: "contour.csv", cell: "logGradientNorm", x: "w1", y: "w2", words: "size of the gradient",
    legend: "natural logarithm of the gradient's norm")

  func figures(of runs: MeasuredRuns) -> [Figure] {
    var surfaces: [(rows: [Row], names: [String], groups: [MeasuredRuns.Group])] = []
    for (name, group) in zip(runs.names, runs.groups) {
      guard let rows = group.runs.lazy.compactMap({ $0.tables[table] }).first, !rows.isEmpty else { continue }
      if let index = surfaces.firstIndex(where: { $0.rows == rows }) {
        surfaces[index].names.append(name)
        surfaces[index].groups.append(group)
      } else {
        surfaces.append((rows, [name], [group]))
      }
    }
    return surfaces.enumerated().compactMap { index, surface in
      figure(index + 1, surface.rows, zip(surface.names, surface.groups).map { (name: $0, group: $1) }, runs.paper)
    }
  }

  private func figure(
    _ number: Int, _ rows: [Row], _ groups: [(name: String, group: MeasuredRuns.Group)],
    _ paper: [MeasuredRuns.PaperNumber]
  ) -> Figure? {
    let samples = rows.compactMap { row -> SurfaceChart.Sample? in
      guard let x = row.number(x), let y = row.number(y) else { return nil }
      return SurfaceChart.Sample(x, y, row.number(cell) ?? .nan)
    }
    let paths = groups.map { name, group in
      SurfaceChart.Path(
        name,
        (group.runs.first?.metrics ?? []).compactMap { row in
          row.number(x).flatMap { x in row.number(y).map { SurfaceChart.Point(x, $0) } }
        })
    }.filter { !$0.points.isEmpty }
    guard !samples.isEmpty, !paths.isEmpty else { return nil }
    let chart = SurfaceChart(
      x: PlotAxis(x), y: PlotAxis(y), value: PlotAxis(legend), surface: samples, paths: paths,
      curve: curve(groups.map(\.group), over: samples))
    let names = groups.map(\.name)
    let found = groups.compactMap { name, group in
      paper.first { $0.labels == [group.label("variant")] }.map { "\($0.text) from \(name)" }
    }
    func text(_ value: Double) -> String { NumberFormat.automatic.text(value) }
    let ends = paths.compactMap { path -> String? in
      guard let first = path.points.first, let last = path.points.last else { return nil }
      return "from \(path.name) the path goes from (\(text(first.x)), \(text(first.y))) to "
        + "(\(text(last.x)), \(text(last.y)))"
    }
    return Figure(
      id: "surface-\(number)", title: "Paths over the \(words), from \(names.joined(separator: " and "))",
      caption: "Dark is where the gradient vanishes. A path begins at the circle and ends at the square."
        + (found.isEmpty ? "" : " The paper ends at \(found.joined(separator: ", "))."),
      altText: "The \(words) over \(x) and \(y), as bands of colour; \(ends.joined(separator: "; ")).", plot: chart,
      width: .half)
  }

  /// Where x·y is what the network must learn, within the surface.
  private func curve(_ groups: [MeasuredRuns.Group], over samples: [SurfaceChart.Sample]) -> SurfaceChart.Curve? {
    let solutions = groups.flatMap(\.runs).compactMap { $0.results.number("solution") }
    guard let solution = solutions.first, solution > 0, solutions.allSatisfy({ abs($0 - solution) < 1e-9 }) else {
      return nil
    }
    let most = samples.map { max(abs($0.x), abs($0.y)) }.max() ?? 0
    let least = solution / most
    guard least > 0, least < most else { return nil }
    let piece = (0...80).map { place -> SurfaceChart.Point in
      let x = least * pow(most / least, Double(place) / 80)
      return SurfaceChart.Point(x, solution / x)
    }
    let other = piece.map { SurfaceChart.Point(-$0.x, -$0.y) }
    return SurfaceChart.Curve(
      "the solution, \(x)·\(y) = \(NumberFormat.automatic.text(solution))", [piece, other])
  }
}
