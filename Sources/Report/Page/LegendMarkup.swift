/// A legend for the template: a button for every series, a plain entry for what cannot be hidden, each with a sample of
/// its colour and its dash or shape.
enum LegendMarkup {
  static func entries(_ legend: [LegendEntry]) -> [[String: Any]] {
    let count = legend.count(where: \.isSeries)
    return legend.map { entry in
      // One series alone cannot be hidden: nothing would be left.
      ["name": entry.name, "isToggle": entry.isSeries && count > 1, "sample": sample(entry.mark)]
    }
  }

  /// SVG of our own making: nothing in it comes from data.
  private static func sample(_ mark: LegendEntry.Mark) -> String {
    let shape: String
    switch mark {
    case .line(let index):
      let dash = Palette.dash(index).map(String.init).joined(separator: " ")
      shape =
        "<path d=\"M1 6H27\" stroke=\"\(color(index))\" stroke-width=\"2.5\"\(dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")/>"
    case .point(let index): shape = point(Palette.shape(index), fill: color(index), stroke: "none")
    case .fill(let index): shape = "<path d=\"M3 1H25V11H3Z\" fill=\"\(color(index))\"/>"
    case .reference(let index):
      let color = index.map(color) ?? "var(--\(Palette.ink.name))"
      shape =
        "<path d=\"M1 6H27\" stroke=\"\(color)\" stroke-width=\"2\" stroke-dasharray=\"1 3.5\" stroke-linecap=\"round\"/>"
    case .paper:
      shape = point("diamond", fill: "var(--\(Palette.surface.name))", stroke: "var(--\(Palette.ink.name))")
    }
    return "<svg class=\"sample\" width=\"28\" height=\"12\" viewBox=\"0 0 28 12\" aria-hidden=\"true\">\(shape)</svg>"
  }

  private static func color(_ index: Int) -> String { "var(--\(Palette.color(index).name))" }

  private static func point(_ shape: String, fill: String, stroke: String) -> String {
    let path =
      switch shape {
      case "square": "M9.5 1.5H18.5V10.5H9.5Z"
      case "triangle-up": "M14 1L19 10.5H9Z"
      case "triangle-down": "M14 11L9 1.5H19Z"
      case "diamond": "M14 0.5L18.5 6L14 11.5L9.5 6Z"
      case "cross": "M12.4 1H15.6V4.4H19V7.6H15.6V11H12.4V7.6H9V4.4H12.4Z"
      default: "M14 1.2A4.8 4.8 0 1 1 13.99 1.2Z"
      }
    return "<path d=\"\(path)\" fill=\"\(fill)\" stroke=\"\(stroke)\" stroke-width=\"1.5\"/>"
  }
}
