import Foundation
import Lab
import Recipes

/// What is printed and saved about the runs of one recipe.
struct Report {
  let recipe: ResolvedRecipe
  let runs: [FinishedRun]

  private var ended: [FinishedRun] { runs.filter { $0.status != .unfinished } }
  private var unfinished: [FinishedRun] { runs.filter { $0.status == .unfinished } }

  /// The table, its notes, and what the results say about the paper's claim.
  var text: String {
    let table = recipe.table(ended)
    var text = "\(Paint.bold(table.title))\n\(TableText.text(table))"
    for note in table.notes { text += paragraph(note) }
    for run in ended where run.status == .diverged {
      text += paragraph("\(run.folder.lastPathComponent) diverged: \(run.reason ?? "")")
    }
    if !unfinished.isEmpty {
      text += paragraph(
        "Not finished, not counted: \(unfinished.map { $0.folder.lastPathComponent }.joined(separator: ", "))")
    }
    let verdict = recipe.verdict(ended)
    text += paragraph("Claim (\(recipe.card.locus)): \(recipe.card.claim)")
    text += paragraph("Here: \(verdict.status.rawValue). \(verdict.reason)")
    return text
  }

  var json: JSONValue {
    let verdict = recipe.verdict(ended)
    return [
      "recipe": .string(recipe.card.id), "rows": .array(recipe.table(ended).rows.map(\.json)),
      "claim": .string(recipe.card.claim),
      "verdict": ["status": .string(verdict.status.rawValue), "reason": .string(verdict.reason)],
      "unfinished": .array(unfinished.map { .string($0.folder.path) }),
    ]
  }

  func writeCSV(to path: String) throws {
    try Output.write(recipe.table(ended).csv, to: URL(fileURLWithPath: path))
  }

  /// Fills `folder/<recipe>/`: `results.csv`, the resolved `recipe.json`, `environment.json`, and each run's metrics
  /// and tables in `runs/`.
  func publish(to folder: URL) throws {
    let place = folder.appendingPathComponent(recipe.card.id)
    let files = FileManager.default
    try create(place)
    try Output.write(recipe.table(ended).csv, to: place.appendingPathComponent("results.csv"))
    let verdict = recipe.verdict(ended)
    var resolved: JSONValue = [
      "recipe": .string(recipe.card.id), "settings": recipe.settings,
      "verdict": ["status": .string(verdict.status.rawValue), "reason": .string(verdict.reason)],
    ]
    for member in recipe.about.members ?? [] { resolved[member.key] = member.value }
    try Output.write(resolved.pretty, to: place.appendingPathComponent("recipe.json"))
    if let first = runs.first, let data = files.contents(atPath: first.folder.appendingPathComponent("environment.json").path) {
      try Output.write(String(decoding: data, as: UTF8.self), to: place.appendingPathComponent("environment.json"))
    }
    for run in ended {
      let target = place.appendingPathComponent("runs").appendingPathComponent(run.folder.lastPathComponent)
      try create(target)
      let names = ((try? files.contentsOfDirectory(atPath: run.folder.path)) ?? []).filter {
        $0 == "metrics.jsonl" || $0.hasSuffix(".csv")
      }
      for name in names.sorted() {
        guard let data = files.contents(atPath: run.folder.appendingPathComponent(name).path) else { continue }
        try Output.write(String(decoding: data, as: UTF8.self), to: target.appendingPathComponent(name))
      }
    }
  }

  private func create(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw LabError(.cannotCreate, "cannot make the folder \(folder.path): \(error.localizedDescription)")
    }
  }

  private func paragraph(_ text: String) -> String {
    "\n" + Wrapped.lines(text, width: min(Terminal.width, 100)).joined(separator: "\n") + "\n"
  }
}
