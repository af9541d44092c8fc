import Foundation

/// A surface on a grid as few rectangles: values in bands, and neighbours of one band in a column as one.
struct SurfaceBands {
  struct Cell: Hashable {
    var left, right, bottom, top: Double
    var band: Int
  }

  /// The lower ends of the bands, ascending, and the upper end of the last.
  let edges: [Double]
  let cells: [Cell]
  /// The ends of the axes: the outermost points lie half a cell within.
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>

  static let count = 14

  /// Nil for less than two columns and rows, and where no value is finite.
  init?(_ surface: [SurfaceChart.Sample]) {
    let xs = Set(surface.map(\.x)).filter(\.isFinite).sorted()
    let ys = Set(surface.map(\.y)).filter(\.isFinite).sorted()
    let values = surface.map(\.value).filter(\.isFinite).sorted()
    guard xs.count > 1, ys.count > 1, let most = values.last else { return nil }
    let least = values[values.count / 50]
    let edges = (0...Self.count).map { least + (most - least) * Double($0) / Double(Self.count) }
    func band(_ value: Double) -> Int? {
      guard value.isFinite || value == -.infinity else { return nil }
      return max(0, (edges.dropLast().lastIndex { $0 <= value } ?? 0))
    }
    let columns = Self.ends(xs)
    let rows = Self.ends(ys)
    let places = Dictionary(uniqueKeysWithValues: ys.enumerated().map { ($1, $0) })
    var bands: [Double: [Int?]] = [:]
    for sample in surface {
      guard sample.x.isFinite, let row = places[sample.y] else { continue }
      bands[sample.x, default: Array(repeating: nil, count: ys.count)][row] = band(sample.value)
    }
    var cells: [Cell] = []
    for (column, x) in xs.enumerated() {
      for (row, band) in (bands[x] ?? []).enumerated() {
        guard let band else { continue }
        if let last = cells.last, last.band == band, last.left == columns[column], last.top == rows[row] {
          cells[cells.count - 1].top = rows[row + 1]
        } else {
          cells.append(
            Cell(left: columns[column], right: columns[column + 1], bottom: rows[row], top: rows[row + 1], band: band))
        }
      }
    }
    self.edges = edges
    self.cells = cells
    self.x = columns[0]...columns[columns.count - 1]
    self.y = rows[0]...rows[rows.count - 1]
  }

  /// Half-way between neighbours, and as far beyond the outermost.
  private static func ends(_ values: [Double]) -> [Double] {
    let middles = zip(values, values.dropFirst()).map { $0 / 2 + $1 / 2 }
    let (first, last) = (values[0], values[values.count - 1])
    return [2 * first - middles[0]] + middles + [2 * last - middles[middles.count - 1]]
  }
}
