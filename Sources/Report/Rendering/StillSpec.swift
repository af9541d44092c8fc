import Records

/// A specification without what only a live plot needs: selections, what they filter, and points that are there for the
/// pointer alone. It looks the same, and its picture is a fraction of the size.
enum StillSpec {
  static func still(_ spec: JSONValue) -> JSONValue {
    guard let layers = spec["layer"]?.elements else { return spec }
    return spec.with("layer", .array(layers.compactMap(layer)))
  }

  /// Nil for a layer that cannot be seen.
  private static func layer(_ layer: JSONValue) -> JSONValue? {
    var layer = layer
    layer["params"] = nil
    if let steps = layer["transform"]?.elements {
      let rest = steps.filter { $0["filter"]?["param"] == nil }
      layer["transform"] = rest.isEmpty ? nil : .array(rest)
    }
    if let opacity = layer["encoding"]?["opacity"], opacity["condition"]?["param"] != nil {
      guard let value = opacity["value"]?.number, value > 0 else { return nil }
      layer["encoding"] = layer["encoding"]?.with("opacity", ["value": .double(value)])
    }
    return layer
  }
}
