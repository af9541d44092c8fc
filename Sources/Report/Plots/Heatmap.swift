import Foundation
import Records

/// A matrix as colours, over two ordered axes: learning rate by weight decay, layer by step, epoch by bin.
///
/// The colours are cividis (Nuñez and others, 2018), which grow in lightness alone for people with any common colour
/// vision deficiency, and are the same on light and dark. Cells that are wide enough also have their value written in
/// them. Cells that have no place on the scale are drawn as a cross, and counted in ``omissions``.
public struct Heatmap: Plot {
  /// What the columns are.
  public var xTitle: String
  /// What the rows are.
  public var yTitle: String
  /// The names of the columns, left to right, and of the rows, top to bottom.
  public var columns: [String]
  /// The names of the rows, top to bottom.
  public var rows: [String]
  /// What the colours mean, their scale and their numbers.
  public var value: PlotAxis
  /// `values[row][column]`; nil or a missing one: nothing was measured there, and nothing is drawn.
  public var values: [[Double?]]

  /// A heatmap of these values.
  public init(
    xTitle: String, yTitle: String, columns: [String], rows: [String], value: PlotAxis, values: [[Double?]]
  ) {
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.columns = columns
    self.rows = rows
    self.value = value
    self.values = values
  }

  private struct Cell {
    var row: String
    var column: String
    var value: Double
  }

  private var cells: [Cell] {
    zip(rows, values).flatMap { row, line in
      zip(columns, line).compactMap { column, value in value.map { Cell(row: row, column: column, value: $0) } }
    }
  }

  public var legend: [LegendEntry] { [] }

  public var data: FigureData {
    FigureData(
      columns: [yTitle, xTitle, value.title],
      rows: cells.map { [.string($0.row), .string($0.column), .double($0.value)] })
  }

  public var omissions: [String] {
    let all = cells
    let omitted = all.count { !value.shows($0.value) }
    return omitted == 0 ? [] : ["Without a colour, drawn as ×: \(omitted) of \(all.count) cells, \(value.unshown)."]
  }

  public var spec: JSONValue {
    let shown = cells.filter { value.shows($0.value) }.map(\.value)
    // White and black contrast alike (4.58) with the colour at 0.47 of the way, and better elsewhere.
    let ends = value.domain.map { [$0.lowerBound, $0.upperBound] } ?? shown
    let middle = value.scale == .log ? ends.map(log10) : ends
    let half = 0.53 * (middle.min() ?? 0) + 0.47 * (middle.max() ?? 0)
    let lines = rows.map { TextLines($0, width: Self.nameWidth).lines.count }.max() ?? 1
    let rowHeight = max(6, min(34, 420 / max(rows.count, 1)), lines > 1 ? lines * VegaLite.lineHeight + 8 : 0)
    let x = axis("column", columns, more: [.init("title", VegaLite.title(xTitle)), .init("labelAngle", 0)])
    let y = axis("row", rows, more: VegaLite.verticalTitle(yTitle, width: 28))
    let dark = value.scale == .log ? "log(datum.value) / LN10 < \(half)" : "datum.value < \(half)"
    let fits = "bandwidth('x') > 6.5 * length(datum.text) && bandwidth('y') > 14"
    return VegaLite.spec(
      height: rowHeight * max(rows.count, 1), rows: cells.map(row), encoding: ["x": x, "y": y],
      layers: [
        [
          "transform": [["filter": "isValid(datum.value)"]],
          "mark": ["type": "rect"],
          "encoding": ["color": color(shown), "tooltip": .array(tooltip)],
        ],
        [
          "transform": [["filter": "!isValid(datum.value)"]],
          "mark": ["type": "point", "shape": "cross", "angle": 45, "size": 60, "filled": true],
          "encoding": ["color": ["value": .string(Palette.text.published)], "tooltip": .array(tooltip)],
        ],
        [
          "transform": [["filter": "isValid(datum.value)"]],
          "name": "cell_numbers",
          "mark": ["type": "text", "fontSize": 11, "opacity": ["expr": .string("\(fits) ? 1 : 0")]],
          "encoding": [
            "text": ["field": "text", "type": "nominal"],
            "color": ["condition": ["test": .string(dark), "value": "#FFFFFE"], "value": "#000001"],
          ],
        ],
      ])
  }

  private func row(_ cell: Cell) -> JSONValue {
    [
      "row": .string(cell.row), "column": .string(cell.column),
      "value": value.shows(cell.value) ? .double(cell.value) : .null,
      "text": .string(value.format.text(cell.value)),
    ]
  }

  /// Characters of a name on a line.
  private static let nameWidth = 16

  private func axis(_ field: String, _ names: [String], more: [JSONValue.Member]) -> JSONValue {
    var axis: JSONValue = ["domain": false, "ticks": false, "grid": false, "labelOverlap": true]
    if names.contains(where: { $0.count > Self.nameWidth }) {
      axis["labelExpr"] = VegaLite.brokenLabel(width: Self.nameWidth)
      axis["labelLineHeight"] = .int(VegaLite.lineHeight)
    }
    for member in more { axis[member.key] = member.value }
    // The domain has those too in which nothing was measured: without their places the others' would lie.
    let order = JSONValue.array(names.map(JSONValue.string))
    return VegaLite.field(field, "ordinal", ["sort": order, "scale": ["domain": order], "axis": axis])
  }

  private func color(_ shown: [Double]) -> JSONValue {
    var scale = value.scaleSpec(nice: false)
    scale["scheme"] = "cividis"
    // A scale of nothing would have NaN written on it.
    guard !shown.isEmpty else {
      return VegaLite.field("value", "quantitative", ["scale": scale, "legend": .null])
    }
    return VegaLite.field(
      "value", "quantitative", ["scale": scale, "legend": VegaLite.colorLegend(value, above: yTitle, width: 28)])
  }

  private var tooltip: [JSONValue] {
    [VegaLite.tooltip("row", yTitle), VegaLite.tooltip("column", xTitle), VegaLite.tooltip("text", value.title)]
  }
}
