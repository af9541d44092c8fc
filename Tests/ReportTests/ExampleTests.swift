import Foundation
import Report
import Testing

/// Writes pages into the folder that `IDINIT_REPORT_PAGES` names: `example.html`, to be looked at, and `hostile.html`,
/// whose every text is hostile. Tests/Interop/test_report.py opens both in a browser.
@Suite struct ExampleTests {
  static let place = ProcessInfo.processInfo.environment["IDINIT_REPORT_PAGES"].map { URL(fileURLWithPath: $0) }

  @Test(.enabled(if: place != nil, "IDINIT_REPORT_PAGES names no folder")) func writesTheExample() throws {
    try write(ExamplePage.page(), to: "example.html")
  }

  @Test(.enabled(if: place != nil, "IDINIT_REPORT_PAGES names no folder")) func writesTheHostileOne() throws {
    let pages = EscapingTests.hostile.map { EscapingTests.page($0) }
    var page = try #require(pages.first)
    page.sections = pages.flatMap(\.sections)
    try write(page, to: "hostile.html")
  }

  private func write(_ page: ReportPage, to name: String) throws {
    let (html, drawn, problem) = try page.html(renderer: PlotRenderer())
    #expect(problem == nil && drawn == page.figures.count)
    if let place = Self.place {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try html.write(to: place.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
  }
}
