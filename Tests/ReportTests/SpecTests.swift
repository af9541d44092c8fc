import Foundation
import Records
import Report
import TestSupport
import Testing

/// Specifications as the fixtures have them: written by this code, read by a person, and drawn by Vega-Lite in
/// `RenderTests`. What they mean is tested plot by plot.
@Suite struct SpecTests {
  @Test(arguments: SmallPlots.all.map(\.name)) func isAsRecorded(_ name: String) throws {
    let plot = try #require(SmallPlots.all.first { $0.name == name }).plot
    let spec = SmallPlots.figure(plot).spec
    let recorded = try JSONValue(parsing: Data(snapshot("report-\(name)", recording: spec.pretty).utf8))
    if let difference = spec.difference(from: recorded) {
      Issue.record("\(difference.path): here \(difference.here), recorded \(difference.there)")
    }
  }

  @Test(arguments: SmallPlots.all.map(\.name)) func isForVegaLite6AndSaysWhatItShows(_ name: String) throws {
    let plot = try #require(SmallPlots.all.first { $0.name == name }).plot
    let spec = SmallPlots.figure(plot).spec
    #expect(spec["$schema"]?.text == "https://vega.github.io/schema/vega-lite/v6.json")
    #expect(spec["description"]?.text == "IDInit is better.")
    #expect(spec["width"] == "container")
    // JSON has no NaN, and ours would be the string "NaN" in a field of numbers.
    #expect(!spec["data"].debugDescription.contains("NaN\"") || name == "heatmap")
  }

  @Test func tellsSeriesApartByMoreThanColour() throws {
    // Sixteen: more than there are colours, dashes or shapes.
    let names = (0..<16).map { "series \($0)" }
    let chart = LineChart(
      x: PlotAxis("step"), y: PlotAxis("loss"), series: names.map { .init($0, [.init(0, 1), .init(1, 2)]) })
    let lines = try #require(chart.spec["layer"]?.elements?.first { $0["mark"]?["type"] == "line" })
    let colors = try #require(lines["encoding"]?["color"]?["scale"]?["range"]?.elements)
    let dashes = try #require(lines["encoding"]?["strokeDash"]?["scale"]?["range"]?.elements)
    #expect(lines["encoding"]?["color"]?["scale"]?["domain"]?.elements?.compactMap(\.text) == names)
    #expect(colors.count == 16 && dashes.count == 16)
    #expect(Set(zip(colors, dashes).map { "\($0.line) \($1.line)" }).count == 16)
    #expect(Set(dashes.prefix(6)).count == 6)
  }

  @Test func legendsAreBoundToASelection() throws {
    for (name, plot) in SmallPlots.all where !plot.legend.isEmpty {
      let parameters = plot.spec["layer"]?.elements?.compactMap { $0["params"]?.elements }.flatMap { $0 } ?? []
      #expect(parameters.contains { $0["bind"] == "legend" && $0["name"] == "shown" }, "\(name)")
    }
  }

  @Test func contrastOfSeriesIsThreeAtLeast() {
    for color in Palette.series {
      #expect(Contrast.ratio(color.light, "#FFFFFF") >= 3, "\(color.name) on light")
      #expect(Contrast.ratio(color.dark, "#171B21") >= 3, "\(color.name) on dark")
    }
    // The measure itself, by WCAG's own examples.
    #expect(abs(Contrast.ratio("#000000", "#FFFFFF") - 21) < 1e-9)
    #expect(abs(Contrast.ratio("#777777", "#FFFFFF") - 4.48) < 0.01)
  }
}

/// The contrast of two colours (WCAG 2.1), from 1 to 21.
enum Contrast {
  static func ratio(_ one: String, _ other: String) -> Double {
    let (a, b) = (luminance(one), luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  private static func luminance(_ hex: String) -> Double {
    let number = Int(hex.dropFirst(), radix: 16) ?? 0
    let parts = [16, 8, 0].map { shift -> Double in
      let value = Double(number >> shift & 0xFF) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }
}
