import Records

extension ProbeReport {
  /// What was measured, as plots: those of probes that were not asked for are left out.
  var figures: [Figure] {
    [growth].compactMap { $0 } + signals + [noise, spectrum].compactMap { $0 } + ranks
      + [shares].compactMap { $0 } + histograms + [distances, gradients, unmoved, rates].compactMap { $0 }
  }

  /// Signal and gradient along the main path, each relative to where it enters: in a good start all lines are flat.
  private var growth: Figure? {
    var series: [LineChart.Series] = []
    var ends: [String] = []
    for method in methods {
      let path = Self.mainPath(method)
      guard path.count > 1, let first = path.first?.number("rms"), let last = path.last?.number("gradientRMS") else {
        continue
      }
      func line(_ name: String, _ cell: String, over start: Double) -> LineChart.Series {
        .init("\(method.name), \(name)", Self.points(path, cell).map { .init($0.x, $0.values.map { $0 / start }) })
      }
      let (signal, gradient) = (line("signal", "rms", over: first), line("gradient", "gradientRMS", over: last))
      series += [signal, gradient]
      let text = NumberText.three
      ends.append(
        "From \(method.name) the signal ends at ×\(text(signal.points.last?.values.first ?? .nan)), the gradient at "
          + "×\(text(gradient.points.first?.values.first ?? .nan)).")
    }
    guard !series.isEmpty else { return nil }
    return Figure(
      id: "growth", title: "Signal and gradient on their way through \(network)",
      caption: "The signal (forward) relative to the first layer's input, the gradient (backward) relative to the last "
        + "one's. Flat lines are what an initialisation is for."
        + (hasStems ? " At the first layer of every block: what the shortcuts carry." : ""),
      altText: "Size of signal and gradient by layer, relative to where each enters. \(ends.joined(separator: " "))",
      plot: LineChart(x: PlotAxis("layer"), y: PlotAxis("relative size", scale: .log), series: series))
  }

  /// Means and deviations as they are: along the main path, and within the blocks.
  private var signals: [Figure] {
    let cells: [(cell: String, name: String, title: String, scale: PlotAxis.Scale)] = [
      ("std", "signal", "Standard deviation of the signal", .log), ("mean", "mean", "Mean of the signal", .linear),
      ("gradientStd", "gradient", "Standard deviation of the gradient", .log),
    ]
    let places: [(title: String, id: String, rows: (Method) -> [Row])] =
      hasStems
      ? [("at the blocks' inputs", "", Self.mainPath), ("within the blocks", "-stems", Self.stems)]
      : [("by layer", "", Self.mainPath)]
    return places.flatMap { place in
      cells.compactMap { cell, name, title, scale in
        let series = methods.map { LineChart.Series($0.name, Self.points(place.rows($0), cell)) }
          .filter { !$0.points.isEmpty }
        guard series.contains(where: { $0.points.count > 1 }) else { return nil }
        return Figure(
          id: "\(name)\(place.id)", title: "\(title) \(place.title)",
          altText: "\(title) \(place.title): \(Self.ranges(series)).",
          plot: LineChart(
            x: PlotAxis("layer"), y: PlotAxis(title.lowercased(), scale: scale), series: series, height: 240),
          width: .half)
      }
    }
  }

  /// Singular values by rank; those below single precision's digits are 0, and not drawn.
  private var spectrum: Figure? {
    var zeros: [String] = []
    let series = methods.compactMap { method -> LineChart.Series? in
      guard let rows = method["jacobian"]?.rows, !rows.isEmpty else { return nil }
      let limit = Self.resolution * (rows.compactMap { $0.number("singularValue") }.filter(\.isFinite).max() ?? 0)
      var values: [Double: [Double]] = [:]
      var lost = 0
      for row in rows {
        guard let place = row.number("place"), let value = row.number("singularValue") else { continue }
        if value <= limit { lost += 1 } else { values[place, default: []].append(value) }
      }
      if lost > 0 { zeros.append("\(lost) of \(rows.count) from \(method.name)") }
      return .init(method.name, values.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
    }
    guard series.contains(where: { $0.points.count > 1 }) else { return nil }
    let chi = methods.compactMap { method in
      method["jacobian"]?.summary.number("chi").map { "\(method.name) \(NumberText.three($0))" }
    }
    let means = "χ, their mean square: \(chi.joined(separator: ", "))."
    return Figure(
      id: "jacobian", title: "Singular values of the Jacobian",
      caption: "From the input to what the last layer gets, largest first; mean and range over examples. \(means)"
        + (zeros.isEmpty
          ? ""
          : " Below \(NumberFormat.automatic.text(Self.resolution)) of the largest they count as 0 and are not drawn: "
            + "\(zeros.joined(separator: ", "))."),
      altText: "Singular values of the Jacobian, sorted. \(means)",
      plot: LineChart(
        x: PlotAxis("place"), y: PlotAxis("singular value", scale: .log), series: series,
        references: [.init("sizes are kept", 1)]))
  }

  /// About the digits of a product of many float32 matrices.
  private static let resolution = 1e-7

  private var ranks: [Figure] {
    [("rank", "Rank of the weights", "rank"), ("residualRank", "Rank of W − I, of square weights", "residual-rank")]
      .compactMap { cell, title, id in
        let series = methods.compactMap { method -> LineChart.Series? in
          guard let rows = method["rank"]?.rows else { return nil }
          let points = rows.enumerated().compactMap { index, row -> LineChart.Point? in
            guard let rank = row.number(cell), let full = row.number("fullRank"), full > 0 else { return nil }
            return .init(Double(index + 1), rank / full)
          }
          return points.isEmpty ? nil : .init(method.name, points)
        }
        guard series.contains(where: { $0.points.count > 1 }) else { return nil }
        let least = series.map { series in
          "\(series.name) \(NumberFormat.percent(0).text(series.points.flatMap(\.values).min() ?? .nan))"
        }
        return Figure(
          id: id, title: title, caption: "As a share of the rank that the shape allows.",
          altText: "\(title) by weight, as a share of full rank. The least: \(least.joined(separator: ", ")).",
          plot: LineChart(
            x: PlotAxis("weight"), y: PlotAxis("share of full rank", format: .percent(0), domain: 0...1),
            series: series, height: 240), width: .half)
      }
  }

  /// Copies, silence and zeros of the whole network.
  private var shares: Figure? {
    var bars: [BarChart.Bar] = []
    for (cell, name) in Self.shareNames {
      for method in methods {
        guard let summary = method["replicas"]?.summary, let all = summary.number("features"), all > 0,
          let count = summary.number(cell)
        else { continue }
        bars.append(.init(category: name, group: method.name, values: [count / all]))
      }
    }
    for method in methods {
      guard let zeros = method["weights"]?.summary.number("zeros") else { continue }
      bars.append(.init(category: "weights that are 0", group: method.name, values: [zeros]))
    }
    guard !bars.isEmpty else { return nil }
    let found = bars.map { "\($0.category), \($0.group): \(NumberFormat.percent(1).text($0.values.first ?? .nan))" }
    return Figure(
      id: "shares", title: "Copies, silence and zeros",
      altText: "\(found.joined(separator: "; ")).",
      plot: BarChart(axis: PlotAxis("share", format: .percent(1)), bars: bars))
  }

  private static let shareNames: KeyValuePairs = [
    "exactCopies": "hidden features that are copies of another", "closeCopies": "… within a thousandth of another",
    "silent": "… that are 0 on every example",
  ]

  // MARK: The main path

  /// Layers whose input is the main path's: the first of every module, since those of a residual block have names of one
  /// parent (`layer1.0.conv1`, `layer1.0.conv2`); all of a network that has no modules.
  static func mainPath(_ method: Method) -> [Row] { split(method).main }

  static func stems(_ method: Method) -> [Row] { split(method).stems }

  private static func split(_ method: Method) -> (main: [Row], stems: [Row]) { split(method["signal"]?.rows ?? []) }

  static func split(_ rows: [Row]) -> (main: [Row], stems: [Row]) {
    var (main, stems): ([Row], [Row]) = ([], [])
    var before: String?
    for row in rows {
      let name = row.text("layer") ?? ""
      let parent = name.lastIndex(of: ".").map { String(name[..<$0]) }
      if let parent, parent == before { stems.append(row) } else { main.append(row) }
      before = parent
    }
    return (main, stems)
  }

  private var hasStems: Bool { methods.contains { !Self.stems($0).isEmpty } }

  /// "kaiming 1 to 3e+05, idinit 1 to 1".
  static func ranges(_ series: [LineChart.Series]) -> String {
    series.map { series in
      let sizes = series.points.flatMap(\.values).filter(\.isFinite)
      return "\(series.name) \(NumberText.three(sizes.min() ?? .nan)) to \(NumberText.three(sizes.max() ?? .nan))"
    }.joined(separator: ", ")
  }

  static func points(_ rows: [Row], _ cell: String) -> [LineChart.Point] {
    rows.compactMap { row in
      guard let depth = row.number("depth"), let value = row.number(cell) else { return nil }
      return .init(depth, value)
    }
  }
}
