import Report

/// One small plot of every kind.
enum SmallPlots {
  static let line = LineChart(
    x: PlotAxis("epoch"), y: PlotAxis("test accuracy", format: .percent(1)),
    series: [
      .init("IDInit", [.init(1, [0.5, 0.7]), .init(2, [0.8, 0.9])]),
      .init("Kaiming", [.init(1, [0.4, 0.5]), .init(2, [0.6, .nan])]),
    ],
    references: [.init("paper", 0.95, series: "IDInit")])

  static let bars = BarChart(
    axis: PlotAxis("test accuracy", format: .percent(1)),
    bars: [
      .init(category: "ResNet-20", group: "IDInit", values: [0.91, 0.93], paper: 0.9301),
      .init(category: "ResNet-20", group: "Kaiming", values: [0.90]),
    ], baseline: .fitted)

  static let heatmap = Heatmap(
    xTitle: "learning rate", yTitle: "weight decay", columns: ["0.1", "1"], rows: ["0", "1e-4"],
    value: PlotAxis("test accuracy", format: .percent(1)), values: [[0.9, 0.5], [0.8, .nan]])

  static let histogram = Histogram(
    x: PlotAxis("weight"), values: [("before", [0, 0.5, 1]), ("after", [0, 2, .infinity])], bins: 4)

  static let scatter = ScatterChart(
    x: PlotAxis("norm"), y: PlotAxis("variance", scale: .log),
    series: [.init("IDInit", [.init(1, 2, name: "conv1"), .init(2, 0, name: "conv2")])])

  /// Nine places: a hole, a place of −∞, and values from 0 to 6.
  static let surface = SurfaceChart(
    x: PlotAxis("w1"), y: PlotAxis("w2"), value: PlotAxis("height"),
    surface: [
      .init(0, 0, -.infinity), .init(0, 1, 0), .init(0, 2, 0), .init(1, 0, 2), .init(1, 1, 2), .init(1, 2, .nan),
      .init(2, 0, 4), .init(2, 1, 5), .init(2, 2, 6),
    ],
    paths: [.init("plain", [.init(0, 0), .init(0.5, 1.5), .init(2, 2)]), .init("other", [.init(2, 0), .init(1, 1)])],
    curve: .init("the solution", [[.init(0, 2), .init(2, 1)]]))

  static let all: [(name: String, plot: any Plot)] = [
    ("line", line), ("bars", bars), ("heatmap", heatmap), ("histogram", histogram), ("scatter", scatter),
    ("surface", surface),
  ]

  static func figure(_ plot: any Plot, id: String = "figure") -> Figure {
    Figure(id: id, title: "A figure", caption: "Two seeds.", altText: "IDInit is better.", plot: plot)
  }
}
