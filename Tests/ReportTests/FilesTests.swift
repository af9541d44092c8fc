import Foundation
import Records
import Report
import Testing

@Suite struct FilesTests {
  private func page() throws -> ReportPage {
    let table = ResultTable(title: "T", columns: [.text("start", "method")], rows: [["method": "idinit", "loss": 0.5]])
    let plan = ResultTable(title: "P", columns: [], rows: [["role": "first"]])
    let figures = ["a b", "a b"].map { SmallPlots.figure(SmallPlots.scatter, id: $0) }
    return ReportPage(
      title: "T",
      sections: [
        ReportSection(id: "table8", heading: "A", figures: figures, table: table, plan: plan),
        ReportSection(id: "table8", heading: "B", figures: [figures[0]]),
        ReportSection(id: "", heading: "C", table: table),
      ])
  }

  @Test func everyTableIsAFile() throws {
    let files = try page().tables
    #expect(
      files.map(\.name) == [
        "table8-results.csv", "table8-plan.csv", "table8-a-b.csv", "table8-a-b-2.csv", "table8-a-b-3.csv",
        "section-results.csv",
      ])
    // All cells, also those that no column shows.
    #expect(files[0].text == "method,loss\nidinit,0.5\n")
    #expect(files[2].text == SmallPlots.scatter.data.csv)
  }

  @Test func everyPictureHasAName() throws {
    #expect(try page().pictureNames == ["table8-a-b.svg", "table8-a-b-2.svg", "table8-a-b-3.svg"])
    #expect(try page().pictureNames.count == page().figures.count)
  }
}
