import Foundation

/// A unit of work with a record of its own: one training of a grid, or one part of an analysis.
public struct PlannedRun {
  /// The folder's name: `relu-idinit-seed0`.
  public var name: String
  /// What tells this run from the others of its recipe, in order: variant, method, seed …
  public var labels: Row
  /// Every setting of this run, narrowed to it: a run that is alone in its settings has the same record as the same
  /// run in a larger grid, so a grid can grow without repeating what is done.
  public var settings: JSONValue
  /// Does the work.
  public var body: (RunContext) throws -> RunOutcome

  public init(
    name: String, labels: Row, settings: JSONValue, body: @escaping (RunContext) throws -> RunOutcome
  ) {
    self.name = name
    self.labels = labels
    self.settings = settings
    self.body = body
  }
}

/// How a run ended.
public struct RunOutcome {
  public var status: RunRecord.Status
  /// What the recipe's table is made of.
  public var results: Row
  /// Where and why, if the run diverged.
  public var reason: String?
  /// Seconds and rates: never compared.
  public var timing: Row

  public init(_ status: RunRecord.Status = .finished, results: Row, reason: String? = nil, timing: Row = [:]) {
    self.status = status
    self.results = results
    self.reason = reason
    self.timing = timing
  }
}

/// A run that is on disk, with what it ended with.
public struct FinishedRun: Sendable {
  public var folder: URL
  public var recipe: String
  /// The scale that the recipe was run at: `smoke`, `small`, `paper`.
  public var scale: String
  public var labels: Row
  public var settings: JSONValue
  public var status: RunRecord.Status
  public var results: Row
  public var reason: String?
  /// The data that it was made with, if it has noted any.
  public var data: DataNote?

  public init(_ record: RunRecord) throws(LabError) {
    let summary = try record.summary()
    data = try record.json(EnvironmentRecord.file)?["data"].map(DataNote.init)
    folder = record.folder
    recipe = record.recipe
    scale = record.identity["scale"]?.text ?? ""
    labels = record.labels
    settings = record.settings
    status = try record.status()
    results = Row(summary?["results"])
    reason = summary?["reason"]?.text
  }

  public init(
    recipe: String, scale: String = "paper", labels: Row, settings: JSONValue = [:], status: RunRecord.Status,
    results: Row
  ) {
    folder = URL(fileURLWithPath: "/")
    self.recipe = recipe
    self.scale = scale
    self.labels = labels
    self.settings = settings
    self.status = status
    self.results = results
  }

  public func label(_ name: String) -> String {
    guard let value = labels[name] else { return "" }
    return value.text ?? value.line
  }
}
