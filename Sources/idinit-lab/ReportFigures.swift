import Lab
import Recipes
import Records
import Report

extension MeasuredRuns {
  /// What an experiment's runs measured, in groups that differ in their seeds alone.
  init(_ summary: ExperimentSummary) throws(LabError) {
    let card = summary.recipe.card
    let groups = try SeedGroup.groups(summary.ended).map { group throws(LabError) in
      MeasuredRuns.Group(
        labels: group.labels,
        runs: try group.runs.map { run throws(LabError) in
          MeasuredRuns.Run(
            metrics: try run.metrics(), results: run.results, isFinished: run.status == .finished,
            tables: Dictionary(
              try run.tables().map { ($0.name, CSV.rows($0.text)) }, uniquingKeysWith: { first, _ in first }))
        },
        settings: group.runs.first?.settings ?? .object([]))
    }
    self.init(
      recipe: card.id, groups: groups,
      paper: card.paper.map { MeasuredRuns.PaperNumber($0.labels, $0.value, $0.text) })
  }
}

extension ResultTable {
  /// What the parameters of an experiment's runs started from; nil where none initialised a network.
  static func plans(of summary: ExperimentSummary) throws(LabError) -> ResultTable? {
    plans(
      try SeedGroup.groups(summary.runs).map { group throws(LabError) in
        (labels: group.labels, rows: try group.runs.first?.plan() ?? [])
      })
  }
}
