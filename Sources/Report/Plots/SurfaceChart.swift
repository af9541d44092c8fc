import Foundation
import Records

/// A quantity over the plane of two others as bands of colour, like a map with its heights, and paths across it: a loss or
/// its gradient over two weights, and what training does there.
///
/// Bands lie between the value that 2 % of the points are below and the greatest; what is below is in the lowest band, since
/// a logarithm has no least value. The colours are those of ``Heatmap``, the same on light and dark.
public struct SurfaceChart: Plot {
  /// A place of the plane, and the quantity there.
  public struct Sample: Sendable, Hashable {
    /// The place on the horizontal axis.
    public var x: Double
    /// The place on the vertical axis.
    public var y: Double
    /// The quantity; what is not finite is in the lowest band if it is −∞, and else a hole.
    public var value: Double

    /// The quantity at a place.
    public init(_ x: Double, _ y: Double, _ value: Double) { (self.x, self.y, self.value) = (x, y, value) }
  }

  /// A place on a line.
  public struct Point: Sendable, Hashable {
    /// The place on the horizontal axis.
    public var x: Double
    /// The place on the vertical axis.
    public var y: Double

    /// A place.
    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// A way across the plane, from its first point to its last, which are marked.
  public struct Path: Sendable, Hashable {
    /// The name, as the legend has it.
    public var name: String
    /// The points, in order.
    public var points: [Point]

    /// A way through these points.
    public init(_ name: String, _ points: [Point]) { (self.name, self.points) = (name, points) }
  }

  /// A curve to compare with, in as many pieces as it has: where the answer is right.
  public struct Curve: Sendable, Hashable {
    /// What it is.
    public var name: String
    /// Points in order, a list for each piece.
    public var pieces: [[Point]]

    /// A curve of these pieces.
    public init(_ name: String, _ pieces: [[Point]]) { (self.name, self.pieces) = (name, pieces) }
  }

  /// The horizontal axis.
  public var x: PlotAxis
  /// The vertical axis.
  public var y: PlotAxis
  /// What the colours mean, and how its numbers are written.
  public var value: PlotAxis
  /// The quantity on a grid of places.
  public var surface: [Sample]
  /// The paths, in the order of the legend.
  public var paths: [Path]
  /// A curve to compare with; nil for none.
  public var curve: Curve?
  /// The plot's height, in pixels.
  public var height: Int

  /// A map of these values, with these paths.
  public init(
    x: PlotAxis, y: PlotAxis, value: PlotAxis, surface: [Sample], paths: [Path], curve: Curve? = nil, height: Int = 340
  ) {
    (self.x, self.y, self.value, self.surface, self.paths) = (x, y, value, surface, paths)
    (self.curve, self.height) = (curve, height)
  }

  public var legend: [LegendEntry] {
    paths.enumerated().map { LegendEntry($1.name, .line($0)) }
      + (curve.map { [LegendEntry($0.name, .reference(nil))] } ?? [])
  }

  public var data: FigureData {
    let paths = paths.flatMap { path in
      path.points.map { [JSONValue.string(path.name), .double($0.x), .double($0.y), .null] }
    }
    let surface = surface.map { [JSONValue.string("surface"), .double($0.x), .double($0.y), .double($0.value)] }
    return FigureData(columns: ["series", x.title, y.title, value.title], rows: paths + surface)
  }

  public var omissions: [String] {
    let holes = surface.count { $0.value.isNaN || $0.value == .infinity }
    let points = paths.flatMap(\.points).count { !$0.x.isFinite || !$0.y.isFinite }
    return (holes == 0 ? [] : ["Without a colour: \(holes) of \(surface.count) points, not finite."])
      + (points == 0 ? [] : ["Left out of the paths: \(points) points, not finite."])
  }
}
