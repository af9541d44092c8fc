import Foundation
import Records

/// Histograms that change with training (Figures 14 and 15), as a heat map of epoch by bin for each start, all with the
/// same bins and colours.
struct HistogramMaps: FigureKind {
  /// The counts, a list in each row of the metrics.
  var cell: String
  var title: String
  /// What is counted, under the bins, and as the name of many.
  var quantity: String
  var things: String

  static let weights = HistogramMaps(
    cell: "histogram", title: "Weights of the first convolution", quantity: "weight", things: "weights")

  static let singularValues = HistogramMaps(
    cell: "logSingularValues", title: "Singular values of the Jacobian", quantity: "natural logarithm",
    things: "singular values")

  /// Rows that a map can have and still be read.
  private static let mostRows = 20

  /// One group's histograms.
  private struct Counts {
    var name: String
    var seeds: Int
    var bins: [String]
    /// By epoch.
    var lines: [(epoch: Int, counts: [Double])]
  }

  func figures(of runs: MeasuredRuns) -> [Figure] {
    let maps = zip(runs.names, runs.groups).compactMap { counts($1, name: $0) }
    guard let bins = maps.first?.bins, maps.allSatisfy({ $0.bins == bins }) else { return [] }
    // Bins that are empty in every epoch of every start are left out at both ends.
    let lines = maps.flatMap(\.lines).map(\.counts)
    let used = bins.indices.filter { bin in lines.contains { $0[bin] > 0 } }
    guard let first = used.first, let last = used.last else { return [] }
    let shares = maps.map { map in
      map.lines.map { line -> [Double?] in
        let total = line.counts.reduce(0, +)
        return line.counts[first...last].map { $0 > 0 ? $0 / total : nil }
      }
    }
    let all = shares.joined().joined().compactMap { $0 }
    let (least, most) = (all.min() ?? 0, all.max() ?? 0)
    let value = PlotAxis(
      "share of \(things)", scale: .log, format: .percent(1), domain: least < most ? least...most : nil)
    let columns = Array(bins[first...last])
    return zip(maps, shares).map { map, shares in
      Figure(
        id: "\(cell)-\(map.name)", title: "\(title) by epoch, from \(map.name)",
        caption: map.seeds > 1 ? "All \(map.seeds) seeds together." : "One seed.",
        altText: "\(title) by epoch, from \(map.name). At the start \(Self.peak(shares.first, columns)), at the end "
          + "\(Self.peak(shares.last, columns)).",
        plot: Heatmap(
          xTitle: quantity, yTitle: "epoch", columns: columns, rows: map.lines.map { "\($0.epoch)" }, value: value,
          values: shares), width: .half)
    }
  }

  /// The counts of all seeds of a group together; nil where it has none.
  private func counts(_ group: MeasuredRuns.Group, name: String) -> Counts? {
    var counts: [Int: [Double]] = [:]
    for row in group.runs.flatMap(\.metrics) {
      guard let epoch = row["epoch"]?.integer, let bins = row[cell]?.elements?.compactMap(\.number) else { continue }
      let before = counts[epoch] ?? bins.map { _ in 0 }
      counts[epoch] = zip(before, bins).map(+)
    }
    let lines = Self.thinned(counts.keys.sorted()).map { (epoch: $0, counts: counts[$0] ?? []) }
    guard let bins = lines.first?.counts.count, bins > 0, lines.allSatisfy({ $0.counts.count == bins }) else {
      return nil
    }
    let names = Self.names(bins, HistogramBins.ends(of: cell, in: group.settings))
    return Counts(name: name, seeds: group.runs.count, bins: names, lines: lines)
  }

  /// The first, the last, and as many between as there is room for.
  private static func thinned(_ epochs: [Int]) -> [Int] {
    guard epochs.count > mostRows else { return epochs }
    return (0..<mostRows).map { epochs[$0 * (epochs.count - 1) / (mostRows - 1)] }
  }

  /// The bins' middles, with as many digits as tell all of them apart; their numbers where the ends are not known.
  static func names(_ bins: Int, _ ends: (low: Double, high: Double)?) -> [String] {
    let numbers = (0..<bins).map { "\($0 + 1)" }
    guard let ends, ends.low < ends.high else { return numbers }
    let width = (ends.high - ends.low) / Double(bins)
    let middles = (0..<bins).map { ends.low + (Double($0) + 0.5) * width }
    let short = middles.map(NumberFormat.automatic.text)
    if Set(short).count == bins { return short }
    // Seventeen digits tell any two numbers apart; bins that are narrower than that have no middle of their own.
    for digits in 5...17 {
      let names = middles.map { String(format: "%.\(digits)g", $0).replacingOccurrences(of: "-", with: "−") }
      if Set(names).count == bins { return names }
    }
    return numbers
  }

  private static func peak(_ line: [Double?]?, _ columns: [String]) -> String {
    let peak = zip(columns, line ?? []).compactMap { name, share in share.map { (name, $0) } }.max { $0.1 < $1.1 }
    return peak.map { "\(NumberFormat.percent(0).text($0.1)) are about \($0.0)" } ?? "there are none"
  }
}
