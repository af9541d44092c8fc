import Records

/// Heat maps of a grid of two settings (Figure 18): one for each start, all with the same colours.
///
/// Where one of the two has a single value, one map has the starts as its rows.
struct GridMaps: FigureKind {
  /// Labels: of a map's columns, of its rows.
  var columns: String
  var rows: String

  /// What the colours show, among the results.
  private static let cell = "testAccuracy"

  func figures(of runs: MeasuredRuns) -> [Figure] {
    let xs = Self.numbers(columns, runs)
    let ys = Self.numbers(rows, runs)
    let all = runs.groups.flatMap { $0.values(Self.cell) }.filter(\.isFinite)
    guard !xs.isEmpty, !ys.isEmpty, let least = all.min(), let most = all.max() else { return [] }
    let methods = runs.groups.map { $0.label("method") }.unique
    let value = PlotAxis("test accuracy", format: .percent(1), domain: least < most ? least...most : nil)
    let title = (x: MeasuredRuns.words(columns), y: MeasuredRuns.words(rows))
    if xs.count == 1 || ys.count == 1 {
      let (key, numbers, name) = ys.count == 1 ? (columns, xs, title.x) : (rows, ys, title.y)
      let other = ys.count == 1 ? "\(title.y) \(Self.text(ys[0]))" : "\(title.x) \(Self.text(xs[0]))"
      let values = methods.map { method in
        numbers.map { number in
          mean(runs.groups.first { $0.label("method") == method && $0.labels.number(key) == number })
        }
      }
      return [
        figure(
          "Test accuracy by \(name), \(other)", id: "grid", runs,
          best: Self.best(methods, numbers.map(Self.text), values),
          Heatmap(
            xTitle: name, yTitle: "start", columns: numbers.map(Self.text), rows: methods, value: value, values: values),
          .full)
      ]
    }
    return methods.map { method in
      let values = ys.map { y in
        xs.map { x in
          mean(
            runs.groups.first {
              $0.label("method") == method && $0.labels.number(columns) == x && $0.labels.number(rows) == y
            })
        }
      }
      let map = Heatmap(
        xTitle: title.x, yTitle: title.y, columns: xs.map(Self.text), rows: ys.map(Self.text), value: value,
        values: values)
      return figure(
        "Test accuracy from \(method)", id: "grid-\(method)", runs,
        best: Self.best(ys.map { "\(title.y) \(Self.text($0))" }, xs.map(Self.text), values), map, .half)
    }
  }

  private func figure(
    _ title: String, id: String, _ runs: MeasuredRuns, best: String, _ map: Heatmap, _ width: Figure.Width
  ) -> Figure {
    let paper = runs.paper.map { "\($0.text) (\($0.labels.joined(separator: ", ")))" }
    let isLost = map.values.joined().contains { $0?.isFinite == false }
    return Figure(
      id: id, title: title,
      caption: [
        (runs.groups.map(\.runs.count).max() ?? 1) > 1 ? "Mean over seeds." : "One seed.",
        isLost ? "×: every seed diverged." : "",
        paper.isEmpty ? "" : "The paper: \(paper.joined(separator: "; ")).",
      ].filter { !$0.isEmpty }.joined(separator: " "),
      altText: "\(title): a heat map of \(map.rows.count) by \(map.columns.count) cells. \(best)", plot: map,
      width: width)
  }

  /// Where accuracy is greatest, in words.
  private static func best(_ rows: [String], _ columns: [String], _ values: [[Double?]]) -> String {
    var best: (value: Double, row: String, column: String)?
    for (row, line) in zip(rows, values) {
      for (column, value) in zip(columns, line) {
        if let value, value.isFinite, value > best?.value ?? -.infinity { best = (value, row, column) }
      }
    }
    return best.map { "The best, \(NumberFormat.percent(1).text($0.value)), is at \($0.column), \($0.row)." }
      ?? "No run ended."
  }

  /// The mean over seeds; NaN where all diverged, nil where none was run.
  private func mean(_ group: MeasuredRuns.Group?) -> Double? {
    group.map { SeedStatistics($0.values(Self.cell)).mean }
  }

  private static func numbers(_ key: String, _ runs: MeasuredRuns) -> [Double] {
    Set(runs.groups.compactMap { $0.labels.number(key) }).sorted()
  }

  private static func text(_ number: Double) -> String { NumberFormat.automatic.text(number) }
}
