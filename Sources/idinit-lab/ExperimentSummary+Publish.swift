import Foundation
import Lab
import Recipes

extension ExperimentSummary {
  /// Fills `folder/<recipe>/` with what is worth keeping: `results.csv`, the resolved `recipe.json` with the verdict,
  /// `environment.json`, `metrics.csv` with every line of every run, the runs' own tables as `RUN-NAME.csv`, and
  /// `runs.jsonl`, from which all of it can be made again (`PublishedRuns`).
  ///
  /// Nothing in it names a place of this machine. `environment.json` is the first run's; those that say something else
  /// are in its member `others`, by run. Tables of an earlier publishing go.
  func publish(to folder: URL) throws(LabError) {
    let place = folder.appendingPathComponent(recipe.card.id)
    try Disk.makeFolder(place, advice: "choose another --results")
    var files: [(name: String, text: String)] = [
      ("results.csv", recipe.table(ended).csv), ("recipe.json", resolved.pretty),
      (PublishedRuns.file, try PublishedRuns.text(ended)),
    ]
    if let environment = environments() { files.append(("environment.json", environment.pretty)) }
    var lines: [Row] = []
    for run in ended {
      lines += try run.metrics().map(run.labels.appending)
      files += try run.tables().map { (PublishedRuns.table($0.name, of: run.name), $0.text) }
    }
    files.append(("metrics.csv", ResultTable(title: "", columns: [], rows: lines).csv))
    for file in files { try Output.write(file.text, to: place.appendingPathComponent(file.name)) }
    for stale in try Disk.names(in: place) where stale.hasSuffix(".csv") && !files.contains(where: { $0.name == stale })
    {
      do {
        try FileManager.default.removeItem(at: place.appendingPathComponent(stale))
      } catch {
        throw LabError(.io, "cannot remove \(place.path)/\(stale): \(error.localizedDescription)")
      }
    }
  }

  private var resolved: JSONValue {
    let verdict = recipe.verdict(ended)
    var value: JSONValue = [
      "recipe": .string(recipe.card.id), "settings": recipe.settings,
      "verdict": ["status": .string(verdict.status.rawValue), "reason": .string(verdict.text)],
    ]
    for member in recipe.about.members ?? [] { value[member.key] = member.value }
    return value
  }

  private func environments() -> JSONValue? {
    var first: JSONValue?
    var others: JSONValue = .object([])
    for run in ended {
      guard let environment = run.publishedEnvironment else { continue }
      if let first {
        if !Self.isSame(first, environment) { others[run.name] = environment }
      } else {
        first = environment
      }
    }
    if others.members?.isEmpty == false { first?["others"] = others }
    return first
  }

  /// Whether two runs were made alike; when does not count.
  private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
    func core(_ environment: JSONValue) -> JSONValue {
      var core = environment
      for key in ["started", "resumed"] { core[key] = nil }
      return core
    }
    return core(one).means(core(other))
  }
}
