import Foundation
import IDInit
import Networks
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

/// Figure 9 at its smallest scale, in this process.
@Suite struct PreTrainingTests {
  private func runs(
    in folder: URL, _ changes: [(key: String, text: String)] = [("methods", "idinit")], stopAfter: Int? = nil
  ) throws -> [FinishedRun] {
    var recipe = try ResolvedRecipe("figure9-bert", at: .smoke)
    try recipe.set(changes)
    var options = RunOptions(out: folder)
    options.threads = 1
    options.checkpointSeconds = 1e9
    if let stopAfter {
      let counter = Counter()
      options.stop = StopSignal { counter.next() > stopAfter }
    }
    return try RunQueue(options).perform(recipe.runs(), recipe: "figure9-bert", about: recipe.about)
  }

  private func text(_ name: String, in folder: TemporaryFolder) throws -> Data {
    try Data(contentsOf: folder.url.appendingPathComponent("idinit-seed0").appendingPathComponent(name))
  }

  @Test(arguments: [1, 2, 3, 7]) func aStoppedRunGoesOnToTheSameNumbers(_ step: Int) throws {
    let (whole, parts) = (try TemporaryFolder(), try TemporaryFolder())
    _ = try runs(in: whole.url)
    #expect(throws: LabError.self) { try runs(in: parts.url, stopAfter: step) }
    _ = try runs(in: parts.url)
    func metrics(_ folder: TemporaryFolder) throws -> String {
      MetricsLog.comparable(String(decoding: try text("metrics.jsonl", in: folder), as: UTF8.self))
    }
    #expect(try metrics(parts) == metrics(whole))
    #expect(try text("model.safetensors", in: parts) == text("model.safetensors", in: whole))
  }

  /// Dropout is part of it: without, the numbers are others, and so they are with another seed.
  @Test func whatMattersMatters() throws {
    let changes: [(key: String, text: String)?] = [
      nil, ("network.dropout", "0"), ("network.attentionDropout", "0"), ("seeds", "1"),
      ("optimizer.weightDecay", "0.5"),
      ("training.warmup", "0"), ("start.std", "0.1"), ("data.copies", "3"),
    ]
    let ends = try changes.map { change -> Double in
      let folder = try TemporaryFolder()
      let run = try runs(in: folder.url, [("methods", "idinit")] + [change].compactMap { $0 }).first
      return try #require(run?.results.number("trainLoss"))
    }
    #expect(Set(ends).count == ends.count)
  }

  @Test func rowsCountStepsAndOperations() throws {
    let folder = try TemporaryFolder()
    let run = try #require(try runs(in: folder.url).first), rows = try run.metrics()
    // Five special pieces, a full stop, 8 common and 15 other words.
    let configuration = Figure9.settings(at: .smoke).configuration(vocabularyCount: 29)
    let step = configuration.trainingFLOPs(texts: 8, length: 24, predictions: 4)
    let steps: [Double?] = [0, 2, 4, 6, 8]
    #expect(rows.map { $0.number("step") } == steps)
    #expect(rows.map { $0.number("flops") } == steps.map { $0.map { $0 * step } })
    for row in rows {
      let parts = try #require(row.number("testMaskedLoss")) + #require(row.number("testNextLoss"))
      #expect(abs(try #require(row.number("testLoss")) - parts) < 1e-6)
    }
    // Embeddings of 0.02 and a classifier near 0: next to nothing is known of either.
    let first = try #require(rows.first?.number("testLoss")), guess = log(29.0) + log(2.0)
    #expect(abs(first - guess) < 0.1)
    #expect(run.results["trainLossByEpoch"]?.elements?.count == 4)
    #expect(run.environment?["data"]?["trainSHA256"]?.text?.count == 64)
  }

  @Test func bothStartsHaveTheSameEmbeddings() throws {
    func network(_ method: String, seed: UInt64 = 4) throws -> BERTForPreTraining {
      let network = try BERTForPreTraining(.small)
      try network.initialize(by: try Figure9.plan(of: network, method: method, std: 0.02, seed: seed))
      return network
    }
    let (ours, theirs, other) = (try network("idinit"), try network("default"), try network("default", seed: 5))
    for (name, parameter) in ours.parameters {
      let same = try #require(theirs.parameters[name])
      guard name.contains("embeddings.weight") || name.contains("decoder.weight") else {
        if parameter.shape.count > 1 { #expect(try !parameter.isEqual(to: same), "\(name)") }
        continue
      }
      #expect(try parameter.isEqual(to: same), "\(name)")
      #expect(try !same.isEqual(to: #require(other.parameters[name])), "\(name)")
    }
    // BERT's own: N(0, 0.02) everywhere; of 65,536 elements the deviation is known to 0.3 % (standard error).
    for (name, parameter) in theirs.parameters where parameter.shape.count > 1 && parameter.elementCount >= 65_536 {
      let values = try parameter.detached()
      let (mean, deviation) = (try values.mean().item(), try values.standardDeviation().item())
      let error = 0.02 / Double(values.elementCount).squareRoot()
      #expect(abs(mean) < 5 * error, "\(name)")
      #expect(abs(deviation / 0.02 - 1) < 0.02, "\(name)")
    }
    for (name, parameter) in theirs.parameters where name.hasSuffix("bias") {
      #expect(try parameter.detached().abs().max().item() == 0, "\(name)")
    }
  }

  @Test func settingsThatCannotWorkAreRefused() throws {
    for (key, value, says) in [
      ("network.heads", "3", "network.width is 16; expected a multiple of network.heads, 3"),
      ("training.steps", "7", "training.steps is 7; expected a multiple of training.stepsPerEpoch, 2"),
      ("training.smoothedSteps", "3", "training.smoothedSteps is 3; expected a multiple"),
      ("training.smoothedSteps", "10", "training.smoothedSteps is 10; expected a multiple"),
      ("training.warmup", "8", "training.warmup is 8; expected a whole number from 0 to 7"),
      ("data.trainFiles", "mine.txt", "expected [\"train.txt\"] where data.name is synthetic-text"),
      ("data.predictions", "25", "data.predictions is 25"), ("network.dropout", "1", "network.dropout is 1"),
      ("start.std", "0", "start.std is 0"),
    ] {
      var recipe = try ResolvedRecipe("figure9-bert", at: .smoke)
      let error = #expect(throws: LabError.self) { try recipe.set([(key, value)]) }
      #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    }
    // Held-out texts that are not there are known only once the texts are.
    let folder = try TemporaryFolder()
    let error = #expect(throws: LabError.self) { try runs(in: folder.url, [("training.testCount", "9999")]) }
    #expect(error?.message.contains("testCount is 9999; expected 1 to ") == true, "\(error?.message ?? "")")
  }

  @Test func aTextThatIsNotThereIsNamed() throws {
    let folder = try TemporaryFolder()
    var recipe = try ResolvedRecipe("figure9-bert", at: .small)
    try recipe.set([("methods", "idinit")])
    var options = RunOptions(out: folder.url.appendingPathComponent("runs"))
    options.dataFolder = folder.url.path
    let error = #expect(throws: (any Error).self) {
      try RunQueue(options).perform(recipe.runs(), recipe: "figure9-bert", about: recipe.about)
    }
    #expect(error.map { "\($0)" }?.contains("the vocabulary of BERT") == true, "\(String(describing: error))")
  }
}

@Suite struct ExampleDrawsTests {
  @Test func everyExampleIsMetAsOftenAsAnyOther() {
    var draws = ExampleDraws(count: 7, seed: 3, from: 0)
    let passes: [[Int]] = (0..<10).map { _ in draws.next(7) }
    for pass in passes { #expect(pass.sorted() == Array(0..<7)) }
    #expect(Set(passes).count > 8)
  }

  @Test func anyPlaceCanBeBegunAt() {
    var whole = ExampleDraws(count: 7, seed: 3, from: 0)
    let all = whole.next(50)
    for place in [0, 1, 6, 7, 8, 30] {
      var part = ExampleDraws(count: 7, seed: 3, from: place)
      #expect(part.next(20) == Array(all[place..<place + 20]))
    }
    var other = ExampleDraws(count: 7, seed: 4, from: 0)
    #expect(other.next(50) != all)
  }
}
