import Records

/// Figures of the probes that disturb, count or train.
extension ProbeReport {
  /// The signal's deviation along the main path, a line for each start and size of noise.
  var noise: Figure? {
    let series = methods.flatMap { method -> [LineChart.Series] in
      let rows = method["noise"]?.rows ?? []
      return rows.compactMap { $0.number("noise") }.unique.map { noise in
        let path = Self.split(rows.filter { $0.number("noise") == noise }).main
        return .init("\(method.name), noise \(NumberText.three(noise))", Self.points(path, "std"))
      }
    }
    guard series.contains(where: { $0.points.count > 1 }) else { return nil }
    return Figure(
      id: "noise", title: "The signal with noise on the input",
      caption: "Standard deviation of what each layer gets, with noise of several sizes added to the input.",
      altText: "Standard deviation of the signal by layer with noise on the input: \(Self.ranges(series)).",
      plot: LineChart(x: PlotAxis("layer"), y: PlotAxis("standard deviation", scale: .log), series: series))
  }

  /// The loss after the sweep's steps.
  var rates: Figure? {
    let series = methods.compactMap { method -> LineChart.Series? in
      let points = (method["rate"]?.rows ?? []).compactMap { row -> LineChart.Point? in
        guard let rate = row.number("learningRate"), let loss = row.number("lastLoss") else { return nil }
        return .init(rate, loss)
      }
      return points.isEmpty ? nil : .init(method.name, points)
    }
    guard series.contains(where: { $0.points.count > 1 }) else { return nil }
    let largest = methods.compactMap { method in
      method["rate"].map { finding in
        "\(method.name) \(finding.summary.number("largestStableRate").map { NumberText.three($0) } ?? "none")"
      }
    }
    return Figure(
      id: "rate", title: "The loss after a few steps, by learning rate",
      caption: "The largest rate that is survived: \(largest.joined(separator: ", ")).",
      altText: "Loss after a few steps by learning rate: \(Self.ranges(series)).",
      plot: LineChart(
        x: PlotAxis("learning rate", scale: .log), y: PlotAxis("loss", scale: .log), series: series))
  }

  /// The gradient's norm of every parameter before the first step.
  var gradients: Figure? {
    line(
      probe: "start", cell: "gradientNorm", id: "gradient-norms", title: "The gradient's norm before the first step",
      x: "parameter", y: PlotAxis("norm", scale: .log))
  }

  /// What training has not moved of each block's last weight.
  var unmoved: Figure? {
    line(
      probe: "dead", cell: "unmoved", id: "unmoved", title: "Last weights of blocks that stay where they start",
      x: "block", y: PlotAxis("share of elements", format: .percent(0), domain: 0...1))
  }

  private func line(probe: String, cell: String, id: String, title: String, x: String, y: PlotAxis) -> Figure? {
    let series = methods.compactMap { method -> LineChart.Series? in
      let points = (method[probe]?.rows ?? []).enumerated().compactMap { index, row in
        row.number(cell).map { LineChart.Point(Double(index + 1), $0) }
      }
      return points.isEmpty ? nil : .init(method.name, points)
    }
    guard series.contains(where: { $0.points.count > 1 }) else { return nil }
    return Figure(
      id: id, title: title, altText: "\(title), by \(x): \(Self.ranges(series)).",
      plot: LineChart(x: PlotAxis(x), y: y, series: series, height: 240), width: .half)
  }

  /// Mean differences between layers of one shape.
  var distances: Figure? {
    let bars = methods.flatMap { method in
      (method["symmetry"]?.rows ?? []).compactMap { row -> BarChart.Bar? in
        guard let shape = row.text("shape"), let distance = row.number("meanDistance") else { return nil }
        return .init(category: "layers of \(shape)", group: method.name, values: [distance])
      }
    }
    guard !bars.isEmpty else { return nil }
    let found = bars.map { "\($0.category), \($0.group): \(NumberText.three($0.values.first ?? .nan))" }
    return Figure(
      id: "distances", title: "Mean absolute difference of layers of one shape",
      altText: "\(found.joined(separator: "; ")).", plot: BarChart(axis: PlotAxis("mean difference"), bars: bars))
  }

  /// A row a weight, of as many as can be read: what share of its elements lies where between minus and plus its largest.
  var histograms: [Figure] {
    methods.compactMap { method in
      let rows = (method["weights"]?.rows ?? []).prefix(20).compactMap {
        row -> (name: String, shares: [Double?])? in
        guard let name = row.text("parameter"), let counts = row["histogram"]?.elements?.compactMap(\.number) else {
          return nil
        }
        let total = counts.reduce(0, +)
        return (name, counts.map { $0 > 0 ? $0 / total : nil })
      }
      guard let bins = rows.first?.shares.count, bins > 1, rows.allSatisfy({ $0.shares.count == bins }) else {
        return nil
      }
      let columns = (0..<bins).map { NumberText.three((Double($0) + 0.5) / Double(bins) * 2 - 1) }
      let peaks = rows.prefix(3).map { row in
        "\(row.name) has \(NumberFormat.percent(0).text(row.shares.compactMap { $0 }.max() ?? 0)) in one bin"
      }
      return Figure(
        id: "weights-\(method.name.split(separator: " ").joined(separator: "-"))",
        title: "Weights, from \(method.name)",
        caption: "Bins from minus to plus the largest size in each weight.",
        altText: "Histograms of weights from \(method.name): \(peaks.joined(separator: ", ")).",
        plot: Heatmap(
          xTitle: "share of the largest", yTitle: "weight", columns: columns, rows: rows.map(\.name),
          value: PlotAxis("share of elements", scale: .log, format: .percent(1)), values: rows.map(\.shares)),
        width: .half)
    }
  }
}
