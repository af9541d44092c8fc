import Foundation
import Lab
import Recipes

/// What is printed and saved about the runs of one experiment.
struct ExperimentSummary {
  let recipe: ResolvedRecipe
  let runs: [FinishedRun]
  private(set) var repeated: [FinishedRun] = []
  /// What tells it from other experiments of its recipe: dotted keys and values.
  private(set) var differences: [(key: String, value: String)] = []

  init(recipe: ResolvedRecipe, runs: [FinishedRun]) {
    self.recipe = recipe
    self.runs = runs
  }

  init(_ experiment: Experiment) {
    self.init(recipe: experiment.recipe, runs: experiment.runs)
    repeated = experiment.repeated
    differences = experiment.differences
  }

  var ended: [FinishedRun] { runs.filter { $0.status != .unfinished } }
  var unfinished: [FinishedRun] { runs.filter { $0.status == .unfinished } }

  /// The table, its notes, and what the results say about the paper's claim.
  var text: String {
    let table = recipe.table(ended)
    var text = lines(table.title).map { Paint.bold($0) + "\n" }.joined()
    if !differences.isEmpty {
      let with = "With \(differences.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
      text += lines(with).map { $0 + "\n" }.joined()
    }
    text += table.text(width: Terminal.width)
    for note in table.notes { text += paragraph(note) }
    for run in ended where run.status == .diverged {
      text += paragraph("\(run.name) diverged: \(run.reason ?? "")")
    }
    if !unfinished.isEmpty {
      text += paragraph(
        "Not finished, not counted: \(unfinished.map { $0.name }.joined(separator: ", "))")
    }
    if !repeated.isEmpty {
      text += paragraph(
        "The same runs as some above, not counted again: \(repeated.map(\.place).joined(separator: ", "))")
    }
    let verdict = recipe.verdict(ended)
    text += paragraph("Claim (\(recipe.card.locus)): \(recipe.card.claim)")
    text += paragraph("Here: \(verdict.sentence)")
    for point in verdict.points { text += lines("- \(point)").map { $0 + "\n" }.joined() }
    return text
  }

  var json: JSONValue {
    let verdict = recipe.verdict(ended)
    return [
      "recipe": .string(recipe.card.id), "scale": .string(runs.first?.scale ?? ""),
      "with": .object(differences.map { .init($0.key, .string($0.value)) }),
      "rows": .array(recipe.table(ended).rows.map(\.json)),
      "claim": .string(recipe.card.claim),
      "verdict": ["status": .string(verdict.status.rawValue), "reason": .string(verdict.text)],
      "unfinished": .array(unfinished.map { .string($0.place) }),
    ]
  }

  /// The table's rows, with every cell that any of them has.
  var csv: String { recipe.table(ended).csv }

  private func lines(_ text: String) -> [String] { Wrapped.lines(text, width: Terminal.proseWidth) }

  private func paragraph(_ text: String) -> String { "\n" + lines(text).joined(separator: "\n") + "\n" }
}
