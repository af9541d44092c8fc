/// The colours, dashes and shapes that tell series apart.
///
/// The hues are Okabe and Ito's ("Color Universal Design", 2008), which people with any common colour vision deficiency
/// tell apart, without their yellow, which is too light for a line on white. A specification has the published values;
/// a page takes variants of the same hues with a contrast of at least 3 to its background, one for light, one for dark.
/// Colour is never alone: every series also has its own dash or shape.
public enum Palette {
  /// A colour where it is published, on a light page, and on a dark one.
  public struct Color: Sendable, Hashable {
    /// The name of the page's CSS variable, without `--`.
    public let name: String
    /// In specifications: `#RRGGBB`.
    public let published: String
    /// On a light page: `#RRGGBB`.
    public let light: String
    /// On a dark page: `#RRGGBB`.
    public let dark: String
  }

  /// The colours of series, in order.
  public static let series: [Color] = [
    Color(name: "series-1", published: "#0072B2", light: "#0072B2", dark: "#4BA3DB"),
    Color(name: "series-2", published: "#D55E00", light: "#C85700", dark: "#F07B27"),
    Color(name: "series-3", published: "#009E73", light: "#00845F", dark: "#22B78C"),
    Color(name: "series-4", published: "#CC79A7", light: "#B2558B", dark: "#DB8DB8"),
    Color(name: "series-5", published: "#E69F00", light: "#A87400", dark: "#E6A51C"),
    Color(name: "series-6", published: "#56B4E9", light: "#3389BD", dark: "#7CC7F0"),
    Color(name: "series-7", published: "#000000", light: "#3A3F47", dark: "#D5D9DF"),
  ]

  /// Text, lines of axes, grid, and what lies under everything.
  static let ink = Color(name: "plot-ink", published: "#1D2127", light: "#1D2127", dark: "#E8EAED")
  static let text = Color(name: "plot-text", published: "#565D67", light: "#565D67", dark: "#A6ADB8")
  static let axis = Color(name: "plot-axis", published: "#8D949E", light: "#8D949E", dark: "#6C747F")
  static let grid = Color(name: "plot-grid", published: "#E4E6EA", light: "#E4E6EA", dark: "#2C323A")
  static let surface = Color(name: "plot-surface", published: "#FFFFFF", light: "#FFFFFF", dark: "#171B21")

  static let all = series + [ink, text, axis, grid, surface]

  static func color(_ index: Int) -> Color { series[index % series.count] }

  /// Lengths of dash and gap in pixels; empty for a solid line. There is one more of them than colours are, less one,
  /// so that a series whose colour comes round again has another dash.
  static func dash(_ index: Int) -> [Int] { dashes[index % dashes.count] }
  private static let dashes: [[Int]] = [[], [7, 3], [2, 2], [10, 3, 2, 3], [4, 2], [12, 4]]

  /// A name that Vega knows.
  static func shape(_ index: Int) -> String { shapes[index % shapes.count] }
  private static let shapes = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"]
}
