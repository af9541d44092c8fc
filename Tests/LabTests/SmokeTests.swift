import Foundation
import TestSupport
import Testing

@testable import Lab
@testable import Recipes

/// Every recipe runs whole at its smallest scale, and its table has what it promises.
@Suite struct SmokeTests {
  private func run(_ id: String, _ changes: [(key: String, text: String)] = []) throws -> (
    ResolvedRecipe, [FinishedRun]
  ) {
    let folder = try TemporaryFolder()
    var recipe = try ResolvedRecipe(id, at: .smoke)
    if !changes.isEmpty { try recipe.set(changes) }
    var options = RunOptions(out: folder.url)
    options.threads = 1
    let runs = try RunQueue(options).perform(recipe.runs(), recipe: id, about: recipe.about)
    for run in runs {
      let rows = try run.metrics()
      #expect(!rows.isEmpty || id == "table1")
    }
    return (recipe, runs)
  }

  @Test(arguments: RecipeRegistry.ids) func runs(_ id: String) throws {
    let (recipe, runs) = try run(id)
    #expect(runs.allSatisfy { $0.status == .finished })
    let table = recipe.table(runs)
    #expect(!table.rows.isEmpty)
    #expect(table.cells.allSatisfy { $0.count == table.columns.count })
    // The columns that people see have something in them.
    for (index, column) in table.columns.enumerated()
    where column.title != "steps" && !column.title.hasPrefix("to ") {
      #expect(table.cells.contains { !$0[index].isEmpty && $0[index] != "–" }, "\(column.title) is empty")
    }
    #expect(table.csv.split(separator: "\n").count == table.rows.count + 1)
    let verdict = recipe.verdict(runs)
    #expect(verdict.status == .notJudged && verdict.reason.contains("smoke"))
  }

  @Test func figure17IsConfirmed() throws {
    let (_, runs) = try run("figure17")
    #expect(Figure17.verdict(runs).status == .confirmed)
    #expect(runs.compactMap { $0.results.number("product") }.map { ($0 * 100).rounded() / 100 } == [2.19, 1.19, 1.19])
  }

  @Test func figure17DivergesAboveItsBound() throws {
    let (_, runs) = try run("figure17", [("optimizer.learningRate", "1e-3"), ("variants", "plain-w1=1-w2=1")])
    #expect(runs.first?.status == .diverged)
    #expect(Figure17.verdict(runs).status == .refuted)
  }

  /// The last step's loss is from before its update, which breaks the weights here.
  @Test(arguments: [
    ("table1", [("variants", "sgd"), ("methods", "identity"), ("training.steps", "1")]),
    ("figure19", [("variants", "sgd"), ("training.steps", "1"), ("training.earlyStep", "1")]),
    ("figure4", [("methods", "identity-padding"), ("variants", "exact"), ("training.rankSteps", "0,1")]),
  ]) func aLastStepThatBreaksTheWeightsIsADivergence(_ id: String, _ changes: [(String, String)]) throws {
    let (_, runs) = try run(id, changes.map { (key: $0.0, text: $0.1) } + [("optimizer.learningRate", "1e300")])
    #expect(!runs.isEmpty && runs.allSatisfy { $0.status == .diverged })
    #expect(runs.allSatisfy { $0.reason?.contains("at step 1") == true })
  }

  /// The bound that the recipe states: below it training ends at the solution, above it it does not.
  @Test(arguments: [(8e-6, true), (9.5e-6, false)]) func figure17LearningRateBound(_ rate: Double, _ ends: Bool) throws
  {
    let (_, runs) = try run("figure17", [("optimizer.learningRate", "\(rate)"), ("variants", "plain-w1=1-w2=1")])
    let product = runs.first?.results.number("product") ?? .nan
    #expect((abs(product - pow(50, 0.2)) < 1e-3) == ends)
  }

  @Test func figure4ZeroPaddingNeverExceedsTheInputs() throws {
    let (_, runs) = try run("figure4", [("training.rankSteps", "0,60,120"), ("rank.tolerance", "1e-6")])
    for run in runs where run.label("method") == "zero-padding" {
      let rank = try #require(run.results.number("residualRank"))
      // 1e-6 would count the looseness of the diagonal itself; of the exact start only training's rank counts.
      if run.label("variant") == "exact" { #expect(rank > 0 && rank <= 16) }
    }
    // With ReLU the Hadamard matrix's features are no longer linear in the inputs.
    let full = try #require(
      runs.first {
        $0.label("activation") == "relu" && $0.label("method") == "hadamard" && $0.label("variant") == "exact"
      })
    #expect(try #require(full.results.number("residualRank")) > 16)
  }
}

@Suite struct ScalarNetworkTests {
  @Test(arguments: [(0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 0.3, -0.7), (0.0, -1.2, 0.4)])
  func gradientIsTheDerivativeOfTheLoss(_ r: Double, _ w1: Double, _ w2: Double) {
    let network = ScalarNetwork(Figure17.settings(at: .small), r: r)
    let (g1, g2) = network.gradient(w1, w2)
    let h = 1e-6
    let d1 = (network.loss(w1 + h, w2) - network.loss(w1 - h, w2)) / (2 * h)
    let d2 = (network.loss(w1, w2 + h) - network.loss(w1, w2 - h)) / (2 * h)
    let scale = max(abs(g1), abs(g2), 1)
    #expect(abs(g1 - d1) < 1e-6 * scale && abs(g2 - d2) < 1e-6 * scale)
  }
}
