import ArgumentParser
import Foundation
import Lab
import Recipes

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Print the table of finished runs beside the paper's figures.",
    discussion: """
      Example:
        idinit-lab compare runs/table8-small --csv table8.csv
      """)

  @Argument(help: "Record folders, or folders that hold some.")
  var runs: [String]

  @Option(help: "Write the rows as CSV too.")
  var csv: String?

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func run() throws {
    var records: [FinishedRun] = []
    for path in runs {
      for record in try RunRecord.find(under: URL(fileURLWithPath: path)) {
        let run = try FinishedRun(record)
        if !records.contains(where: { $0.folder.standardizedFileURL == run.folder.standardizedFileURL }) {
          records.append(run)
        }
      }
    }
    let ids = records.reduce(into: [String]()) { if !$0.contains($1.recipe) { $0.append($1.recipe) } }
    if csv != nil, ids.count > 1 {
      throw LabError(.usage, "--csv takes the runs of one recipe; these are of \(ids.joined(separator: ", "))")
    }
    var reports: [JSONValue] = []
    for id in ids {
      let own = records.filter { $0.recipe == id }
      let report = Report(recipe: try ResolvedRecipe(record: own[0]), runs: own)
      if json { reports.append(report.json) } else { Output.print(report.text) }
      if let csv { try report.writeCSV(to: csv) }
    }
    if json { Output.print(JSONValue.array(reports).pretty) }
  }
}
