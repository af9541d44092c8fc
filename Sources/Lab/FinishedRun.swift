import Foundation

/// A run with what it ended with, as tables, verdicts and reports see it: of a record, or of published results.
public struct FinishedRun: Sendable {
  /// The name of its folder: `relu-idinit-seed0`.
  public var name: String
  /// Where it was found, for people.
  public var place: String
  /// The recipe's name.
  public var recipe: String
  /// The scale that the recipe was run at: `smoke`, `small`, `paper`.
  public var scale: String
  /// What tells this run from the others of its recipe, in order.
  public var labels: Row
  /// Every setting of this run.
  public var settings: JSONValue
  /// How it ended.
  public var status: RunRecord.Status
  /// What it ended with.
  public var results: Row
  /// Where and why, if it diverged.
  public var reason: String?
  /// What its `environment.json` says; nil where there is none.
  public var environment: JSONValue?
  /// The data that it was made with, if it has noted any.
  public var data: DataNote?

  var source: Source?

  /// Where the rest of it is.
  enum Source: Sendable {
    case record(URL)
    /// A folder of published results, with the lines that the run measured and the names of its own tables.
    case published(URL, metrics: [Row], tables: [String], plan: [Row])
  }

  /// Reads what a record says of its run.
  ///
  /// - Parameter record: The record; its run may still be unfinished.
  /// - Throws: `LabError` (`.data`, `.io`) if one of its files cannot be read.
  public init(_ record: RunRecord) throws(LabError) {
    let summary = try record.summary()
    self.init(
      recipe: record.recipe, scale: record.identity["scale"]?.text ?? "", labels: record.labels,
      settings: record.settings, status: try record.status(), results: Row(summary?["results"]))
    name = record.folder.lastPathComponent
    place = record.folder.path
    reason = summary?["reason"]?.text
    environment = try record.json(EnvironmentRecord.file)
    data = environment?["data"].map(DataNote.init)
    source = .record(record.folder)
  }

  /// A run that is on no disk, of these parts.
  public init(
    recipe: String, scale: String = "paper", labels: Row, settings: JSONValue = [:], status: RunRecord.Status,
    results: Row
  ) {
    name = labels.cells.map { $0.value.text ?? $0.value.line }.joined(separator: "-")
    place = name
    self.recipe = recipe
    self.scale = scale
    self.labels = labels
    self.settings = settings
    self.status = status
    self.results = results
  }

  /// A label's text, by its name; empty if there is none.
  public func label(_ name: String) -> String {
    guard let value = labels[name] else { return "" }
    return value.text ?? value.line
  }

  // MARK: The rest of it

  /// What it measured, a row an epoch or step; without timing, which no two runs have in common.
  ///
  /// - Returns: The rows of its metrics, in order.
  /// - Throws: `LabError` (`.data`, `.io`) if they cannot be read.
  public func metrics() throws(LabError) -> [Row] {
    switch source {
    case .record(let folder):
      var rows = try RunRecord.open(at: folder).metrics.rows()
      for index in rows.indices { rows[index]["timing"] = nil }
      return rows
    case .published(_, let metrics, _, _): return metrics
    case nil: return []
    }
  }

  /// What its parameters started from: a row for every role and rule (`role`, `rule`, `gain`, `epsilon`, `tensors`,
  /// `values`).
  ///
  /// - Returns: The rows; none where it has initialised no network, or was published before plans were.
  /// - Throws: `LabError` (`.data`, `.io`) if its plan cannot be read.
  public func plan() throws(LabError) -> [Row] {
    switch source {
    case .record(let folder): return try PlanSummary.rows(at: folder.appendingPathComponent(PlanSummary.file))
    case .published(_, _, _, let plan): return plan
    case nil: return []
    }
  }

  /// The tables that an analysis wrote beside its results.
  ///
  /// - Returns: Each one's file name in a record (`contour.csv`) and its text, by name.
  /// - Throws: `LabError` (`.io`) if they cannot be read.
  public func tables() throws(LabError) -> [(name: String, text: String)] {
    func text(_ file: String, in folder: URL) throws(LabError) -> String {
      String(decoding: try Disk.read(folder.appendingPathComponent(file)), as: UTF8.self)
    }
    var tables: [(name: String, text: String)] = []
    switch source {
    case .record(let folder):
      for file in try Disk.names(in: folder) where file.hasSuffix(".csv") {
        tables.append((file, try text(file, in: folder)))
      }
    case .published(let folder, _, let names, _):
      for file in names { tables.append((file, try text(PublishedRuns.table(file, of: name), in: folder))) }
    case nil: break
    }
    return tables
  }

  // MARK: Finding

  /// What is in a folder.
  public struct Found: Sendable {
    /// The runs, in the order in which they were found.
    public var runs: [FinishedRun] = []
    /// Published results without a `runs.jsonl`, as an earlier version left them: their runs cannot be read.
    public var withoutRuns: [URL] = []
    /// Why runs that are there are not among ``runs``: each names its file.
    public var problems: [LabError] = []
    /// What people should know of those that are: lines for them.
    public var warnings: [String] = []
  }

  /// The runs in `folder`: of a record, of published results, or of such folders up to two levels below, by path.
  ///
  /// - Parameter folder: Where to look.
  /// - Returns: At least one run; those that cannot be read are among the problems, and hide no other.
  /// - Throws: `LabError`: `.noInput` if there is no run, `.data` or `.io` if none of those that are there can be read.
  public static func find(under folder: URL) throws(LabError) -> Found {
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw LabError(.noInput, "there is no \(folder.path)")
    }
    var found = Found()
    for place in folders(under: folder, levels: 2) {
      do throws(LabError) {
        if PublishedRuns.areIn(place) {
          found.runs += try PublishedRuns.read(place)
        } else if FileManager.default.fileExists(atPath: place.appendingPathComponent("results.csv").path) {
          found.withoutRuns.append(place)
        } else {
          let record = try RunRecord.open(at: place)
          let run = try FinishedRun(record)
          _ = try run.metrics()
          if let half = try record.metrics.halfLine() { found.warnings.append(half) }
          found.runs.append(run)
        }
      } catch {
        found.problems.append(error)
      }
    }
    guard !found.runs.isEmpty else {
      if let problem = found.problems.first { throw problem }
      let old =
        found.withoutRuns.isEmpty ? "" : "; there are results that an earlier version published without their runs"
      throw LabError(
        .noInput,
        "no run in \(folder.path) (a folder with a \(RunRecord.recipeFile) or a \(PublishedRuns.file), at most two levels "
          + "down)\(old)")
    }
    return found
  }

  private static func folders(under folder: URL, levels: Int) -> [URL] {
    let files = FileManager.default
    if PublishedRuns.areIn(folder)
      || files.fileExists(atPath: folder.appendingPathComponent(RunRecord.recipeFile).path)
    {
      return [folder]
    }
    guard levels > 0 else { return [] }
    return ((try? files.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? [])
      .sorted { $0.path.compare($1.path, options: .numeric) == .orderedAscending }
      .flatMap { folders(under: $0, levels: levels - 1) }
  }
}
