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

  /// A run of these parts.
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
  /// How it ended.
  public var status: RunRecord.Status
  /// What the recipe's table is made of.
  public var results: Row
  /// Where and why, if the run diverged.
  public var reason: String?
  /// Seconds and rates: never compared.
  public var timing: Row

  /// An end with its results.
  public init(_ status: RunRecord.Status = .finished, results: Row, reason: String? = nil, timing: Row = [:]) {
    self.status = status
    self.results = results
    self.reason = reason
    self.timing = timing
  }
}
