import Records

/// The parts that all specifications have in common.
enum VegaLite {
  /// The version that vl-convert-python 1.9 renders unless told otherwise, and the newest of its versions.
  static let version = "6.4"
  static let schema = "https://vega.github.io/schema/vega-lite/v6.json"
  static let font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

  /// A specification of layers over the same data.
  static func spec(
    height: Int, rows: [JSONValue], parameters: [JSONValue] = [], encoding: JSONValue? = nil, layers: [JSONValue]
  ) -> JSONValue {
    var spec: JSONValue = [
      "$schema": .string(schema), "width": "container", "height": .int(height),
      "autosize": ["type": "fit-x", "contains": "padding"],
      "data": ["values": .array(rows)],
    ]
    if !parameters.isEmpty { spec["params"] = .array(parameters) }
    if let encoding { spec["encoding"] = encoding }
    spec["layer"] = .array(layers)
    spec["config"] = config
    return spec
  }

  static func field(_ name: String, _ type: String, _ more: JSONValue = [:]) -> JSONValue {
    .object([.init("field", .string(name)), .init("type", .string(type))] + (more.members ?? []))
  }

  /// An axis of numbers. The title of a vertical one stands above it, where it is read without turning the head.
  /// A logarithmic one has its marks where `values`, which are shown along it, need them.
  static func axis(_ axis: PlotAxis, vertical: Bool, values: [Double] = []) -> JSONValue {
    var spec: JSONValue = ["title": title(axis.title), "labelExpr": .string(axis.format.tickExpression)]
    if vertical {
      for member in verticalTitle(axis.title) { spec[member.key] = member.value }
    } else {
      spec["grid"] = false
      spec["labelFlush"] = true
    }
    let ends = axis.domain.map { [$0.lowerBound, $0.upperBound] } ?? values.filter(axis.shows)
    if let least = ends.min(), let most = ends.max(), let ticks = axis.ticks(from: least, to: most) {
      spec["values"] = .array(ticks.map(JSONValue.double))
    } else {
      spec["tickCount"] = vertical ? 5 : ["expr": "max(2, ceil(width / 90))"]
    }
    return spec
  }

  /// A legend of colours for numbers, over the title of the vertical axis; both break at `width` characters.
  static func colorLegend(_ value: PlotAxis, above yTitle: String, width: Int) -> JSONValue {
    [
      "title": title(value.title, width: width), "orient": "top", "direction": "horizontal",
      "offset": .int(26 + lineHeight * (TextLines(yTitle, width: width).lines.count - 1)),
      "gradientLength": ["expr": "min(width, 260)"], "gradientThickness": 10, "tickCount": 4,
      "labelExpr": .string(value.format.tickExpression), "labelOverlap": true, "titleLimit": 0,
    ]
  }

  /// A title broken into lines that a telephone has room for.
  static func title(_ text: String, width: Int = 42) -> JSONValue {
    let lines = TextLines(text, width: width).lines
    return lines.count == 1 ? .string(lines[0]) : .array(lines.map(JSONValue.string))
  }

  /// The members that put a vertical axis' title above it, its last line right above the plot.
  static func verticalTitle(_ text: String, width: Int = 42) -> [JSONValue.Member] {
    let lines = TextLines(text, width: width).lines.count
    return [
      .init("title", title(text, width: width)), .init("titleAngle", 0), .init("titleAlign", "left"),
      .init("titleBaseline", "bottom"), .init("titleX", 0), .init("titleLineHeight", .int(lineHeight)),
      .init("titleY", .int(-10 - lineHeight * (lines - 1))),
    ]
  }

  static let lineHeight = 15

  /// A label broken into lines of at most `width` characters, at spaces where there are any.
  static func brokenLabel(width: Int) -> JSONValue {
    .string("split(trim(replace(datum.label, regexp('(.{1,\(width)}(?: |$)|.{\(width)})', 'g'), '$1\\n')), '\\n')")
  }

  /// A line of the hover values. Numbers come as text, written by ``written(_:_:)``.
  static func tooltip(_ field: String, _ title: String) -> JSONValue {
    ["field": .string(field), "type": "nominal", "title": .string(title)]
  }

  /// Hover values of the point that is nearest to the pointer, as an expression. There the pointer is over a cell around
  /// the point, whose `datum` is the point's mark; a tooltip by fields takes it for the row (Vega-Lite 6.4), and finds
  /// nothing.
  static func nearestTooltip(_ lines: [(name: String, field: String)]) -> String {
    let members = lines.map { "\(quoted($0.name)): (datum.datum || datum).\($0.field)" }
    return "{" + members.joined(separator: ", ") + "}"
  }

  /// A string in Vega's language. It takes JSON's escapes, but no bare separators of lines.
  private static func quoted(_ text: String) -> String {
    JSONValue.quoted(text).replacing("\u{2028}", with: "\\u2028").replacing("\u{2029}", with: "\\u2029")
  }

  /// A transform that writes a number of every row as text: into `xText` for `x`.
  static func written(_ field: String, _ format: NumberFormat) -> JSONValue {
    ["calculate": .string(format.expression("datum.\(field)")), "as": .string("\(field)Text")]
  }

  /// The parameter that a click on the legend sets: the series that are shown; none: all of them.
  static let shown = "shown"
  static let legendParameter: JSONValue = [
    "name": .string(shown), "select": ["type": "point", "fields": ["series"]], "bind": "legend",
  ]
  static let filterShown: JSONValue = ["filter": ["param": .string(shown)]]

  private static var config: JSONValue {
    [
      "font": .string(font),
      // The whole plot is one image with one description; a label on every point would only be noise to a listener.
      "aria": false,
      "background": "transparent",
      "view": ["stroke": "transparent"],
      "axis": [
        "labelColor": .string(Palette.text.published), "titleColor": .string(Palette.text.published),
        "gridColor": .string(Palette.grid.published), "domainColor": .string(Palette.axis.published),
        "tickColor": .string(Palette.axis.published), "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": 500, "labelLimit": 0, "titlePadding": 8, "labelPadding": 5,
      ],
      "axisY": ["domain": false, "ticks": false],
      "legend": [
        "orient": "top", "direction": "vertical", "title": .null, "labelLimit": 0, "symbolLimit": 0,
        "labelColor": .string(Palette.text.published), "titleColor": .string(Palette.text.published),
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 500,
      ],
      "text": ["color": .string(Palette.ink.published), "fontSize": 12],
    ]
  }
}

extension JSONValue {
  /// The number; null for what JSON cannot say.
  static func finite(_ value: Double) -> JSONValue { value.isFinite ? .double(value) : .null }
}

/// The channels that tell series apart, with the names in their order.
struct SeriesScales {
  let names: [String]

  private func scale(_ range: [JSONValue]) -> JSONValue {
    VegaLite.field(
      "series", "nominal",
      ["scale": ["domain": .array(names.map(JSONValue.string)), "range": .array(range)], "title": .null])
  }

  var color: JSONValue { scale(names.indices.map { .string(Palette.color($0).published) }) }
  var dash: JSONValue {
    scale(names.indices.map { .array(Palette.dash($0).isEmpty ? [1, 0] : Palette.dash($0).map { .int($0) }) })
  }
  var shape: JSONValue { scale(names.indices.map { .string(Palette.shape($0)) }) }
}
