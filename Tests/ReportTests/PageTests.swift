import Foundation
import Records
import Report
import TestSupport
import Testing

@Suite struct PageTests {
  /// Plots that need no Python.
  private func stand(_ figures: [Figure]) -> RenderedPlots {
    RenderedPlots(
      pictures: figures.map { _ in .init(wide: "<svg id=\"a\"></svg>", narrow: "<svg></svg>") },
      javascript: "window.vegaEmbed = null;")
  }

  private var page: ReportPage {
    ReportPage(
      title: "Results", subtitle: "Once more", date: "1 May 2026",
      sections: [
        ReportSection(
          id: "table8", heading: "Linear-5", locus: "Table 8", claim: "It is better.",
          verdict: Verdict(.notSeen, "0.1 ± 0.2."),
          figures: SmallPlots.all.map { SmallPlots.figure($0.plot, id: $0.name) },
          table: ResultTable(
            title: "Table 8", columns: [.text("start", "method"), .number("loss", "loss") { "\($0)" }],
            rows: [["method": "idinit", "loss": -0.5, "hidden": 7]], notes: ["Over seeds."]),
          notes: ["A note."], deviations: ["The paper gives no batch size: 128."],
          plan: ResultTable(title: "A plan", columns: [.text("role", "role")], rows: [["role": "stem-last"]]),
          commands: ["idinit-lab run table8"])
      ],
      environment: [.init("libtorch", "2.13.0")], commands: ["make bootstrap"])
  }

  @Test func aVerdictsPointsAreAList() throws {
    let verdict = Verdict(.refuted, "Two things.", points: ["One <b>.", "Two."])
    let page = ReportPage(title: "T", sections: [ReportSection(id: "a", heading: "A", verdict: verdict)])
    #expect(try page.html(renderer: nil).html.contains("<li>One &lt;b&gt;.</li><li>Two.</li></ul>"))
  }

  @Test func sameInputSameBytes() throws {
    let plots = stand(page.figures)
    #expect(try page.html(plots: plots) == page.html(plots: plots))
    #expect(try page.html(plots: nil) == page.html(plots: nil))
  }

  @Test func hasEverythingThatWasGiven() throws {
    let html = try page.html(plots: stand(page.figures))
    for text in [
      "<title>Results</title>", "Once more", "1 May 2026", "Linear-5", "Table 8", "It is better.", "not seen",
      "0.1 ± 0.2.", "A figure", "Two seeds.", "IDInit is better.", "idinit", "−0.5", "Over seeds.", "A note.",
      "The paper gives no batch size: 128.", "A plan", "stem-last", "download=\"table8-plan.csv\"", "libtorch",
      "2.13.0", "<span>make</span>",
      "<span>table8</span>", "href=\"#table8\"", "hidden", "aria-label=\"IDInit is better.\"",
      "Left out of “Kaiming”: 1 of 4 values",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    #expect(html.components(separatedBy: "class=\"spec\"").count == SmallPlots.all.count + 1)
    // Each picture's identifiers are its own.
    #expect(html.contains("id=\"figure-line-w-a\"") && html.contains("id=\"figure-bars-w-a\""))
    #expect(html.components(separatedBy: "window.vegaEmbed = null;").count == 2)
  }

  /// What was found for many starts is a list, under what holds for all of them; a short reason is a sentence.
  @Test func aLongReasonIsAList() throws {
    let long =
      "On 10,000 images of cifar10 from other files than the official ones, not on the paper's: square: a 1.0 ± 0.5 % "
      + "(5 seeds; 2 lost), against b +6.32 points; c +4.23 points, clear from 7.75. default did not train from 2 of 5 "
      + "seeds (clear: at 5 % for all)"
    func html(_ reason: String, _ status: Verdict.Status = .notSeen) throws -> String {
      try ReportPage(title: "", sections: [ReportSection(id: "a", heading: "A", verdict: Verdict(status, reason))])
        .html(plots: nil)
    }
    let page = try html(long)
    let items = page.matches(of: /<li>([^<]*)<\/li>/).map { String($0.output.1) }
    #expect(
      items == [
        "square: a 1.0 ± 0.5 % (5 seeds; 2 lost), against b +6.32 points", "c +4.23 points, clear from 7.75.",
        "default did not train from 2 of 5 seeds (clear: at 5 % for all)",
      ])
    #expect(page.contains("not on the paper&#39;s:</p>"))
    // The status is seen before the claim and the reason, with the place in the paper.
    let badge = try #require(page.range(of: "not seen</span></p>\n<h2 id=\"a\">"))
    let found = try #require(page.range(of: "What was found"))
    #expect(badge.lowerBound < found.lowerBound)
    for short in ["one seed each", "relu: −0.01 points; tanh: −0.02 points"] {
      let page = try html(short)
      #expect(page.contains("\(short)</p>") && !page.contains("class=\"findings\""))
    }
    #expect(!(try html("")).contains("What was found"))
    #expect(try html("one seed each", .notJudged).contains("One seed each</p>"))
  }

  @Test func needsNoNetwork() throws {
    let html = try page.html(plots: stand(page.figures))
    // Addresses are in attributes of links to the page itself and to data; the schema's is only a name.
    let addresses = html.matches(of: /(?:src|href)=["']([^"']*)/).map { String($0.output.1.prefix(5)) }
    #expect(!addresses.isEmpty && addresses.allSatisfy { $0.hasPrefix("#") || $0 == "data:" })
    #expect(!html.contains("@import") && !html.contains("url(http"))
  }

  @Test func withoutPlotsTablesStandOpen() throws {
    let html = try page.html(plots: nil, problem: .noVlConvert(python: "/somewhere/python3"))
    #expect(html.contains("pip install vl-convert-python"))
    // Where Python is on the machine that made the page is nobody's business.
    #expect(!html.contains("/somewhere"))
    #expect(html.components(separatedBy: "<details class=\"data\" open>").count == SmallPlots.all.count + 1)
    #expect(!html.contains("class=\"spec\"") && !html.contains("<script"))
  }

  @Test func emptyPagesAndSectionsAreWhole() throws {
    let empty = try ReportPage(title: "").html(plots: nil)
    #expect(empty.contains("There are no results here yet.") && empty.hasSuffix("</html>\n"))
    let bare = ReportPage(title: "Bare", sections: [ReportSection(id: "", heading: "")])
    let html = try bare.html(plots: nil)
    #expect(!html.contains("<figure") && !html.contains("<table") && !html.contains("class=\"verdict"))
    let noRows = ResultTable(title: "Nothing", columns: [.text("start", "method")], rows: [])
    let waiting = ReportPage(title: "Waiting", sections: [ReportSection(id: "a", heading: "A", table: noRows)])
    #expect(try waiting.html(plots: nil).contains("No run has ended yet."))
  }

  @Test func equalNamesGetPlacesOfTheirOwn() throws {
    let sections = (0..<3).map { _ in
      ReportSection(id: "a b/ç", heading: "Same", figures: [SmallPlots.figure(SmallPlots.line)])
    }
    let html = try ReportPage(title: "Twice", sections: sections + [ReportSection(id: "main", heading: "Taken")])
      .html(plots: nil)
    let names = html.matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
    #expect(Set(names).count == names.count)
    for name in ["a-b", "a-b-2", "a-b-3", "main-2"] { #expect(names.contains(name), "\(name)") }
  }

  @Test func plotsOfOtherFiguresAreRefused() {
    #expect(throws: ReportError.self) { try page.html(plots: RenderedPlots(pictures: [], javascript: "")) }
  }

  @Test func aLongTableIsCutAndSaysSoButItsFileIsWhole() throws {
    let points = (0..<500).map { LineChart.Point(Double($0), 1000 + Double($0)) }
    let chart = LineChart(x: PlotAxis("step"), y: PlotAxis("loss"), series: [.init("s", points)])
    let page = ReportPage(
      title: "Long", sections: [ReportSection(id: "a", heading: "A", figures: [SmallPlots.figure(chart)])])
    let html = try page.html(plots: nil)
    #expect(html.contains("The first 200 of 500 rows."))
    #expect(!html.contains(">1499<") && html.contains("1499%2E0%0A"))
  }
}
