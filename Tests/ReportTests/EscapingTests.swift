import Foundation
import Records
import Report
import Testing

/// Names come from files that somebody else wrote: whatever they are, the page stays ours.
@Suite struct EscapingTests {
  static let hostile = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "</style><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)", "<!-- -->", "]]>", "{{title}} {{{style}}}", "&lt;b&gt;",
    // With a mark behind them these are other Characters, but the same scalars for a browser.
    "\"\u{301} onmouseover=alert(1) x=\"\u{301}", "<\u{301}", "\u{2028}\u{2029}\u{0}", "a\u{202E}b",
  ]

  private func page(_ text: String) -> ReportPage { Self.page(text) }

  /// A page with this text in every place that takes one.
  static func page(_ text: String) -> ReportPage {
    let line = LineChart(
      x: PlotAxis(text), y: PlotAxis(text), series: [.init(text, [.init(0, [1, .nan]), .init(1, 2)])],
      references: [.init(text, 1, series: text)])
    let bars = BarChart(axis: PlotAxis(text), bars: [.init(category: text, group: text, values: [1], paper: 2)])
    let map = Heatmap(
      xTitle: text, yTitle: text, columns: [text], rows: [text], value: PlotAxis(text), values: [[1]])
    return ReportPage(
      title: text, subtitle: text, date: text,
      sections: [
        ReportSection(
          id: text, heading: text, locus: text, claim: text, verdict: Verdict(.refuted, text),
          figures: [line as any Plot, bars, map].map {
            Figure(id: text, title: text, caption: text, altText: text, plot: $0)
          },
          table: ResultTable(
            title: text, columns: [.text(text, "cell"), .number(text, "n") { _ in text }],
            rows: [["cell": .string(text), "n": 1]], notes: [text]), notes: [text], deviations: [text],
          plan: ResultTable(title: text, columns: [.text(text, text)], rows: [Row([.init(text, .string(text))])]),
          commands: [text])
      ],
      environment: [.init(text, text)], commands: [text])
  }

  private func plots(_ page: ReportPage) -> RenderedPlots {
    RenderedPlots(pictures: page.figures.map { _ in .init(wide: "<svg/>", narrow: "<svg/>") }, javascript: "1")
  }

  /// The page's elements and attributes, and what is in its scripts, without any text: of a harmless page they are the
  /// same.
  private func skeleton(_ html: String) -> [String] {
    // By scalars, as a browser reads it.
    var tags: [String] = []
    var rest = html.unicodeScalars[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      guard let first = rest.first, first == "/" || first == "!" || first.properties.isAlphabetic else { continue }
      var tag = ""
      var quote: Unicode.Scalar?
      while let scalar = rest.popFirst() {
        if let open = quote {
          if scalar == open { quote = nil }
          continue
        }
        if scalar == "\"" || scalar == "'" { quote = scalar } else if scalar == ">" { break }
        tag.unicodeScalars.append(scalar)
      }
      tags.append(tag)
      if tag.hasPrefix("script") || tag.hasPrefix("style") {
        // Raw text: until the next "</".
        while let end = rest.firstIndex(of: "<") {
          if rest[rest.index(after: end)...].first == "/" {
            rest = rest[end...]
            break
          }
          rest = rest[rest.index(after: end)...]
        }
      }
    }
    return tags
  }

  @Test(arguments: hostile) func hasTheElementsOfAHarmlessPage(_ text: String) throws {
    let (page, harmless) = (page(text), page("harmless"))
    #expect(
      try skeleton(page.html(plots: plots(page))).filter { $0 != "span" && $0 != "/span" }
        == skeleton(harmless.html(plots: plots(harmless))).filter { $0 != "span" && $0 != "/span" })
    #expect(
      try skeleton(page.html(plots: nil)).filter { $0 != "span" && $0 != "/span" }
        == skeleton(harmless.html(plots: nil)).filter { $0 != "span" && $0 != "/span" })
  }

  @Test(arguments: hostile) func specsReadBackAsTheyWere(_ text: String) throws {
    let page = page(text)
    let html = try page.html(plots: plots(page))
    let opening = "<script type=\"application/json\" class=\"spec\">"
    let specs = html.components(separatedBy: opening).dropFirst().compactMap {
      $0.components(separatedBy: "</script>").first
    }
    #expect(specs.count == 3)
    for (spec, figure) in zip(specs, page.figures) {
      #expect(!spec.unicodeScalars.contains("<"))
      let value = try JSONValue(parsing: Data(spec.utf8))
      // What has no place in SVG or in Vega's expressions is replaced.
      let lost: Set<Unicode.Scalar> = ["\u{0}", "\u{2028}", "\u{2029}"]
      let isWhole = !text.unicodeScalars.contains(where: lost.contains)
      #expect(isWhole == (value["description"]?.text == text))
      #expect(isWhole == (value["data"]?["values"] == figure.spec["data"]?["values"]))
    }
  }

  @Test func theSkeletonIsNotBlind() {
    #expect(skeleton("<p a=\"<b>\">x<i></i></p>") == ["p a=\"", "i", "/i", "/p"])
    #expect(skeleton("<p a=\"\"\u{301} onclick=x>") != skeleton("<p a=\"x\">"))
    #expect(skeleton("<script>a < b</script><b>") == ["script", "/script", "b"])
  }

  @Test func aProgramCannotEndItsElement() throws {
    let page = page("x")
    var plots = plots(page)
    plots.javascript = "var a = '</script><!--', b = '</SCRIPT >';"
    let html = try page.html(plots: plots)
    #expect(html.contains("var a = '<\\/script><\\!--', b = '<\\/"))
  }
}
