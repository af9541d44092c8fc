import Foundation
import Records

/// Curves: a quantity over steps, epochs or depth, a line for every series.
///
/// A point may have a value from every seed: the line is their mean, and a band shows how far they lie apart. Values
/// that have no place on an axis (NaN, infinities, 0 and less on a logarithmic one) are left out, interrupt their line
/// if nothing else is there, and are counted in ``omissions``.
public struct LineChart: Plot {
  /// What all seeds have at one place.
  public struct Point: Sendable, Hashable {
    /// The place: a step, an epoch, a depth.
    public var x: Double
    /// One value a seed.
    public var values: [Double]

    /// A place with a value from every seed.
    public init(_ x: Double, _ values: [Double]) {
      self.x = x
      self.values = values
    }

    /// A place with one value.
    public init(_ x: Double, _ value: Double) { self.init(x, [value]) }
  }

  /// A line with its name.
  public struct Series: Sendable, Hashable {
    /// The name, as the legend has it.
    public var name: String
    /// The points, in order.
    public var points: [Point]

    /// A line of these points.
    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// A level across the plot with its name: what the paper reports, chance, the error of least squares.
  public struct Reference: Sendable, Hashable {
    /// What it is.
    public var label: String
    /// Where it is.
    public var value: Double
    /// The series it belongs to, whose colour it takes; nil for the text's colour.
    public var series: String?

    /// A level of this name.
    public init(_ label: String, _ value: Double, series: String? = nil) {
      self.label = label
      self.value = value
      self.series = series
    }
  }

  /// What the band around a line shows.
  public enum Band: Sendable, Hashable {
    /// No band.
    case none
    /// From the least to the greatest of the seeds.
    case range
    /// One standard deviation (over n − 1) to both sides; on a logarithmic axis never below the least seed.
    case standardDeviation

    var name: String {
      switch self {
      case .none: ""
      case .range: "range"
      case .standardDeviation: "± std"
      }
    }
  }

  /// The horizontal axis.
  public var x: PlotAxis
  /// The vertical axis.
  public var y: PlotAxis
  /// The lines, in the order of the legend.
  public var series: [Series]
  /// Levels across the plot.
  public var references: [Reference]
  /// What the bands around the lines show.
  public var band: Band
  /// Of the plot without its axes, in pixels.
  public var height: Int

  /// A chart of these lines.
  public init(
    x: PlotAxis, y: PlotAxis, series: [Series], references: [Reference] = [], band: Band = .range, height: Int = 300
  ) {
    self.x = x
    self.y = y
    self.series = series
    self.references = references
    self.band = band
    self.height = height
  }

  public var legend: [LegendEntry] {
    series.enumerated().map { LegendEntry($1.name, .line($0)) }
      + shownReferences.map { LegendEntry("\($0.label): \(y.format.text($0.value))", .reference(index(of: $0))) }
  }

  public var data: FigureData {
    var rows: [[JSONValue]] = []
    for series in series {
      for point in series.points.sorted(by: { $0.x < $1.x }) {
        let statistics = SeedStatistics(point.values)
        rows.append(
          [.string(series.name), .double(point.x), .double(statistics.mean)]
            + (hasSeeds
              ? [.double(statistics.least), .double(statistics.most), .int(statistics.n), .int(statistics.omitted)]
              : []))
      }
    }
    let names = ["series", x.title, hasSeeds ? "mean" : y.title]
    return FigureData(columns: names + (hasSeeds ? ["least", "greatest", "n", "not finite"] : []), rows: rows)
  }

  public var omissions: [String] {
    var left: [(omitted: Int, total: Int, names: [String])] = []
    for series in series {
      let omitted = series.points.reduce(0) {
        $0 + (x.shows($1.x) ? SeedStatistics($1.values, where: y.shows).omitted : $1.values.count)
      }
      guard omitted > 0 else { continue }
      let total = series.points.reduce(0) { $0 + $1.values.count }
      // As many of each, as where all begin at 0 on a logarithmic axis, are one sentence.
      if let index = left.firstIndex(where: { $0.omitted == omitted && $0.total == total }) {
        left[index].names.append("“\(series.name)”")
      } else {
        left.append((omitted, total, ["“\(series.name)”"]))
      }
    }
    var sentences = left.map { omitted, total, names in
      "Left out of \(names.count > 1 ? "each of " : "")\(names.joined(separator: ", ")): \(omitted) of \(total) values, "
        + (x.scale == .log ? x.unshown : y.unshown)
        + (hasSeeds ? "; where other seeds are left, the line is their mean." : ".")
    }
    for reference in references where !y.shows(reference.value) {
      sentences.append("Not drawn: “\(reference.label)” (\(y.format.text(reference.value))), \(y.unshown).")
    }
    return sentences
  }

  /// Whether any point has values of more than one seed.
  var hasSeeds: Bool { series.contains { $0.points.contains { $0.values.count > 1 } } }

  var shownReferences: [Reference] { references.filter { y.shows($0.value) } }

  func index(of reference: Reference) -> Int? {
    reference.series.flatMap { name in series.firstIndex { $0.name == name } }
  }
}
