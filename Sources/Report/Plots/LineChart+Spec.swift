import Foundation
import Records

extension LineChart {
  public var spec: JSONValue {
    let scales = SeriesScales(names: series.map(\.name))
    var layers: [JSONValue] = []
    if hasSeeds && band != .none {
      layers.append([
        "transform": [VegaLite.filterShown],
        "mark": ["type": "area", "opacity": 0.16, "line": false],
        "encoding": ["x": xChannel, "y": yChannel("low"), "y2": ["field": "high"], "color": scales.color],
      ])
    }
    layers.append([
      "transform": [VegaLite.filterShown],
      "mark": ["type": "line", "strokeWidth": 2, "strokeJoin": "round"],
      "encoding": ["x": xChannel, "y": yChannel("mean"), "color": scales.color, "strokeDash": scales.dash],
    ])
    layers += referenceLayers
    layers.append(pointLayer(scales))
    return VegaLite.spec(height: height, rows: rows, layers: layers)
      .adding("params", [VegaLite.legendParameter], toLayer: layers.count - 1)
  }

  private var rows: [JSONValue] {
    series.flatMap { series in
      series.points.filter { x.shows($0.x) }.sorted { $0.x < $1.x }.map { row($0, of: series.name) }
    }
  }

  private func row(_ point: Point, of name: String) -> JSONValue {
    let statistics = SeedStatistics(point.values, where: y.shows)
    var row: JSONValue = ["series": .string(name), "x": .double(point.x), "mean": .finite(statistics.mean)]
    if hasSeeds {
      let (low, high) = ends(statistics)
      if band != .none {
        row["low"] = .finite(low)
        row["high"] = .finite(high)
        row["band"] = .string(low.isFinite ? "\(y.format.text(low)) … \(y.format.text(high))" : "–")
      }
      row["n"] = .int(statistics.n)
    }
    return row
  }

  private func ends(_ statistics: SeedStatistics) -> (low: Double, high: Double) {
    switch band {
    case .none, .range: return (statistics.least, statistics.most)
    case .standardDeviation:
      let deviation = statistics.deviation ?? 0
      let low = statistics.mean - deviation
      return (y.shows(low) ? low : statistics.least, statistics.mean + deviation)
    }
  }

  private var xChannel: JSONValue {
    var axis = VegaLite.axis(x, vertical: false, values: xs)
    // There is no half of an epoch. (`tickMinStep` alone is taken for advice: three epochs get a mark at 1.5.)
    if x.scale == .linear, axis["tickCount"] != nil, xs.allSatisfy({ $0.rounded() == $0 }), let least = xs.min(),
      let most = xs.max(), most > least, most - least < 1e6
    {
      axis["tickMinStep"] = 1
      axis["tickCount"] = ["expr": .string("min(max(2, ceil(width / 90)), \(Int(most - least)))")]
    }
    return VegaLite.field("x", "quantitative", ["scale": x.scaleSpec(nice: false), "axis": axis])
  }

  private func yChannel(_ field: String) -> JSONValue {
    VegaLite.field(
      field, "quantitative", ["scale": y.scaleSpec(), "axis": VegaLite.axis(y, vertical: true, values: ys)])
  }

  private var xs: [Double] { series.flatMap(\.points).map(\.x) }
  private var ys: [Double] { series.flatMap(\.points).flatMap(\.values) + shownReferences.map(\.value) }

  /// A point at every value: seen where a series has few, and else only under the pointer, with its numbers.
  private func pointLayer(_ scales: SeriesScales) -> JSONValue {
    let isSparse = (series.map(\.points.count).max() ?? 0) <= 16
    var tooltip = [
      (name: "series", field: "series"), (x.title, "xText"), (hasSeeds ? "\(y.title), mean" : y.title, "meanText"),
    ]
    if hasSeeds {
      if band != .none { tooltip.append((band.name, "band")) }
      tooltip.append(("seeds", "n"))
    }
    return [
      "transform": [
        VegaLite.filterShown, ["filter": "isValid(datum.mean)"], VegaLite.written("x", x.format),
        VegaLite.written("mean", y.format),
      ],
      "params": [
        ["name": "hover", "select": ["type": "point", "on": "pointerover", "clear": "pointerout", "nearest": true]]
      ],
      "mark": [
        "type": "point", "filled": true, "size": 50, "tooltip": ["expr": .string(VegaLite.nearestTooltip(tooltip))],
      ],
      "encoding": [
        "x": xChannel, "y": yChannel("mean"), "color": scales.color, "shape": scales.shape,
        "opacity": [
          "condition": ["param": "hover", "empty": false, "value": 1], "value": isSparse ? 1 : 0,
        ],
      ],
    ]
  }

  private var referenceLayers: [JSONValue] {
    let references = shownReferences
    guard !references.isEmpty else { return [] }
    let labelled = labelledReferences
    let rows = references.map { reference -> JSONValue in
      [
        "level": .double(reference.value), "label": .string(labelled.contains(reference) ? reference.label : ""),
        "color": .string(index(of: reference).map { Palette.color($0).published } ?? Palette.ink.published),
      ]
    }
    let color: JSONValue = ["field": "color", "type": "nominal", "scale": .null]
    return [
      [
        "data": ["values": .array(rows)],
        "mark": ["type": "rule", "strokeDash": [1, 3], "strokeWidth": 1.5, "strokeCap": "round"],
        "encoding": ["y": yChannel("level"), "color": color],
      ],
      [
        // The page gives these letters a rim, which it finds by this name.
        "name": "rimmed_labels",
        "data": ["values": .array(rows.filter { $0["label"] != "" })],
        "mark": ["type": "text", "align": "right", "baseline": "bottom", "dy": -3, "dx": -2, "fontSize": 11],
        "encoding": ["x": ["value": "width"], "y": yChannel("level"), "text": ["field": "label", "type": "nominal"]],
      ],
    ]
  }

  /// Those whose labels cannot be taken for another's: no other reference is nearer than a line's height. All are in
  /// the legend.
  private var labelledReferences: [Reference] {
    func place(_ value: Double) -> Double { y.scale == .log ? log10(value) : value }
    let ends = y.domain.map { [$0.lowerBound, $0.upperBound] } ?? ys.filter(y.shows)
    guard let least = ends.map(place).min(), let most = ends.map(place).max() else { return [] }
    let line = (most - least) * 16 / Double(max(height, 1))
    return shownReferences.filter { one in
      shownReferences.count { abs(place($0.value) - place(one.value)) < line } == 1
    }
  }
}

extension JSONValue {
  /// This specification with `values` at the front of an array of one of its layers.
  func adding(_ key: String, _ values: [JSONValue], toLayer index: Int) -> JSONValue {
    var layers = self["layer"]?.elements ?? []
    guard layers.indices.contains(index) else { return self }
    layers[index][key] = .array(values + (layers[index][key]?.elements ?? []))
    var spec = self
    spec["layer"] = .array(layers)
    return spec
  }
}
