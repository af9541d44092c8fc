import Foundation
import Records

/// Groups of values with what seeds vary by, and the paper's values among them.
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
    /// One value a seed. The bar is their mean, the line across its end what ``Spread`` says.
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

  /// What the line across a bar's end shows.
  public enum Spread: Sendable, Hashable {
    /// One standard deviation (over n − 1) to both sides.
    case standardDeviation
    /// From the least to the greatest of the seeds: of a few, all that is known.
    case range
  }

  /// What the values are.
  public var axis: PlotAxis
  /// The bars, in the order of their categories and groups.
  public var bars: [Bar]
  /// Where the axis begins.
  public var baseline: Baseline
  /// What the line across a bar's end shows.
  public var spread: Spread

  /// A chart of these bars.
  public init(axis: PlotAxis, bars: [Bar], baseline: Baseline = .zero, spread: Spread = .standardDeviation) {
    self.axis = axis
    self.bars = bars
    self.baseline = baseline
    self.spread = spread
  }

  var categories: [String] { bars.map(\.category).unique }
  var groups: [String] { bars.map(\.group).unique }

  public var legend: [LegendEntry] {
    // A logarithmic axis has no 0 to begin a bar at.
    let entries = groups.enumerated().map { LegendEntry($1, isBars ? .fill($0) : .point($0)) }
    if bars.contains(where: { $0.paper.map(axis.shows) ?? false }) {
      return entries + [LegendEntry("the paper", .paper)]
    }
    // One group alone has nothing to be told from.
    return entries.count < 2 ? [] : entries
  }

  var isBars: Bool { baseline == .zero && axis.scale == .linear }

  public var data: FigureData {
    let hasPaper = bars.contains { $0.paper != nil }
    return FigureData(
      columns: ["category", "group", axis.title] + (spread == .range ? ["least", "greatest"] : ["std"])
        + ["n", "not finite"] + (hasPaper ? ["paper"] : []),
      rows: bars.map { bar in
        let statistics = SeedStatistics(bar.values)
        let deviation = statistics.deviation.map(JSONValue.double) ?? .null
        return [.string(bar.category), .string(bar.group), .double(statistics.mean)]
          + (spread == .range ? [.double(statistics.least), .double(statistics.most)] : [deviation])
          + [.int(statistics.n), .int(statistics.omitted)]
          + (hasPaper ? [bar.paper.map(JSONValue.double) ?? .null] : [])
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
