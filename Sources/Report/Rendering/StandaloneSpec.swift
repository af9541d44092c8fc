import Records

/// A figure's specification as a picture of its own: with its title and legend, the published colours and a white ground,
/// which can be seen on any page.
enum StandaloneSpec {
  static func picture(_ figure: Figure, width: Int) -> JSONValue {
    var spec = figure.spec.with("width", .int(width))
    spec["padding"] = 16
    spec["title"] = [
      "text": VegaLite.title(figure.title, width: width / 9), "anchor": "start", "frame": "group", "fontSize": 15,
      "fontWeight": 600, "color": .string(Palette.ink.published), "offset": 12,
    ]
    var config = spec["config"] ?? [:]
    config["background"] = .string(Palette.surface.published)
    spec["config"] = config
    return ThemedSpec.drawable(spec)
  }
}
