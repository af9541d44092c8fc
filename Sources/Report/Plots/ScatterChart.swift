import Records

/// Points by two numbers each, a colour and a shape for every series.
public struct ScatterChart: Plot {
  /// A point with its name.
  public struct Point: Sendable, Hashable {
    /// Its value on the horizontal axis.
    public var x: Double
    /// Its value on the vertical axis.
    public var y: Double
    /// What the point is, shown with its values under the pointer: a layer's name, a run.
    public var name: String

    /// A point at this place.
    public init(_ x: Double, _ y: Double, name: String = "") {
      self.x = x
      self.y = y
      self.name = name
    }
  }

  /// Points of one colour and shape.
  public struct Series: Sendable, Hashable {
    /// The name, as the legend has it.
    public var name: String
    /// The points, in order.
    public var points: [Point]

    /// A series of these points.
    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// The horizontal axis.
  public var x: PlotAxis
  /// The vertical axis.
  public var y: PlotAxis
  /// The series, in the order of the legend.
  public var series: [Series]
  /// The plot's height, in pixels.
  public var height: Int

  /// A chart of these points.
  public init(x: PlotAxis, y: PlotAxis, series: [Series], height: Int = 320) {
    self.x = x
    self.y = y
    self.series = series
    self.height = height
  }

  public var legend: [LegendEntry] { series.enumerated().map { LegendEntry($1.name, .point($0)) } }

  public var data: FigureData {
    FigureData(
      columns: ["series", "name", x.title, y.title],
      rows: series.flatMap { series in
        series.points.map { [.string(series.name), .string($0.name), .double($0.x), .double($0.y)] }
      })
  }

  public var omissions: [String] {
    series.compactMap { series in
      let omitted = series.points.count { !isShown($0) }
      guard omitted > 0 else { return nil }
      let why = x.scale == .log ? x.unshown : y.unshown
      return "Left out of “\(series.name)”: \(omitted) of \(series.points.count) points, \(why)."
    }
  }

  private func isShown(_ point: Point) -> Bool { x.shows(point.x) && y.shows(point.y) }

  public var spec: JSONValue {
    let scales = SeriesScales(names: series.map(\.name))
    let points = series.flatMap(\.points).filter(isShown)
    let rows = series.flatMap { series in
      series.points.filter(isShown).map { point -> JSONValue in
        [
          "series": .string(series.name), "name": .string(point.name), "x": .double(point.x), "y": .double(point.y),
        ]
      }
    }
    return VegaLite.spec(
      height: height, rows: rows,
      layers: [
        [
          "params": [VegaLite.legendParameter],
          "transform": [VegaLite.filterShown, VegaLite.written("x", x.format), VegaLite.written("y", y.format)],
          "mark": ["type": "point", "filled": true, "size": 55, "opacity": 0.85],
          "encoding": [
            "x": VegaLite.field(
              "x", "quantitative",
              [
                "scale": x.scaleSpec().with("padding", 10),
                "axis": VegaLite.axis(x, vertical: false, values: points.map(\.x)),
              ]),
            "y": VegaLite.field(
              "y", "quantitative",
              ["scale": y.scaleSpec(), "axis": VegaLite.axis(y, vertical: true, values: points.map(\.y))]),
            "color": scales.color, "shape": scales.shape,
            "tooltip": [
              VegaLite.tooltip("series", "series"), VegaLite.tooltip("name", "name"),
              VegaLite.tooltip("xText", x.title), VegaLite.tooltip("yText", y.title),
            ],
          ],
        ]
      ])
  }
}
