import Foundation
import Torch

/// Does planned runs one after the other, each in its record: finished ones are not repeated, unfinished ones go on,
/// a diverged one does not stop the others. A finished run that was made with other data, on another device or with
/// other threads than are asked for is an error: its numbers are not what was asked for.
public struct RunQueue {
  /// How runs are made.
  public var options: RunOptions

  /// A queue that makes runs in this way.
  public init(_ options: RunOptions) { self.options = options }

  /// Does `runs`.
  ///
  /// - Parameters:
  ///   - runs: What to do, in this order.
  ///   - recipe: The recipe's name, part of each record's identity.
  ///   - about: What else `recipe.json` should say (source, deviations …); not part of the identity.
  /// - Returns: What the runs ended with, in their order.
  /// - Throws: `LabError` of kind `.interrupted` after a stop signal, with everything saved; other errors as they
  ///   come, after which no folder is left that was made for a run that never began.
  public func perform(_ runs: [PlannedRun], recipe: String, about: JSONValue) throws -> [FinishedRun] {
    let shelf = DataShelf(options.datasets)
    var folders = NewFolders()
    do {
      return try perform(runs, recipe: recipe, about: about, shelf, &folders)
    } catch {
      // What was stopped goes on; a run that could not even start leaves nothing behind.
      if (error as? LabError)?.kind != .interrupted { folders.removeUnused() }
      throw error
    }
  }

  private func perform(
    _ runs: [PlannedRun], recipe: String, about: JSONValue, _ shelf: DataShelf, _ folders: inout NewFolders
  ) throws -> [FinishedRun] {
    // All records first: one that belongs to another recipe is an error before any work is done.
    var records: [RunRecord] = []
    for run in runs {
      var identity: JSONValue = ["recipe": .string(recipe), "run": run.labels.json, "settings": run.settings]
      for member in about.members ?? [] { identity[member.key] = member.value }
      let folder = options.out.appendingPathComponent(run.name)
      folders.willMake(folder)
      records.append(try RunRecord.create(at: folder, identity: identity))
    }
    var finished: [FinishedRun] = []
    for (offset, (run, record)) in zip(runs, records).enumerated() {
      let context = RunContext(
        run: run, record: record, options: options, index: offset + 1, total: runs.count, shelf: shelf)
      try record.exclusively { try perform(context, shelf) }
      finished.append(try FinishedRun(record))
    }
    return finished
  }

  private func perform(_ context: RunContext, _ shelf: DataShelf) throws {
    let record = context.record
    func warn(_ lines: [String]) { for line in lines { context.report(.warning) { $0.detail = line } } }
    if try record.status() != .unfinished {
      warn(try EnvironmentRecord.checkFinished(record, options: options, shelf: shelf))
      try context.updateEvents()
      context.report(.skipped) { $0.detail = "already finished, not repeated (\(record.folder.path))" }
      return
    }
    try context.stop.check("stopped before \(context.run.name)")
    warn(try EnvironmentRecord.begin(record, options: options))
    let outcome: RunOutcome
    do {
      outcome = try context.run.body(context)
    } catch {
      // Why the run stopped matters more than its event file, which the next run makes again.
      try? context.updateEvents()
      throw error
    }
    try record.finish(outcome.status, results: outcome.results, reason: outcome.reason, timing: outcome.timing)
    try context.updateEvents()
    // What a diverged run last was whole is worth looking at.
    if outcome.status == .finished { try? FileManager.default.removeItem(at: record.checkpointURL) }
    context.report(.ended) {
      $0.fraction = 1
      let loss = outcome.results.number("testLoss").map { "test loss \(ProgressText.short($0))  " } ?? ""
      $0.accuracy = outcome.results.number("testAccuracy")
      $0.detail = loss + (outcome.reason ?? outcome.status.rawValue)
    }
  }
}
