import ArgumentParser
import Foundation
import Lab
import Recipes

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Print the table of finished runs beside the paper's figures.",
    usage: "idinit-lab compare <run> ... [<options>]",
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
    let (found, problem) = try FinishedRun.found(in: runs)
    let experiments = try Experiment.groups(found)
    if format.csv, experiments.count > 1 {
      let all = experiments.map { experiment in
        ([experiment.recipe.card.id] + experiment.differences.map { "\($0.key) \($0.value)" }).joined(separator: " ")
      }
      throw LabError(.usage, "--csv takes the runs of one experiment; these are of \(all.joined(separator: "; "))")
    }
    let reports = experiments.map(ExperimentSummary.init)
    if let results {
      // What was published before may have had them.
      if var problem {
        problem.message += "; nothing was put into \(results)"
        throw problem
      }
      let ids = experiments.map(\.recipe.card.id)
      if let twice = ids.first(where: { id in ids.count { $0 == id } > 1 }) {
        throw LabError(.usage, "--results has one folder a recipe; these are runs of several experiments of \(twice)")
      }
      for report in reports { try report.publish(to: URL(fileURLWithPath: results)) }
    }
    if format.json {
      try Output.print(JSONValue.array(reports.map(\.json)).pretty)
    } else {
      try Output.print(reports.map(format.csv ? \.csv : \.text).joined(separator: "\n"))
    }
    if let problem { throw problem }
  }
}

extension FinishedRun {
  /// The runs in folders that were named on the command line; one that is named twice, or below another that is named,
  /// counts once. One that cannot be read is told of, and hides no other.
  ///
  /// - Returns: The runs, and what the command must end with after it has shown them, if there are others.
  /// - Throws: `LabError` where there is none to show.
  static func found(in paths: [String]) throws(LabError) -> (runs: [FinishedRun], problem: LabError?) {
    var found: [FinishedRun] = []
    var problems: [LabError] = []
    for path in paths {
      let here: Found
      do throws(LabError) {
        here = try find(under: URL(fileURLWithPath: path).standardizedFileURL)
      } catch {
        // What is not there was not meant; what is there and broken hides no other.
        guard error.kind != .noInput, paths.count > 1 else { throw error }
        problems.append(error)
        continue
      }
      for run in here.runs where !found.contains(where: { $0.place == run.place }) {
        do throws(LabError) {
          _ = try ResolvedRecipe(record: run)
          found.append(run)
        } catch {
          problems.append(error)
        }
      }
      problems += here.problems
      for warning in here.warnings { Output.note("idinit-lab: \(warning)") }
      for folder in here.withoutRuns {
        Output.note(
          "idinit-lab: left out \(folder.path): an earlier version published it without its runs (\(PublishedRuns.file))"
        )
      }
    }
    guard let first = problems.first else { return (found, nil) }
    if found.isEmpty { throw first }
    for problem in problems { Output.note("idinit-lab: left out: \(problem.message)") }
    let count = problems.count == 1 ? "1 run or folder" : "\(problems.count) runs or folders"
    return (found, LabError(first.kind, "\(count) could not be read, as said above; the others are shown"))
  }
}
