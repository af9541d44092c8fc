import Foundation
import Lab
import Recipes
import TestSupport
import Testing

@testable import Report
@testable import idinit_lab

/// That recipes and their figures know each other: by name, and in what the published runs have measured.
@Suite struct RecipeFigureTests {
  /// The recipes with published runs.
  static let published: [String] = {
    let results = packageFolder.appendingPathComponent("Results")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: results.path)) ?? []
    return names.filter { name in
      FileManager.default.fileExists(atPath: results.appendingPathComponent("\(name)/\(PublishedRuns.file)").path)
    }.sorted()
  }()

  private func summaries(_ recipe: String) throws -> [ExperimentSummary] {
    let runs = try FinishedRun.find(under: packageFolder.appendingPathComponent("Results/\(recipe)")).runs
    return try Experiment.groups(runs).map { ExperimentSummary($0) }
  }

  @Test func figuresBelongToRecipes() {
    for id in RecipeFigures.kinds.keys.sorted() {
      #expect(RecipeRegistry.recipe(id) != nil, "no recipe is called \(id)")
    }
  }

  /// A kind that draws nothing from runs as they are has a cell's or a label's name wrong.
  @Test(arguments: published) func everyKindOfARecipeDraws(_ recipe: String) throws {
    let kinds = try #require(RecipeFigures.kinds[recipe], "\(recipe) has no figures of its own")
    for summary in try summaries(recipe) {
      let measured = try MeasuredRuns(summary)
      let drawn = try ReportSection(summary).figures.map(\.id)
      for kind in kinds {
        let figures = kind.figures(of: measured)
        #expect(!figures.isEmpty, "\(kind) draws nothing of \(recipe)")
        for figure in figures { #expect(drawn.contains(figure.id)) }
      }
    }
  }

  /// What the paper's figures show is among ours.
  @Test(arguments: [
    ("figure2", ["testAccuracy"]), ("figure4", ["residualRank"]), ("figure5", ["unmoved-bars", "unmoved-blocks"]),
    ("figure13", ["std"]), ("figure14", ["histogram"]), ("figure15", ["chi", "logSingularValues"]),
    ("figure16", ["testAccuracy", "outputStd"]), ("figure17", ["surface-1", "surface-2"]), ("figure19", ["distances"]),
  ])
  func thePapersFiguresAreThere(_ recipe: String, _ figures: [String]) throws {
    let drawn = try summaries(recipe).flatMap { try ReportSection($0).figures }
    for id in figures { #expect(drawn.contains { $0.id.hasPrefix(id) }, "\(recipe) lacks \(id): \(drawn.map(\.id))") }
    #expect(drawn.allSatisfy { !$0.altText.isEmpty && !$0.plot.data.rows.isEmpty })
  }

  /// Figure 17: a path for each start, over the surface of its network, from where it began to the solution.
  @Test func pathsLieOverTheirSurface() throws {
    let figures = try summaries("figure17").flatMap { try ReportSection($0).figures }
    let charts = figures.compactMap { $0.plot as? SurfaceChart }
    #expect(
      charts.map { $0.paths.map(\.name) } == [
        ["plain-w1=1-w2=1"], ["residual-w1=0-w2=1", "residual-w1=1-w2=0"],
      ])
    #expect(charts.flatMap(\.paths).map(\.points.first) == [.init(1, 1), .init(0, 1), .init(1, 0)])
    for (chart, product) in zip(charts, [2.19, 1.19]) {
      #expect(chart.surface.count == 61 * 61)
      for path in chart.paths {
        let end = try #require(path.points.last)
        #expect(abs(end.x * end.y - product) < 0.005)
      }
    }
  }
}
