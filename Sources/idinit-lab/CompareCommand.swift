import ArgumentParser
import Foundation
import Lab
import Recipes

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Print the table of finished runs beside the paper's figures.",
    discussion: """
      Runs that differ in more than variant, method and seed are experiments of their own, with a table each.

      Examples:
        idinit-lab compare runs/table8-small
        idinit-lab compare runs/table8-small --csv > table8.csv
        idinit-lab compare runs --results Results
        idinit-lab compare Results/table8 runs/table8-more-seeds
      """)

  @Argument(
    help: "Record folders, folders of published results, or folders that hold some.", completion: .directory)
  var runs: [String]

  @OptionGroup var format: TableFormat

  @Option(
    help: "Put results.csv, runs.jsonl, recipe.json, environment.json and metrics.csv into this folder, by recipe.",
    completion: .directory)
  var results: String?

  func run() throws {
    let experiments = try Experiment.groups(FinishedRun.found(in: runs))
    if format.csv, experiments.count > 1 {
      let all = experiments.map { experiment in
        ([experiment.recipe.card.id] + experiment.differences.map { "\($0.key) \($0.value)" }).joined(separator: " ")
      }
      throw LabError(.usage, "--csv takes the runs of one experiment; these are of \(all.joined(separator: "; "))")
    }
    let reports = experiments.map(ExperimentSummary.init)
    if let results {
      let ids = experiments.map(\.recipe.card.id)
      if let twice = ids.first(where: { id in ids.count { $0 == id } > 1 }) {
        throw LabError(.usage, "--results has one folder a recipe; these are runs of several experiments of \(twice)")
      }
      for report in reports { try report.publish(to: URL(fileURLWithPath: results)) }
    }
    if format.json { return try Output.print(JSONValue.array(reports.map(\.json)).pretty) }
    try Output.print(reports.map(format.csv ? \.csv : \.text).joined(separator: "\n"))
  }
}

extension FinishedRun {
  /// The runs in folders that were named on the command line; one that is named twice, or below another that is named,
  /// counts once.
  static func found(in paths: [String]) throws(LabError) -> [FinishedRun] {
    var found: [FinishedRun] = []
    for path in paths {
      let here = try find(under: URL(fileURLWithPath: path).standardizedFileURL)
      for run in here.runs where !found.contains(where: { $0.place == run.place }) { found.append(run) }
      for folder in here.withoutRuns {
        Output.note(
          "idinit-lab: left out \(folder.path): an earlier version published it without its runs (\(PublishedRuns.file))"
        )
      }
    }
    return found
  }
}
