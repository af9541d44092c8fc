import Foundation
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

/// Recipes as subjects of probes.
@Suite struct RecipeProbeTests {
  private static let without = ["figure13", "figure17"]

  /// Every registered recipe gives networks with its own batch, or says why not.
  @Test(arguments: RecipeRegistry.ids) func everyRecipeIsProbedOrSaysWhyNot(_ id: String) throws {
    let recipe = try ResolvedRecipe(id, at: .smoke)
    guard !Self.without.contains(id) else {
      let error = #expect(throws: LabError.self) { try recipe.probed(on: ProbeBench()) }
      #expect(error?.kind == .usage && error?.message.hasPrefix("\(id) cannot be probed: ") == true)
      return
    }
    let probe = try recipe.probed(on: ProbeBench())
    #expect(!probe.subjects.isEmpty && !probe.data.isEmpty)
    #expect(Set(probe.subjects.map(\.method)).count == probe.subjects.count, "\(probe.subjects.map(\.method))")
    let subject = try #require(probe.subjects.first)
    let size = recipe.settings["training"]?["batchSize"]?.number
    #expect(Double(subject.count) == size, "its own batch")
    let result = try StartProbe()(subject)
    #expect(result.summary.number("loss")?.isFinite == true)
    #expect(try SignalProbe()(subject).rows.count >= 2)
  }

  /// Table 8's weights are those that its runs start from, its batch that of their first step.
  @Test func theStartIsThatOfTheRuns() throws {
    let bench = try Bench()
    let runs = try bench.run()
    let probe = try bench.recipe.probed(on: ProbeBench())
    let subject = try #require(probe.subjects.first)
    #expect(probe.subjects.count == 1 && subject.method == "idinit")
    let dataset = try SyntheticDigits.make()
    let loader = try BatchLoader(
      dataset.train, normalization: Normalization(mean: [0.1307], std: [0.3081]), batchSize: 64, order: .shuffled,
      seed: 0)
    let first = try #require(try loader.batches().next())
    #expect(try subject.input.isEqual(to: first.x_NCHW))
    guard case .classes(let labels, count: 10) = subject.target else {
      Issue.record("ten classes were expected")
      return
    }
    #expect(try labels.isEqual(to: first.labels_N))
    #expect(runs.count == 1)
    let plan = try JSONValue(parsing: bench.file("plan.json"))
    #expect(plan["entries"]?.elements?.count == subject.network.parameters.count)
  }

  @Test func whatDiffersIsInTheName() throws {
    var recipe = try ResolvedRecipe("table8", at: .smoke)
    try recipe.set([("methods", "kaiming,idinit"), ("seeds", "0,1")])
    let both = try recipe.probed(on: ProbeBench(batch: 8)).subjects
    #expect(both.map(\.method) == ["tanh kaiming", "tanh idinit", "relu kaiming", "relu idinit"])
    #expect(both[0].count == 8)
    // SGD and Adam start alike: what they have in common is there once.
    var table = try ResolvedRecipe("table2-resnet56", at: .smoke)
    try table.set([("variants", "sgd,adam"), ("methods", "kaiming")])
    #expect(try table.probed(on: ProbeBench(batch: 4)).subjects.map(\.method) == ["kaiming"])
  }
}
