/// The histograms that rows of metrics hold: lists of counts in bins of equal width, whose ends are in the run's settings.
public enum HistogramBins {
  /// The ends of the first and of the last bin.
  ///
  /// - Parameters:
  ///   - cell: The name of the cell with the counts: `histogram` (weights, Figure 14), `logSingularValues` (natural
  ///     logarithms, Figure 15).
  ///   - settings: Every setting of the run.
  /// - Returns: The ends; nil where the cell is no histogram, or the settings do not say.
  public static func ends(of cell: String, in settings: JSONValue) -> (low: Double, high: Double)? {
    switch cell {
    case "histogram": return settings["histogram"]?["range"]?.number.map { (-$0, $0) }
    case "logSingularValues":
      let histogram = settings["jacobian"]?["histogram"]
      guard let low = histogram?["lowest"]?.number, let high = histogram?["highest"]?.number else { return nil }
      return (low, high)
    default: return nil
    }
  }
}
