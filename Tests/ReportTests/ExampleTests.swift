import Foundation
import Report
import Testing

/// Writes the example page where `IDINIT_REPORT_EXAMPLE` says, to be looked at, and for Tests/Interop/test_report.py.
@Suite struct ExampleTests {
  static let place = ProcessInfo.processInfo.environment["IDINIT_REPORT_EXAMPLE"]

  @Test(.enabled(if: place != nil, "IDINIT_REPORT_EXAMPLE names no file")) func writesTheExample() throws {
    let (html, problem) = try ExamplePage.page().html(renderer: PlotRenderer())
    #expect(problem == nil)
    if let place = Self.place { try html.write(toFile: place, atomically: true, encoding: .utf8) }
  }
}
