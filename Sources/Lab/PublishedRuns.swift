import Foundation

/// `runs.jsonl` in a folder of published results: a line a run, with all that tables, verdicts and reports are made of.
///
/// So published results can be compared with new runs and judged anew after the records that they came from are gone.
/// A line has `name`, `recipe`, `scale`, `run` (its labels), `settings`, `status`, `reason`, `results`, `environment`,
/// `metrics`, `plan` (its rows, counted) where it initialised a network, and `tables` where the run has some of its own,
/// which stand beside it as ``table(_:of:)`` says.
public enum PublishedRuns {
  /// The file's name.
  public static let file = "runs.jsonl"

  static func areIn(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path)
  }

  /// The file, beside this one, of a table of a run.
  public static func table(_ table: String, of run: String) -> String { "\(run)-\(table)" }

  /// - Parameter runs: Runs of one recipe.
  /// - Returns: The text of the file.
  /// - Throws: `LabError` (`.data`, `.io`) if what they measured cannot be read.
  public static func text(_ runs: [FinishedRun]) throws(LabError) -> String {
    var text = ""
    for run in runs {
      var line: JSONValue = [
        "name": .string(run.name), "recipe": .string(run.recipe), "scale": .string(run.scale), "run": run.labels.json,
        "settings": run.settings, "status": .string(run.status.rawValue),
      ]
      if let reason = run.reason { line["reason"] = .string(reason) }
      line["results"] = run.results.json
      if let environment = run.publishedEnvironment { line["environment"] = environment }
      line["metrics"] = .array(try run.metrics().map(\.json))
      let plan = try run.plan()
      if !plan.isEmpty { line["plan"] = .array(plan.map(\.json)) }
      let tables = try run.tables()
      if !tables.isEmpty { line["tables"] = .array(tables.map { .string($0.name) }) }
      text += line.line + "\n"
    }
    return text
  }

  /// - Parameter folder: A folder of published results.
  /// - Returns: Its runs, in order.
  /// - Throws: `LabError`: `.io` if the file cannot be read; `.data`, naming the line, if one is not as ``text(_:)`` writes it.
  public static func read(_ folder: URL) throws(LabError) -> [FinishedRun] {
    let url = folder.appendingPathComponent(file)
    let lines = try Disk.read(url).split(separator: UInt8(ascii: "\n"))
    var runs: [FinishedRun] = []
    for (index, line) in lines.enumerated() {
      guard let value = try? JSONValue(parsing: Data(line)), let run = run(value, in: folder) else {
        throw LabError(
          .data,
          "\(url.path), line \(index + 1): expected a JSON object of a run, with name, recipe, run, settings, status, "
            + "results and metrics")
      }
      runs.append(run)
    }
    return runs
  }

  private static func run(_ value: JSONValue, in folder: URL) -> FinishedRun? {
    guard let name = value["name"]?.text, let recipe = value["recipe"]?.text,
      let status = value["status"]?.text.flatMap(RunRecord.Status.init(rawValue:)), value["run"]?.members != nil,
      let settings = value["settings"], settings.members != nil, value["results"]?.members != nil,
      let metrics = value["metrics"]?.elements, metrics.allSatisfy({ $0.members != nil })
    else { return nil }
    var run = FinishedRun(
      recipe: recipe, scale: value["scale"]?.text ?? "", labels: Row(value["run"]), settings: settings, status: status,
      results: Row(value["results"]))
    run.name = name
    run.place = "\(folder.path) (\(name))"
    run.reason = value["reason"]?.text
    run.environment = value["environment"]
    run.data = run.environment?["data"].map(DataNote.init)
    // A name that leads out of the folder is none that we wrote.
    let tables = (value["tables"]?.elements ?? []).map { $0.text ?? "" }
    guard tables.allSatisfy({ !$0.isEmpty && !$0.contains("/") }), !name.contains("/") else { return nil }
    let plan = value["plan"]?.elements ?? []
    guard value["plan"] == nil || value["plan"]?.elements != nil, plan.allSatisfy({ $0.members != nil }) else {
      return nil
    }
    run.source = .published(
      folder, metrics: metrics.map { Row($0) }, tables: tables, plan: plan.map { Row($0) })
    return run
  }
}

extension FinishedRun {
  /// Its environment without the command, which names places on the machine; the settings say what was run.
  public var publishedEnvironment: JSONValue? {
    var environment = environment
    environment?["command"] = nil
    return environment
  }
}
