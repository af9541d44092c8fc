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

  /// Fills `folder/<recipe>/` with what is worth keeping: `results.csv`, the resolved `recipe.json` with the verdict,
  /// `environment.json`, `metrics.csv` with every line of every run, and the runs' own tables as `RUN-NAME.csv`.
  func publish(to folder: URL) throws {
    let place = folder.appendingPathComponent(recipe.card.id)
    do {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    } catch {
      throw LabError(.cannotCreate, "cannot make the folder \(place.path): \(error.localizedDescription)")
    }
    func write(_ text: String, _ name: String) throws { try Output.write(text, to: place.appendingPathComponent(name)) }
    try write(recipe.table(ended).csv, "results.csv")
    try write(resolved.pretty, "recipe.json")
    if var environment = try ended.first.flatMap({ try RunRecord.open(at: $0.folder).json("environment.json") }) {
      // It names places on this machine; `recipe.json` says what was run.
      environment["command"] = nil
      try write(environment.pretty, "environment.json")
    }
    var lines: [Row] = []
    for run in ended {
      for row in try RunRecord.open(at: run.folder).metrics.rows() {
        var row = row
        row["timing"] = nil
        lines.append(run.labels.appending(row))
      }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: run.folder.path)) ?? []
      for name in names.sorted() where name.hasSuffix(".csv") {
        guard let data = FileManager.default.contents(atPath: run.folder.appendingPathComponent(name).path) else {
          continue
        }
        try write(String(decoding: data, as: UTF8.self), "\(run.folder.lastPathComponent)-\(name)")
      }
    }
    try write(ResultTable(title: "", columns: [], rows: lines).csv, "metrics.csv")
  }

  private var resolved: JSONValue {
    let verdict = recipe.verdict(ended)
    var value: JSONValue = [
      "recipe": .string(recipe.card.id), "settings": recipe.settings,
      "verdict": ["status": .string(verdict.status.rawValue), "reason": .string(verdict.reason)],
    ]
    for member in recipe.about.members ?? [] { value[member.key] = member.value }
    return value
  }

  private func paragraph(_ text: String) -> String {
    "\n" + Wrapped.lines(text, width: min(Terminal.width, 100)).joined(separator: "\n") + "\n"
  }
}
