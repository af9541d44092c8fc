import Foundation
import TestSupport
import Testing

@testable import Lab
@testable import Recipes

@Suite struct ExperimentTests {
  private func run(
    scale: String = "small", seed: Int = 0, rate: Double = 0.1, data: String = "mnist-5k", digest: String? = "aa"
  ) throws -> FinishedRun {
    var recipe = try ResolvedRecipe("table8", at: .small)
    try recipe.set([
      ("seeds", "\(seed)"), ("optimizer.learningRate", "\(rate)"), ("data.name", data), ("variants", "relu"),
    ])
    var run = FinishedRun(
      recipe: "table8", scale: scale, labels: ["variant": "relu", "method": "idinit", "seed": .int(seed)],
      settings: recipe.settings, status: .finished, results: ["testAccuracy": 0.9])
    run.data = digest.map { DataNote(trainSHA256: $0, testSHA256: $0) }
    return run
  }

  @Test func seedsAreOneExperiment() throws {
    let groups = try Experiment.groups([run(seed: 0), run(seed: 1), run(seed: 2, digest: nil)])
    #expect(groups.map(\.runs.count) == [3])
    #expect(groups[0].differences.isEmpty)
    #expect(groups[0].recipe.scale == .small)
  }

  @Test func otherSettingsAreOtherExperiments() throws {
    let groups = try Experiment.groups([run(), run(scale: "paper"), run(rate: 0.2), run(seed: 1), run(digest: "bb")])
    #expect(groups.map(\.runs.count) == [2, 1, 1, 1])
    func text(_ index: Int) -> String {
      groups[index].differences.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    #expect(
      text(0) == "scale small, optimizer.learningRate 0.1, dataSHA256.train aa, dataSHA256.test aa", "\(text(0))")
    #expect(text(1).hasPrefix("scale paper, optimizer.learningRate 0.1"))
    #expect(text(2).hasPrefix("scale small, optimizer.learningRate 0.2"))
    #expect(text(3).hasSuffix("dataSHA256.train bb, dataSHA256.test bb"))
  }

  @Test func theSameRunTwiceIsNoSecondSeed() throws {
    let groups = try Experiment.groups([run(), run(), run(seed: 1)])
    #expect(groups.map(\.runs.count) == [2])
    #expect(groups[0].repeated.count == 1)
  }

  /// By the recipe's methods and seeds, not by the names of folders; what the recipe does not name comes last.
  @Test func runsAreInTheRecipesOrder() throws {
    let methods = ["zero-gamma", "zero-hadamard", "fixup", "skipinit", "rezero", "kaiming", "idinit", "xavier"]
    let all = try ["adam", "sgd"].flatMap { variant in
      try methods.sorted().flatMap { method in
        try [10, 2, 0].map { seed in
          var recipe = try ResolvedRecipe("table2-resnet56", at: .small)
          try recipe.set([("variants", variant), ("methods", method), ("seeds", "\(seed)")])
          return FinishedRun(
            recipe: "table2-resnet56", scale: "small",
            labels: ["variant": .string(variant), "method": .string(method), "seed": .int(seed)],
            settings: recipe.settings, status: .finished, results: [:])
        }
      }
    }
    let runs = try #require(try Experiment.groups(all).first).runs
    #expect(runs.count == all.count)
    #expect(runs.prefix(24).allSatisfy { $0.label("variant") == "sgd" })
    #expect(stride(from: 0, to: 24, by: 3).map { runs[$0].label("method") } == methods)
    // Seeds that the paper's settings have come first, the others as they were found.
    #expect(runs.prefix(3).map { $0.label("seed") } == ["0", "2", "10"])
  }

  @Test func otherDataThanThePapersIsMarked() throws {
    let group = try #require(try Experiment.groups([run()]).first)
    #expect(group.recipe.table(group.runs).notes.contains { $0.contains("On mnist-5k, not on the paper's mnist") })
    let runs = try (0..<2).flatMap { seed -> [FinishedRun] in
      var theirs = try run(seed: seed)
      theirs.labels["method"] = "default"
      return [try run(seed: seed), theirs]
    }
    #expect(group.recipe.verdict(runs).reason.hasPrefix("On mnist-5k, not on the paper's mnist: "))
    let paper = try #require(try Experiment.groups([run(scale: "paper", data: "mnist")]).first)
    #expect(!paper.recipe.table(paper.runs).notes.contains { $0.contains("not on the paper's") })
  }

  /// The images' pixels decide, not how many there are; a record that does not say is taken at its data set's name.
  @Test(arguments: [nil, true, false] as [Bool?], [10_000, 50_000])
  func otherFilesThanTheOfficialOnesAreMarked(isOfficial: Bool?, count: Int) throws {
    var recipe = try ResolvedRecipe("table4", at: .paper)
    try recipe.set([("data.trainCount", "\(count)"), ("seeds", "0")])
    var run = FinishedRun(
      recipe: "table4", scale: "paper", labels: ["method": "idinit", "seed": 0], settings: recipe.settings,
      status: .finished, results: ["testAccuracy": 0.9, "testCount": 10_000])
    run.data = DataNote(trainSHA256: "aa", testSHA256: "aa", isOfficial: isOfficial)
    let images = "\(ProgressText.thousands(Double(count))) images of cifar10"
    let files = isOfficial == false ? " from other files than the official ones" : ""
    let less = count < 50_000 ? ", not on the paper's 50,000" : ""
    let expected = files.isEmpty && less.isEmpty ? nil : "On \(images)\(files)\(less): "
    #expect(recipe.table([run]).notes.contains { $0.contains(expected ?? "On ") } == (expected != nil))
    let judged = ["idinit-centre-tap-zero", "idinit-centre-tap", "idinit-zero", "idinit"].flatMap { method in
      (0..<2).map { seed in
        var run = run
        run.labels = ["method": .string(method), "seed": .int(seed)]
        return run
      }
    }
    #expect(recipe.verdict(judged).reason.hasPrefix(expected ?? "On ") == (expected != nil))
    // Where nothing is judged there is nothing to qualify.
    #expect(recipe.verdict([run]).sentence == "not judged: not all four settings were run.")
  }

  /// Records of a program that did not note whether data is official go with those of one that does.
  @Test func whatIsKnownOfDataDoesNotSplitAnExperiment() throws {
    var (older, newer) = (try run(seed: 0), try run(seed: 1))
    newer.data?.isOfficial = false
    #expect(try Experiment.groups([older, newer]).map(\.runs.count) == [2])
    older.data?.trainSHA256 = "bb"
    #expect(try Experiment.groups([older, newer]).map(\.runs.count) == [1, 1])
  }
}

@Suite struct DocumentationTests {
  /// The table between the markers is `idinit-lab list` in Markdown.
  @Test func theReadmeListsEveryRecipe() throws {
    let text = try String(contentsOf: packageFolder.appendingPathComponent("README.md"), encoding: .utf8)
    let start = try #require(text.range(of: "<!-- recipes"))
    let rest = text[start.upperBound...]
    let end = try #require(rest.range(of: "<!-- /recipes -->"))
    let lines = rest[..<end.lowerBound].split(separator: "\n").dropFirst().map(String.init)
    let expected =
      ["| recipe | in the paper | what |", "| --- | --- | --- |"]
      + RecipeRegistry.all.map { "| `\($0.card.id)` | \($0.card.locus), \($0.card.section) | \($0.card.title) |" }
    #expect(lines == expected)
  }
}
