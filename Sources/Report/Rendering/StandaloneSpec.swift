import Records

/// A figure's specification as a picture of its own: with its title and legend, the published colours and a white ground,
/// which can be seen on any page.
enum StandaloneSpec {
  static func picture(_ figure: Figure, width: Int) -> JSONValue {
    var spec = StillSpec.still(figure.spec).with("width", .int(width))
    spec["padding"] = 16
    spec["title"] = [
      "text": VegaLite.title(figure.title, width: width / 9), "anchor": "start", "frame": "group", "fontSize": 15,
      "fontWeight": 600, "color": .string(Palette.ink.published), "offset": 12,
    ]
    var config = spec["config"] ?? [:]
    config["background"] = .string(Palette.surface.published)
    // Above, it would meet the axis' title, which stands there.
    let longest = figure.plot.legend.map(\.name.count).max() ?? 0
    // Letters of the font that the picture is seen with may be wider than those that it is drawn with: two pixels each.
    config["legend"] = (config["legend"] ?? [:]).with("orient", "bottom").with("columns", width > 500 ? 2 : 1)
      .with("columnPadding", .int(24 + 2 * longest))
      .with("symbolSize", 400).with("symbolStrokeWidth", 2)
    spec["config"] = config
    return ThemedSpec.drawable(spec)
  }
}
