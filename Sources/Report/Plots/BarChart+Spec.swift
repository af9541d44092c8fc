import Foundation
import Records

extension BarChart {
  /// Pixels: for a line of a category's name, for a value, and between categories.
  private static let nameLine = 18
  private static let valueLine = 22
  private static let gap = 14
  /// Characters of a name on a line, so that it fits beside a telephone's margins.
  private static let nameWidth = 44

  public var spec: JSONValue {
    let scales = SeriesScales(names: groups)
    let nameHeight = Self.nameLine * (categories.map { TextLines($0, width: Self.nameWidth).lines.count }.max() ?? 1)
    let valueHeight = Self.valueLine * max(groups.count, 1)
    let step = nameHeight + valueHeight + Self.gap
    // The band holds the values; the name stands in the space above it.
    let padding = 1 - Double(valueHeight) / Double(step)
    let categoryScale: JSONValue = ["paddingInner": .double(padding), "paddingOuter": .double(padding / 2), "align": 1]
    let y = VegaLite.field(
      "category", "nominal", ["sort": .array(categories.map(JSONValue.string)), "axis": .null, "scale": categoryScale])
    // The room between bars is the scale's. (As the mark's, `"height": {"band": 0.72}`, Vega-Lite 6.4 takes it of the whole
    // category's band, and every bar lies below its place.)
    let offset = VegaLite.field(
      "series", "nominal",
      ["sort": .array(groups.map(JSONValue.string)), "scale": ["paddingInner": 0.28, "paddingOuter": 0.14]])
    let place: [JSONValue.Member] = [.init("y", y), .init("yOffset", offset)]

    var layers: [JSONValue] = [
      names(y),
      values(place, scales),
      [
        "transform": [VegaLite.filterShown, ["filter": "isValid(datum.low)"]],
        "mark": ["type": "rule", "strokeWidth": 1.5],
        "encoding": .object(
          place + [.init("x", x("low")), .init("x2", ["field": "high"])]
            + [.init("color", isBars ? ["value": .string(Palette.ink.published)] : scales.color)]),
      ],
    ]
    if bars.contains(where: { $0.paper.map(axis.shows) ?? false }) { layers.append(paper(place)) }
    layers.append(numbers(place))
    return VegaLite.spec(height: step * max(categories.count, 1), rows: rows, layers: layers)
      .adding("params", [VegaLite.legendParameter], toLayer: 1)
  }

  private func x(_ field: String) -> JSONValue {
    VegaLite.field(
      field, "quantitative",
      [
        "scale": fitted.scaleSpec(zero: isBars, nice: false)
          .with("range", [0, ["expr": .string("max(width - \(numbersWidth), 60)")]]),
        "axis": VegaLite.axis(fitted, vertical: false).with("grid", true)
          .with("tickCount", ["expr": .string("max(2, ceil((width - \(numbersWidth)) / 90))")]),
      ])
  }

  private func names(_ y: JSONValue) -> JSONValue {
    [
      // The page gives these letters a rim, which it finds by this name.
      "name": "rimmed_names",
      "data": [
        "values": .array(
          categories.map { category in
            let lines = TextLines(category, width: Self.nameWidth).lines
            return [
              "category": .string(category),
              "name": lines.count == 1 ? .string(category) : .array(lines.map(JSONValue.string)),
              "up": .int(-6 - Self.nameLine * (lines.count - 1)),
            ]
          })
      ],
      "mark": [
        "type": "text", "align": "left", "baseline": "bottom", "fontWeight": 600, "lineHeight": .int(Self.nameLine),
        "dy": ["expr": "datum.up"],
      ],
      "encoding": [
        "y": y.with("bandPosition", 0), "x": ["value": 0], "text": ["field": "name", "type": "nominal"],
      ],
    ]
  }

  private func values(_ place: [JSONValue.Member], _ scales: SeriesScales) -> JSONValue {
    var encoding = place + [.init("x", x("mean")), .init("color", scales.color)]
    if isBars {
      encoding.append(.init("x2", ["datum": .double(max(0, fitted.domain?.lowerBound ?? 0))]))
    } else {
      encoding.append(.init("shape", scales.shape))
    }
    encoding.append(.init("tooltip", .array(tooltip)))
    return [
      "transform": [VegaLite.filterShown, ["filter": "isValid(datum.mean)"]],
      "mark": isBars
        ? ["type": "bar", "cornerRadiusEnd": 2]
        : ["type": "point", "filled": true, "size": 70, "opacity": 1],
      "encoding": .object(encoding),
    ]
  }

  private func paper(_ place: [JSONValue.Member]) -> JSONValue {
    [
      "transform": [VegaLite.filterShown, ["filter": "isValid(datum.paper)"]],
      "mark": [
        "type": "point", "shape": "diamond", "size": 70, "filled": true, "opacity": 1, "strokeWidth": 1.5,
        "fill": .string(Palette.surface.published), "stroke": .string(Palette.ink.published),
      ],
      "encoding": .object(place + [.init("x", x("paper")), .init("tooltip", .array(tooltip))]),
    ]
  }

  /// The values in digits: a column at the right edge, which the axis leaves free.
  private func numbers(_ place: [JSONValue.Member]) -> JSONValue {
    [
      "transform": [VegaLite.filterShown],
      "mark": ["type": "text", "baseline": "middle", "align": "right"],
      "encoding": .object(
        place + [.init("x", ["value": "width"]), .init("text", ["field": "text", "type": "nominal"])]),
    ]
  }

  /// The width of that column in pixels. A digit is about 7 wide, and the "±" has spaces.
  private var numbersWidth: Int { 7 * (rows.compactMap { $0["text"]?.text?.count }.max() ?? 0) + 12 }

  private var tooltip: [JSONValue] {
    var list = [
      VegaLite.tooltip("category", "category"), VegaLite.tooltip("series", "series"),
      VegaLite.tooltip("text", axis.title), VegaLite.tooltip("n", "seeds"),
    ]
    if bars.contains(where: { $0.paper != nil }) { list.append(VegaLite.tooltip("paperText", "the paper")) }
    return list
  }

  private var rows: [JSONValue] {
    return bars.map { bar in
      let statistics = SeedStatistics(bar.values, where: axis.shows)
      let (mean, deviation) = (statistics.mean, statistics.deviation)
      var row: JSONValue = [
        "category": .string(bar.category), "series": .string(bar.group), "mean": .finite(mean),
        "n": .int(statistics.n),
        "text": .string(mean.isFinite ? text(statistics) : "nothing finite"),
      ]
      let (low, high) = ends(statistics)
      row["low"] = deviation == nil ? .null : .finite(low)
      row["high"] = deviation == nil ? .null : .finite(high)
      let shownPaper = bar.paper.flatMap { axis.shows($0) ? $0 : nil }
      if bars.contains(where: { $0.paper != nil }) {
        row["paper"] = shownPaper.map(JSONValue.double) ?? .null
        row["paperText"] = .string(bar.paper.map(axis.format.text) ?? "–")
      }
      return row
    }
  }

  private func text(_ statistics: SeedStatistics) -> String {
    guard spread == .range else { return axis.format.text(statistics.mean, statistics.deviation) }
    return axis.format.text(statistics.mean, from: statistics.least, to: statistics.most)
  }

  private func ends(_ statistics: SeedStatistics) -> (low: Double, high: Double) {
    if spread == .range { return (statistics.least, statistics.most) }
    let (mean, deviation) = (statistics.mean, statistics.deviation ?? 0)
    // One standard deviation below may be below 0, where a logarithmic axis has no place.
    let low = axis.shows(mean - deviation) ? mean - deviation : statistics.least
    return (low, mean + deviation)
  }

  /// The axis with its ends a little beyond what is drawn.
  private var fitted: PlotAxis {
    guard axis.domain == nil else { return axis }
    var drawn: [Double] = []
    for bar in bars {
      let (low, high) = ends(SeedStatistics(bar.values, where: axis.shows))
      drawn += [low, high] + (bar.paper.map { [$0] } ?? [])
    }
    drawn = drawn.filter(axis.shows)
    guard var least = drawn.min(), var most = drawn.max() else { return axis }
    var result = axis
    if axis.scale == .log {
      let margin = max((log10(most) - log10(least)) * 0.08, 0.1)
      result.domain = pow(10, log10(least) - margin)...pow(10, log10(most) + margin)
      return result
    }
    if isBars { (least, most) = (min(least, 0), max(most, 0)) }
    let span = most - least
    let margin = (span > 0 ? span : max(abs(most), 1) * 0.1) * 0.08
    result.domain = (isBars && least == 0 ? 0 : least - margin)...(isBars && most == 0 ? 0 : most + margin)
    // All values 0, or beyond what a Double can widen: Vega finds ends of its own.
    if let domain = result.domain, !(domain.lowerBound < domain.upperBound && domain.upperBound.isFinite) {
      result.domain = nil
    }
    return result
  }
}

extension JSONValue {
  func with(_ key: String, _ value: JSONValue) -> JSONValue {
    var copy = self
    copy[key] = value
    return copy
  }
}
