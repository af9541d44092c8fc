import Foundation

/// The middle of some measurements; NaN of none.
public func median(_ values: [Double]) -> Double {
  guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .nan }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Seconds that `body` takes.
public func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  let (whole, part) = (ContinuousClock.now - start).components
  return Double(whole) + Double(part) * 1e-18
}

/// A line of cells, each padded to its width.
public func row(_ cells: [String], _ widths: [Int]) -> String {
  zip(cells, widths).map { cell, width in
    cell + String(repeating: " ", count: Swift.max(1, width - cell.count))
  }.joined()
}

/// The machine's load averages, which say whether a figure was taken on a quiet machine.
public func load() -> String {
  var averages = [0.0, 0.0, 0.0]
  guard getloadavg(&averages, 3) == 3 else { return "unknown" }
  return averages.map { String(format: "%.2f", $0) }.joined(separator: " ")
}
