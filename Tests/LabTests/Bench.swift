import Foundation
import TestSupport

@testable import Lab
@testable import Recipes

/// Runs of the recipe table8 at its smallest scale, in this process.
struct Bench {
  let folder: TemporaryFolder
  var recipe: ResolvedRecipe

  init(_ changes: [(key: String, text: String)] = []) throws {
    folder = try TemporaryFolder()
    recipe = try ResolvedRecipe("table8", at: .smoke)
    try recipe.set(
      [("variants", "relu"), ("methods", "idinit"), ("network.hiddenWidth", "24"), ("training.batchSize", "64")]
        + changes)
  }

  /// With `stopAfter`, a stop is asked for at the so-many-th look at the signal, once a step.
  func run(
    stopAfter: Int? = nil, checkpointSeconds: Double = 1e9, with change: (inout RunOptions) -> Void = { _ in }
  ) throws -> [FinishedRun] {
    var options = RunOptions(out: folder.url)
    options.threads = 1
    options.checkpointSeconds = checkpointSeconds
    change(&options)
    if let stopAfter {
      let counter = Counter()
      options.stop = StopSignal { counter.next() > stopAfter }
    }
    return try RunQueue(options).perform(recipe.runs(), recipe: "table8", about: recipe.about)
  }

  func file(_ name: String, of run: String = "relu-idinit-seed0") throws -> Data {
    try Data(contentsOf: folder.url.appendingPathComponent(run).appendingPathComponent(name))
  }

  func url(_ name: String, of run: String = "relu-idinit-seed0") -> URL {
    folder.url.appendingPathComponent(run).appendingPathComponent(name)
  }

  /// Changes a member of a JSON file of the run; nil removes it.
  func change(_ file: String, _ key: String, to value: JSONValue?) throws {
    var json = try JSONValue(parsing: Data(contentsOf: url(file)))
    json[key] = value
    try Data(json.pretty.utf8).write(to: url(file))
  }

  func comparable() throws -> String {
    MetricsLog.comparable(String(decoding: try file("metrics.jsonl"), as: UTF8.self))
  }
}

// Only ever used by the one thread that runs.
final class Counter: @unchecked Sendable {
  private var count = 0
  func next() -> Int {
    count += 1
    return count
  }
}
