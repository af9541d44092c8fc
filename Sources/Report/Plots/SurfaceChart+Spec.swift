import Foundation
import Records

extension SurfaceChart {
  public var spec: JSONValue {
    let scales = SeriesScales(names: paths.map(\.name))
    let bands = SurfaceBands(surface)
    let axes = (x: axis(x, bands?.x, vertical: false), y: axis(y, bands?.y, vertical: true))
    var layers: [JSONValue] = []
    if let bands { layers.append(ground(bands, axes)) }
    if let curve { layers += lines(of: curve, axes) }
    let place: [JSONValue.Member] = [
      .init("x", VegaLite.field("x", "quantitative", axes.x)), .init("y", VegaLite.field("y", "quantitative", axes.y)),
    ]
    layers += ways(place, scales)
    layers.append(ends(place, scales))
    // The lines' layer has the legend; the ends' one has none, lest a series have two.
    return VegaLite.spec(height: height, rows: rows, layers: layers)
      .with("resolve", ["scale": ["color": "independent"]])
      .adding("params", [VegaLite.legendParameter], toLayer: layers.count - 2)
  }

  /// The paths, on a bright line that parts them from the ground.
  private func ways(_ place: [JSONValue.Member], _ scales: SeriesScales) -> [JSONValue] {
    let way = place + [.init("order", ["field": "place", "type": "quantitative"])]
    return [
      [
        "transform": [VegaLite.filterShown],
        "mark": ["type": "line", "strokeWidth": 5.5, "strokeCap": "round", "strokeJoin": "round"],
        "encoding": .object(
          way + [
            .init("detail", ["field": "series", "type": "nominal"]), .init("color", ["value": .string(Self.bright)]),
          ]),
      ],
      [
        "transform": [VegaLite.filterShown],
        "mark": ["type": "line", "strokeWidth": 3, "strokeJoin": "round"],
        "encoding": .object(way + [.init("color", scales.color), .init("strokeDash", scales.dash)]),
      ],
    ]
  }

  private func ends(_ place: [JSONValue.Member], _ scales: SeriesScales) -> JSONValue {
    let shape: JSONValue = ["scale": ["domain": ["start", "end"], "range": ["circle", "square"]], "legend": .null]
    let tooltip: JSONValue = [
      VegaLite.tooltip("series", "path"), VegaLite.tooltip("end", "at its"), VegaLite.tooltip("xText", x.title),
      VegaLite.tooltip("yText", y.title),
    ]
    return [
      "transform": [VegaLite.filterShown, ["filter": "datum.end != ''"]],
      "mark": [
        "type": "point", "filled": true, "size": 90, "opacity": 1, "stroke": .string(Self.bright), "strokeWidth": 2,
      ],
      "encoding": .object(
        place + [
          .init("color", scales.color.with("legend", .null)), .init("shape", VegaLite.field("end", "nominal", shape)),
          .init("tooltip", tooltip),
        ]),
    ]
  }

  /// On colours that are the same on light and dark: these two are no colours of the page.
  private static let bright = "#FFFFFE"
  private static let black = "#000001"

  private func axis(_ axis: PlotAxis, _ ends: ClosedRange<Double>?, vertical: Bool) -> JSONValue {
    var axis = axis
    axis.domain = axis.domain ?? ends
    return [
      "scale": axis.scaleSpec(nice: false), "axis": VegaLite.axis(axis, vertical: vertical).with("grid", false),
    ]
  }

  private func ground(_ bands: SurfaceBands, _ axes: (x: JSONValue, y: JSONValue)) -> JSONValue {
    let edges = bands.edges
    // A little over the next one's edge: where pixels are shared the ground would shine through.
    let over = (x: (bands.x.upperBound - bands.x.lowerBound) / 800, y: (bands.y.upperBound - bands.y.lowerBound) / 800)
    let cells = bands.cells.map { cell -> JSONValue in
      let (low, high) = (edges[cell.band], edges[cell.band + 1])
      let text =
        cell.band == 0
        ? "below \(value.format.text(high))" : "\(value.format.text(low)) to \(value.format.text(high))"
      return [
        "left": Self.short(cell.left), "right": Self.short(min(cell.right + over.x, bands.x.upperBound)),
        "bottom": Self.short(cell.bottom), "top": Self.short(min(cell.top + over.y, bands.y.upperBound)),
        "value": Self.short(low / 2 + high / 2), "text": .string(text),
      ]
    }
    return [
      "data": ["values": .array(cells)], "mark": ["type": "rect"],
      "encoding": [
        "x": VegaLite.field("left", "quantitative", axes.x), "x2": ["field": "right"],
        "y": VegaLite.field("bottom", "quantitative", axes.y), "y2": ["field": "top"],
        "color": VegaLite.field(
          "value", "quantitative",
          [
            "scale": [
              "scheme": "cividis", "domain": [Self.short(edges.first ?? 0), Self.short(edges.last ?? 1)], "nice": false,
            ], "legend": VegaLite.colorLegend(value, above: y.title, width: 42),
          ]),
        "tooltip": [VegaLite.tooltip("text", value.title)],
      ],
    ]
  }

  /// Black with a bright line of dashes in it, which is seen on every colour.
  private func lines(of curve: Curve, _ axes: (x: JSONValue, y: JSONValue)) -> [JSONValue] {
    let rows = curve.pieces.enumerated().flatMap { piece, points in
      points.enumerated().map { place, point -> JSONValue in
        ["piece": .int(piece), "place": .int(place), "x": Self.short(point.x), "y": Self.short(point.y)]
      }
    }
    let strokes: [(color: String, width: Double, dash: JSONValue)] = [
      (Self.black, 2.5, [1, 0]), (Self.bright, 1.5, [2, 4]),
    ]
    return strokes.map { stroke -> JSONValue in
      [
        "data": ["values": .array(rows)],
        "mark": ["type": "line", "strokeWidth": .double(stroke.width), "strokeDash": stroke.dash, "clip": true],
        "encoding": [
          "x": VegaLite.field("x", "quantitative", axes.x), "y": VegaLite.field("y", "quantitative", axes.y),
          "order": ["field": "place", "type": "quantitative"], "detail": ["field": "piece", "type": "nominal"],
          "color": ["value": .string(stroke.color)],
        ],
      ]
    }
  }

  private var rows: [JSONValue] {
    paths.flatMap { path in
      let points = path.points.filter { $0.x.isFinite && $0.y.isFinite }
      return points.enumerated().map { place, point -> JSONValue in
        [
          "series": .string(path.name), "place": .int(place), "x": Self.short(point.x), "y": Self.short(point.y),
          "end": .string(place == 0 ? "start" : place == points.count - 1 ? "end" : ""),
          "xText": .string(x.format.text(point.x)), "yText": .string(y.format.text(point.y)),
        ]
      }
    }
  }

  /// Six digits: far more than a place on a screen has.
  private static func short(_ value: Double) -> JSONValue {
    .double(Double(String(format: "%.6g", value)) ?? value)
  }
}
