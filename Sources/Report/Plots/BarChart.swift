import Foundation
import Records

/// Groups of values with error bars, and the paper's values among them.
///
/// It is drawn lying down: every category's name stands above its values and has the whole width, so that long names
/// fit on a telephone. Lengths compare only from 0, so with an axis that begins elsewhere (``Baseline/fitted``, as for
/// accuracies between 98 and 99 %) values are points, not bars.
public struct BarChart: Plot {
  /// What one category has of one group.
  public struct Bar: Sendable, Hashable {
    /// What stands together: a network, a data set.
    public var category: String
    /// What is compared: an initialisation.
    public var group: String
    /// One value a seed. The bar is their mean, the error bar one standard deviation (over n − 1) to both sides.
    public var values: [Double]
    /// What the paper reports; nil where it reports nothing.
    public var paper: Double?

    /// A bar of these values.
    public init(category: String, group: String, values: [Double], paper: Double? = nil) {
      self.category = category
      self.group = group
      self.values = values
      self.paper = paper
    }
  }

  /// Where the axis begins.
  public enum Baseline: Sendable, Hashable {
    /// Bars from 0.
    case zero
    /// Points, on an axis as long as the values need.
    case fitted
  }

  /// What the values are.
  public var axis: PlotAxis
  /// The bars, in the order of their categories and groups.
  public var bars: [Bar]
  /// Where the axis begins.
  public var baseline: Baseline

  /// A chart of these bars.
  public init(axis: PlotAxis, bars: [Bar], baseline: Baseline = .zero) {
    self.axis = axis
    self.bars = bars
    self.baseline = baseline
  }

  var categories: [String] { bars.map(\.category).unique }
  var groups: [String] { bars.map(\.group).unique }

  public var legend: [LegendEntry] {
    // A logarithmic axis has no 0 to begin a bar at.
    let entries = groups.enumerated().map { LegendEntry($1, isBars ? .fill($0) : .point($0)) }
    return bars.contains { $0.paper.map(axis.shows) ?? false } ? entries + [LegendEntry("the paper", .paper)] : entries
  }

  var isBars: Bool { baseline == .zero && axis.scale == .linear }

  public var data: FigureData {
    let hasPaper = bars.contains { $0.paper != nil }
    return FigureData(
      columns: ["category", "group", axis.title, "std", "n", "not finite"] + (hasPaper ? ["paper"] : []),
      rows: bars.map { bar in
        let statistics = SeedStatistics(bar.values)
        return [
          .string(bar.category), .string(bar.group), .double(statistics.mean),
          statistics.deviation.map(JSONValue.double) ?? .null, .int(statistics.n), .int(statistics.omitted),
        ] + (hasPaper ? [bar.paper.map(JSONValue.double) ?? .null] : [])
      })
  }

  public var omissions: [String] {
    bars.compactMap { bar in
      let omitted = SeedStatistics(bar.values, where: axis.shows).omitted
      guard omitted > 0 else { return nil }
      return "Left out of “\(bar.category), \(bar.group)”: \(omitted) of \(bar.values.count) values, \(axis.unshown)."
    }
  }
}

extension Array where Element: Hashable {
  /// Every element once, in the order of first appearance.
  var unique: [Element] {
    var known: Set<Element> = []
    return filter { known.insert($0).inserted }
  }
}
