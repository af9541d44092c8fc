import Torch

/// Zeros and sizes of the weights (Figure 14): an identity is nearly all zeros.
public struct WeightProbe: Probe {
  public let name = "weights"
  public let title = "Share of zeros, mean and standard deviation of each weight, and a histogram"

  /// Bins of a weight's histogram.
  public var bins: Int

  /// The probe with so many bins.
  public init(bins: Int = 41) { self.bins = bins }

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    var rows: [Row] = []
    var totals = (zeros: 0, elements: 0)
    for (name, weight) in subject.network.parameters where weight.shape.count >= 2 {
      let values = try weight.detached().to(.cpu).to(.float64).contiguous().array(of: Double.self)
      let zeros = values.count { $0 == 0 }
      let count = Double(max(1, values.count))
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      let range = values.reduce(0) { max($0, abs($1)) }
      rows.append([
        "parameter": .string(name), "elements": .int(values.count), "zeros": .double(Double(zeros) / count),
        "mean": .double(mean), "std": .double(variance.squareRoot()), "range": .double(range),
        "histogram": .array(histogram(values, range: range).map(JSONValue.int)),
      ])
      totals.zeros += zeros
      totals.elements += values.count
    }
    let share = Double(totals.zeros) / Double(max(1, totals.elements))
    return ProbeResult(
      rows: rows, summary: ["elements": .int(totals.elements), "zeros": .double(share)], verdict: .none,
      sentence: "\(NumberText.fixed(share * 100, digits: 1)) % of \(NumberText.count(totals.elements)) weights are 0")
  }

  /// Counts in bins of equal width from −range to range.
  func histogram(_ values: [Double], range: Double) -> [Int] {
    var counts = [Int](repeating: 0, count: bins)
    guard range > 0, range.isFinite else {
      counts[bins / 2] = values.count
      return counts
    }
    for value in values where value.isFinite {
      let place = (value / range + 1) / 2 * Double(bins)
      counts[min(max(Int(place), 0), bins - 1)] += 1
    }
    return counts
  }
}
