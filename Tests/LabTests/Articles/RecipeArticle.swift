import Foundation
import IDInit
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

// The Swift code of the article "Add a recipe", word for word: IDInitTests' ArticleTests compares the two.

/// What is left of a signal behind many square layers: the mean of squares of the last layer's outputs over that of
/// the inputs (compare Equation 2).
enum SignalDepth: GridRecipe {
  struct Settings: RecipeSettings {
    /// A run for each of these and each seed.
    var methods: [String]
    var seeds: [Int]
    var network: Network

    struct Network: Codable, Hashable, Sendable {
      var width: Int
      var depth: Int
    }

    func validate() throws(SettingError) {
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try Check.atLeast(1, network.width, "network.width", atMost: 4096)
      try Check.atLeast(1, network.depth, "network.depth", atMost: 1000)
    }
  }

  static let card = RecipeCard(
    id: "signal-depth", title: "What is left of a signal behind many square layers", locus: "Equation 2",
    section: "Section 2", paper: [PaperFigure(["idinit"], 1, "1")],
    claim: "From IDInit a signal passes any number of square layers unchanged.",
    deviations: ["The paper has no such table: it says that χ is to be 1."])

  static let needs: Set<Need> = [.engine]

  static var axes: [Axis<Settings>] { [Axis("methods", \.methods), Axis("seeds", \.seeds, prefix: "seed")] }

  static func settings(at scale: Scale) -> Settings {
    Settings(
      methods: ["xavier", "idinit"], seeds: scale == .paper ? [0, 1, 2] : [0],
      network: .init(width: scale == .smoke ? 16 : 256, depth: 64))
  }

  static func train(_ settings: Settings, in context: RunContext) throws -> RunOutcome {
    try context.record.restart()
    context.report(.began)
    let (width, depth) = (settings.network.width, settings.network.depth)
    let seed = UInt64(try settings.one(\.seeds))
    let layers = try (0..<depth).map { _ in try Linear(width, width, device: context.device) }
    let network = Sequential(layers)
    try context.initialise(network, method: try settings.one(\.methods), seed: seed, example: [1, width])

    let generator = try Generator(seed: seed, device: context.device)
    let input = try Tensor.randn([64, width], device: context.device, generator: generator)
    let power = try input.square().mean().item()
    var signal = input
    for (index, layer) in layers.enumerated() {
      signal = try layer(signal)
      let left = try signal.square().mean().item() / power
      try context.record.metrics.append(["layer": .int(index + 1), "left": .double(left)])
    }
    return RunOutcome(results: ["left": .double(try signal.square().mean().item() / power)])
  }

  static func table(_ runs: [FinishedRun]) -> ResultTable {
    ResultTable(
      title: "What is left of the signal",
      columns: [
        .text("method", "method"), .text("seed", "seed"),
        .number("left", "left") { NumberText.scientific($0) },
      ],
      rows: runs.map { $0.labels.appending($0.results) })
  }

  static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let ours = runs.filter { $0.label("method") == "idinit" }.compactMap { $0.results.number("left") }
    guard !ours.isEmpty else { return Verdict(.notJudged, "idinit was not run") }
    // 64 layers of noise of 1e-6 each, in fp32.
    return ours.allSatisfy { abs($0 - 1) < 1e-3 }
      ? Verdict(.confirmed, "from IDInit the signal is what it was, to a thousandth")
      : Verdict(.refuted, "from IDInit the signal is multiplied by \(ours.map { NumberText.scientific($0) })")
  }
}

@Suite("Add a recipe") struct RecipeArticle {
  @Test("the article's recipe runs, and its verdict can go both ways") func runs() throws {
    let folder = try TemporaryFolder()
    var options = RunOptions(out: folder.url)
    options.threads = 1
    let settings = SignalDepth.settings(at: .smoke)
    try settings.validate()
    let runs = try RunQueue(options).perform(SignalDepth.runs(settings), recipe: SignalDepth.id, about: [:])
    #expect(runs.map(\.status) == [.finished, .finished])
    #expect(try runs[0].metrics().count == 64)
    #expect(SignalDepth.verdict(runs).status == .confirmed)
    // Xavier keeps the variance on average over draws; one draw of 64 layers of 16 is far from it.
    let table = SignalDepth.table(runs)
    #expect(table.rows.compactMap { $0.number("left") }.count == 2)
    var others = runs
    others[0].labels["method"] = "idinit"
    #expect(SignalDepth.verdict(others).status == .refuted)
    #expect(SignalDepth.verdict([]).status == .notJudged)
  }
}
