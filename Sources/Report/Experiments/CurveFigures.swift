import Records

/// Curves over epochs or steps: a line for every group of seeds, a figure for every quantity.
struct CurveFigures: FigureKind {
  /// A measured quantity that is worth a plot.
  struct Quantity: Sendable {
    var cell: String
    var title: String
    /// What it is drawn over: a cell, and its name on the axis; nil for what a row of metrics stands for.
    var over: (cell: String, title: String)?
    var scale = PlotAxis.Scale.linear
    var format = NumberFormat.automatic
    /// Several figures of this width stand side by side.
    var width = Figure.Width.half
    /// A level to compare with that the runs know: its name, and the cell of their results that has it.
    var level: (name: String, cell: String)?
    /// The labels by which the paper's numbers are levels; empty for none.
    var paper: [String] = []
  }

  var quantities: [Quantity]

  static let accuracy = CurveFigures(quantities: [
    Quantity(cell: "testAccuracy", title: "Test accuracy", format: .percent(1), width: .full)
  ])

  /// What any recipe may have measured.
  static let common = CurveFigures(
    quantities: accuracy.quantities + [
      Quantity(cell: "testLoss", title: "Test loss", scale: .log),
      Quantity(cell: "trainLoss", title: "Training loss", scale: .log),
      Quantity(cell: "unmoved", title: "Last weights not moved", format: .percent(0)),
      Quantity(cell: "nearlyZero", title: "First weights near 0", format: .percent(0)),
      Quantity(cell: "residualRank", title: "Rank of W − I", width: .full),
      Quantity(cell: "meanDistance", title: "Distance between layers", scale: .log),
    ])

  /// Figure 9: a start that trains as well in fewer steps has spent less.
  static let pretraining = CurveFigures(quantities: [
    Quantity(cell: "trainLoss", title: "Training loss", over: ("step", "steps"), scale: .log),
    Quantity(cell: "trainLoss", title: "Training loss", over: ("flops", "FLOPs"), scale: .log),
    Quantity(cell: "testLoss", title: "Test loss", over: ("step", "steps")),
    Quantity(cell: "testMaskedLoss", title: "Test loss of hidden words", over: ("step", "steps")),
    Quantity(cell: "testNextLoss", title: "Test loss of the second text", over: ("step", "steps")),
    Quantity(cell: "testAccuracy", title: "Hidden words found", over: ("step", "steps"), format: .percent(1)),
  ])

  /// Table 1: problems that least squares solve, where nothing but the loss is measured.
  static let loss = CurveFigures(quantities: [
    Quantity(cell: "testLoss", title: "Test loss", scale: .log, width: .full)
  ])

  /// Figure 4: D_0 is the rank that the paper's theorem is about.
  static let rank = CurveFigures(quantities: [
    Quantity(cell: "residualRank", title: "Rank of W − I", width: .full, level: ("D_0", "inputs"))
  ])

  /// Figure 19: the distances through training, and what the argument of Appendix F.2 is about.
  static let distances = CurveFigures(quantities: [
    Quantity(cell: "meanDistance", title: "Distance between layers, mean over pairs", scale: .log),
    Quantity(cell: "testLoss", title: "Test loss", scale: .log),
    Quantity(cell: "asymmetry", title: "Asymmetry of the weights", scale: .log),
    Quantity(cell: "diagonal", title: "Mean of the diagonals"),
  ])

  /// Figure 17.
  static let scalars = CurveFigures(quantities: [
    Quantity(cell: "product", title: "w1·w2", width: .full, paper: ["variant"]),
    Quantity(cell: "loss", title: "Loss", scale: .log),
    Quantity(cell: "gradientNorm", title: "Norm of the gradient", scale: .log),
  ])

  /// Figure 13: a row of the metrics is a layer.
  static let layers = CurveFigures(quantities: [
    Quantity(cell: "std", title: "Standard deviation of activations", scale: .log)
  ])

  /// Figure 15.
  static let jacobian = CurveFigures(quantities: [
    Quantity(cell: "chi", title: "χ, mean square of the Jacobian's singular values", scale: .log, width: .full),
    Quantity(cell: "largestSingularValue", title: "Largest singular value", scale: .log),
    Quantity(cell: "trainLoss", title: "Training loss", scale: .log),
  ])

  /// Figure 16.
  static let outputs = CurveFigures(
    quantities: accuracy.quantities + [
      Quantity(cell: "outputStd", title: "Standard deviation of logits", scale: .log),
      Quantity(cell: "trainLoss", title: "Training loss", scale: .log),
    ])

  /// What a row of metrics stands for, by the cell that says which.
  private static let steps = ["epoch", "step", "depth"]

  /// Lines that one figure can carry and still be read.
  private static let mostSeries = 9

  func figures(of runs: MeasuredRuns) -> [Figure] {
    Self.parts(of: runs, keys: MeasuredRuns.distinguishing(runs.groups.map(\.labels))[...]).flatMap { part in
      quantities.compactMap { figure($0, of: part.runs, part: part.name) }
    }
  }

  /// All in one figure where they fit, else by their first label, and by their second: by training, by learning rate.
  private static func parts(
    of runs: MeasuredRuns, keys: ArraySlice<String>, name: String = ""
  ) -> [(name: String, runs: MeasuredRuns)] {
    guard runs.groups.count > mostSeries, let key = keys.first, keys.count > 1 else { return [(name, runs)] }
    return runs.groups.map { $0.label(key) }.unique.flatMap { value in
      parts(
        of: runs.with(runs.groups.filter { $0.label(key) == value }), keys: keys.dropFirst(),
        name: [name, "\(MeasuredRuns.words(key)) \(value)"].filter { !$0.isEmpty }.joined(separator: ", "))
    }
  }

  private func figure(_ quantity: Quantity, of runs: MeasuredRuns, part: String) -> Figure? {
    let rows = runs.groups.flatMap(\.runs).flatMap(\.metrics)
    let steps = quantity.over.map { [$0.cell] } ?? Self.steps
    let step = steps.first { step in
      rows.contains { $0.number(step) != nil && $0.number(quantity.cell) != nil }
    }
    guard let step else { return nil }
    let stepTitle = quantity.over?.title ?? step
    let all = zip(runs.names, runs.groups).map { name, group in
      (group: group, series: LineChart.Series(name, Self.points(group, x: step, y: quantity.cell)))
    }
    // Those without points too: a start then has the same colour in every figure.
    let series = all.map(\.series)
    let missing = series.filter(\.points.isEmpty).map(\.name)
    guard series.contains(where: { $0.points.count > 1 }) else { return nil }
    let references = all.filter { !$0.series.points.isEmpty }.flatMap {
      Self.references(quantity, runs, $0.group, $0.series.name)
    }.unique
    // Less than a decade and a half has room on a linear axis, and is read more easily there.
    let sizes = series.flatMap { $0.points.flatMap(\.values) }.filter { $0.isFinite && $0 > 0 }
    let isWide = (sizes.max() ?? 1) / (sizes.min() ?? 1) > 30
    let title =
      quantity.title + (quantity.over.map { " by \($0.title)" } ?? "") + (part.isEmpty ? "" : ", \(part)")
    return Figure(
      id: [quantity.cell, quantity.over?.cell ?? "", part].filter { !$0.isEmpty }.joined(separator: "-"), title: title,
      caption: [runs.seedSentence("band"), runs.endedSentence].filter { !$0.isEmpty }.joined(separator: " ")
        + (missing.isEmpty ? "" : " Without a value: \(missing.joined(separator: ", "))."),
      altText: Self.ends(series, title: title, step: quantity.over == nil ? step : nil, quantity.format),
      plot: LineChart(
        x: PlotAxis(stepTitle),
        y: PlotAxis(
          quantity.title.lowercasedFirst, scale: isWide ? quantity.scale : .linear, format: quantity.format),
        series: series, references: references, height: quantity.width == .full ? 300 : 240),
      width: quantity.width)
  }

  private static func ends(
    _ series: [LineChart.Series], title: String, step: String?, _ format: NumberFormat
  ) -> String {
    let ends = series.compactMap { series in
      series.points.last.map { "\(series.name) \(format.text(SeedStatistics($0.values).mean))" }
    }
    return "\(title)\(step.map { " by \($0)" } ?? ""). At the end: \(ends.joined(separator: ", "))."
  }

  private static func references(
    _ quantity: Quantity, _ runs: MeasuredRuns, _ group: MeasuredRuns.Group, _ name: String
  ) -> [LineChart.Reference] {
    var references: [LineChart.Reference] = []
    if let level = quantity.level, let value = group.runs.lazy.compactMap({ $0.results.number(level.cell) }).first {
      references.append(.init(level.name, value))
    }
    let labels = quantity.paper.map { group.label($0) }
    if !labels.isEmpty, let number = runs.paper.first(where: { $0.labels == labels }) {
      references.append(.init("the paper, \(name)", number.value, series: name))
    }
    return references
  }

  /// A point for every step, with the value of every run that has one there.
  static func points(_ group: MeasuredRuns.Group, x: String, y: String) -> [LineChart.Point] {
    var values: [Double: [Double]] = [:]
    for row in group.runs.flatMap(\.metrics) {
      if let x = row.number(x), let y = row.number(y) { values[x, default: []].append(y) }
    }
    return values.sorted { $0.key < $1.key }.map { LineChart.Point($0.key, $0.value) }
  }
}

extension String {
  /// With a small first letter, as within a sentence; the rest keeps its own (W − I).
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
