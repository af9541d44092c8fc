import Foundation
import Records

/// How values are distributed: counts over bins that all series share.
///
/// One series is drawn as bars, several as outlines. A distribution that changes with the epoch is a ``Heatmap`` of
/// epoch by bin.
public struct Histogram: Plot {
  /// Values that are counted together.
  public struct Series: Sendable, Hashable {
    /// The name, as the legend has it.
    public var name: String
    /// A count for every bin.
    public var counts: [Int]
    /// Values that are in no bin because they are not finite.
    public var notFinite: Int

    /// A series of these counts.
    public init(_ name: String, counts: [Int], notFinite: Int = 0) {
      self.name = name
      self.counts = counts
      self.notFinite = notFinite
    }
  }

  /// What is counted.
  public var x: PlotAxis
  /// The ends of the bins, ascending: one more than bins.
  public var edges: [Double]
  /// The series, all over the same bins.
  public var series: [Series]
  /// The plot's height, in pixels.
  public var height: Int

  /// A histogram of counts that are known.
  public init(x: PlotAxis, edges: [Double], series: [Series], height: Int = 240) {
    self.x = x
    self.edges = edges
    self.series = series
    self.height = height
  }

  /// Counts values in equal bins from the least to the greatest finite value of all series; the last bin has both ends.
  public init(x: PlotAxis, values: [(name: String, values: [Double])], bins: Int = 40, height: Int = 240) {
    let finite = values.flatMap(\.values).filter(\.isFinite)
    let least = finite.min() ?? 0
    let most = finite.max() ?? 1
    // Halves, so that the width of a range from −1e308 to 1e308 is finite.
    let half = most > least ? most / 2 - least / 2 : 0.5
    let bins = max(bins, 1)
    let edges = (0...bins).map { 2 * (least / 2 + half * (Double($0) / Double(bins))) }
    let series = values.map { name, values in
      var counts = [Int](repeating: 0, count: bins)
      for value in values where value.isFinite {
        let share = (value / 2 - least / 2) / half
        counts[min(max(Int(share * Double(bins)), 0), bins - 1)] += 1
      }
      return Series(name, counts: counts, notFinite: values.count { !$0.isFinite })
    }
    self.init(x: x, edges: edges, series: series, height: height)
  }

  public var legend: [LegendEntry] {
    series.count < 2 ? [] : series.enumerated().map { LegendEntry($1.name, .line($0)) }
  }

  private var bins: [(start: Double, end: Double)] { zip(edges, edges.dropFirst()).map { ($0, $1) } }

  public var data: FigureData {
    FigureData(
      columns: ["series", "from", "to", "count"],
      rows: series.flatMap { series in
        zip(bins, series.counts).map { [.string(series.name), .double($0.start), .double($0.end), .int($1)] }
      })
  }

  public var omissions: [String] {
    series.filter { $0.notFinite > 0 }.map {
      "Left out of “\($0.name)”: \($0.notFinite) of \($0.counts.reduce($0.notFinite, +)) values, not finite."
    }
  }

  public var spec: JSONValue {
    let scales = SeriesScales(names: series.map(\.name))
    let xChannel = VegaLite.field(
      "from", "quantitative", ["scale": x.scaleSpec(nice: false), "axis": VegaLite.axis(x, vertical: false)])
    let count = PlotAxis("count")
    let yChannel = VegaLite.field(
      "count", "quantitative", ["scale": ["zero": true], "axis": VegaLite.axis(count, vertical: true)])
    let tooltip: JSONValue = [
      VegaLite.tooltip("series", "series"), VegaLite.tooltip("fromText", "from"),
      VegaLite.tooltip("toText", "to"), VegaLite.tooltip("count", "count"),
    ]
    var layers: [JSONValue] = []
    if series.count > 1 {
      layers.append([
        "transform": [VegaLite.filterShown],
        "mark": ["type": "line", "interpolate": "step-after", "strokeWidth": 2],
        "encoding": ["x": xChannel, "y": yChannel, "color": scales.color, "strokeDash": scales.dash],
      ])
    }
    // With outlines the bars are there for the pointer.
    let written = [VegaLite.written("from", x.format), VegaLite.written("to", x.format)]
    layers.append([
      "transform": .array(
        (series.count > 1 ? [VegaLite.filterShown] : []) + [["filter": "isValid(datum.to)"]] + written),
      "mark": ["type": "rect", "opacity": series.count > 1 ? 0.12 : 0.85],
      "encoding": [
        "x": xChannel, "x2": ["field": "to"], "y": yChannel, "y2": ["datum": 0], "color": scales.color,
        "tooltip": tooltip,
      ],
    ])
    let spec = VegaLite.spec(height: height, rows: rows, layers: layers)
    return series.count > 1 ? spec.adding("params", [VegaLite.legendParameter], toLayer: layers.count - 1) : spec
  }

  private var rows: [JSONValue] {
    series.flatMap { series -> [JSONValue] in
      var rows = zip(bins, series.counts).map { bin, count -> JSONValue in
        ["series": .string(series.name), "from": .double(bin.start), "to": .double(bin.end), "count": .int(count)]
      }
      // An outline ends where its last bin does.
      if self.series.count > 1, let end = edges.last, let count = series.counts.last {
        rows.append(["series": .string(series.name), "from": .double(end), "to": .null, "count": .int(count)])
      }
      return rows
    }
  }
}
