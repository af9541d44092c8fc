import Datasets
import Foundation
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

/// Tables 5 and 7 at their smallest scale, in this process.
@Suite struct SentenceTrainingTests {
  static let recipes = RecipeRegistry.ids.filter { $0.hasPrefix("table5-") || $0.hasPrefix("table7-") }

  private func runs(
    _ id: String, in folder: URL, _ changes: [(key: String, text: String)] = [("methods", "idinit")],
    stopAfter: Int? = nil
  ) throws -> [FinishedRun] {
    var recipe = try ResolvedRecipe(id, at: .smoke)
    try recipe.set(changes)
    var options = RunOptions(out: folder)
    options.threads = 1
    options.checkpointSeconds = 1e9
    if let stopAfter {
      let counter = Counter()
      options.stop = StopSignal { counter.next() > stopAfter }
    }
    return try RunQueue(options).perform(recipe.runs(), recipe: id, about: recipe.about)
  }

  private func text(_ name: String, in folder: TemporaryFolder) throws -> Data {
    try Data(contentsOf: folder.url.appendingPathComponent("random-idinit-seed0").appendingPathComponent(name))
  }

  @Test func nineRowsOfTwoTables() { #expect(Self.recipes.count == 9) }

  /// Also where the stop is in the middle of an epoch, whose odd batch may be anywhere.
  @Test(arguments: recipes.filter { $0.contains("sst2") }, [1, 5, 9, 13]) func aStoppedRunGoesOnToTheSameNumbers(
    _ id: String, _ step: Int
  ) throws {
    let (whole, parts) = (try TemporaryFolder(), try TemporaryFolder())
    // 90 sentences in batches of 8: the odd batch has 2.
    let changes: [(key: String, text: String)] = [("methods", "idinit"), ("training.batchSize", "8")]
    _ = try runs(id, in: whole.url, changes)
    #expect(throws: LabError.self) { try runs(id, in: parts.url, changes, stopAfter: step) }
    _ = try runs(id, in: parts.url, changes)
    func metrics(_ folder: TemporaryFolder) throws -> String {
      MetricsLog.comparable(String(decoding: try text("metrics.jsonl", in: folder), as: UTF8.self))
    }
    #expect(try metrics(parts) == metrics(whole))
    #expect(try text("model.safetensors", in: parts) == text("model.safetensors", in: whole))
  }

  /// Made-up sentences can be told apart by their words alone: every network learns them from every start.
  @Test(arguments: recipes.filter { $0.contains("trec6") }) func everyStartLearns(_ id: String) throws {
    let folder = try TemporaryFolder()
    let rate = id.hasSuffix("transformer") ? "0.01" : "1"
    let finished = try runs(
      id, in: folder.url,
      [("training.epochs", "12"), ("optimizer.learningRate", rate), ("network.dropout", "0")])
    #expect(finished.count == (id.hasSuffix("textcnn") ? 4 : 3))
    for run in finished {
      let accuracy = try #require(run.results.number("testAccuracy"))
      #expect(accuracy > 0.9, "\(run.labels.json.line): \(accuracy)")
      #expect(run.environment?["vectors"]?["wordsSHA256"]?.text?.count == 64)
      #expect(run.environment?["data"]?["name"]?.text == "synthetic-sentences")
    }
  }

  @Test func whatMattersMatters() throws {
    let changes: [(key: String, text: String)?] = [
      nil, ("network.dropout", "0"), ("seeds", "1"), ("data.unknownBound", "0.5"), ("data.dimension", "8"),
      ("network.hidden", "9"), ("optimizer.rho", "0.8"), ("training.batchSize", "9"), ("methods", "kaiming"),
    ]
    let ends = try changes.map { change -> Double in
      let folder = try TemporaryFolder()
      let base: [(key: String, text: String)] = change?.key == "methods" ? [] : [("methods", "idinit")]
      let run = try runs("table5-sst2-textcnn", in: folder.url, base + [change].compactMap { $0 }).first
      return try #require(run?.results.number("trainLoss"))
    }
    #expect(Set(ends).count == ends.count)
  }

  @Test func settingsThatCannotWorkAreRefused() throws {
    for (id, key, value, says) in [
      ("table5-sst2-textcnn", "network.heads", "3", "network.heads is 3; expected 0: this network has none"),
      ("table5-sst2-textrnn", "network.context", "0", "network.context is 0; expected a whole number of 1 or more"),
      ("table5-sst2-transformer", "network.heads", "5", "network.heads is 5; expected a divisor of data.dimension, 12"),
      ("table5-sst2-textcnn", "vectors", "glove", "vectors is glove; expected random, for made-up sentences"),
      ("table5-sst2-textcnn", "data.unknownBound", "0", "data.unknownBound is 0"),
      ("table5-sst2-textcnn", "network.dropout", "1", "network.dropout is 1"),
      ("table5-sst2-transformer", "optimizer.rho", "0.9", "optimizer.rho is 0.9; expected 0: Adam has none"),
    ] {
      let folder = try TemporaryFolder()
      let error = #expect(throws: (any Error).self) { try runs(id, in: folder.url, [(key, value)]) }
      #expect(error.map { "\($0)" }?.contains(says) == true, "\(error.map { "\($0)" } ?? "")")
      #expect((error as? LabError)?.kind == .usage, "\(key)")
    }
  }

  @Test func vectorsThatAreNotThereAreNamed() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("data/sst2"), withIntermediateDirectories: true)
    for name in ["train.txt", "dev.txt", "test.txt"] {
      try Data("1 a good film\n0 a bad film\n".utf8).write(to: folder.url.appendingPathComponent("data/sst2/\(name)"))
    }
    var recipe = try ResolvedRecipe("table5-sst2-textcnn", at: .small)
    try recipe.set([("methods", "idinit"), ("seeds", "0"), ("vectors", "glove")])
    var options = RunOptions(out: folder.url.appendingPathComponent("runs"))
    options.dataFolder = folder.url.appendingPathComponent("data").path
    let error = #expect(throws: (any Error).self) {
      try RunQueue(options).perform(recipe.runs(), recipe: "table5-sst2-textcnn", about: recipe.about)
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("GloVe's vectors") && text.contains("glove.6B.50d.txt"), "\(text)")
  }
}
