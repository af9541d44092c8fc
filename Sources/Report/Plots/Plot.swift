import Records

/// A plot as a value: it knows its Vega-Lite specification, its numbers, and what it had to leave out.
///
/// A new kind of plot is one file with a type of this protocol.
public protocol Plot: Sendable {
  /// A specification for Vega-Lite 6, complete with its data: any Vega-Lite program draws it. Its width is that of its
  /// container, its colours are those of ``Palette`` on white.
  var spec: JSONValue { get }

  /// What is plotted, for reading without the plot.
  var data: FigureData { get }

  /// The series that colours and dashes tell apart, in order; empty where there are none.
  var legend: [LegendEntry] { get }

  /// Sentences about values that cannot be drawn and were left out; empty if there are none.
  var omissions: [String] { get }
}

/// A line of a plot's legend.
public struct LegendEntry: Sendable, Hashable {
  /// What stands before the name.
  public enum Mark: Sendable, Hashable {
    /// A series: it can be shown and hidden. Drawn in the style of that index, as lines or as single points.
    case line(Int)
    /// A series of points, in the style of that index.
    case point(Int)
    /// A series of bars, in the colour of that index.
    case fill(Int)
    /// A line across the plot, in the style of that series, or in the text's colour.
    case reference(Int?)
    /// The paper's value among ours.
    case paper
  }

  /// What it is.
  public var name: String
  /// What stands before the name.
  public var mark: Mark

  /// An entry of this name and mark.
  public init(_ name: String, _ mark: Mark) {
    self.name = name
    self.mark = mark
  }

  /// Whether it is a series, which can be hidden.
  public var isSeries: Bool {
    switch mark {
    case .line, .point, .fill: true
    case .reference, .paper: false
    }
  }
}
