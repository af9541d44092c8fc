import Foundation
import Lab
import Testing

@testable import Recipes

@Suite struct RecipeRegistryTests {
  @Test func idsAreUniqueAndServeAsFileNames() {
    #expect(Set(RecipeRegistry.ids).count == RecipeRegistry.ids.count)
    #expect(
      RecipeRegistry.ids == [
        "table8", "table1", "figure2", "figure13", "figure15", "figure16", "figure19", "figure17", "figure4",
        "table2-resnet56", "table2-resnet110", "table4",
        "figure7",
        "figure5", "figure14", "figure18", "table5-sst2-textcnn", "table5-sst2-textrnn", "table5-sst2-transformer",
        "table5-trec6-textcnn", "table5-trec6-textrnn", "table5-trec6-transformer", "table7-sst5-textcnn",
        "table7-sst5-textrnn", "table7-sst5-transformer", "figure9-bert",
      ])
    for id in RecipeRegistry.ids {
      #expect(id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") })
    }
  }

  @Test(arguments: RecipeRegistry.ids) func everyCardIsComplete(_ id: String) throws {
    let card = try #require(RecipeRegistry.recipe(id)).card
    for text in [card.title, card.locus, card.section, card.claim] { #expect(!text.isEmpty) }
    #expect(card.claim.hasSuffix("."))
    #expect(!card.deviations.isEmpty)
    // The id is the place in the paper, and which part of it.
    let place = card.locus.lowercased().replacingOccurrences(of: " ", with: "")
    #expect(id == place || id.hasPrefix("\(place)-"))
  }

  @Test(arguments: RecipeRegistry.ids, Scale.allCases) func runsHaveNamesOfTheirOwn(_ id: String, _ scale: Scale) throws
  {
    let runs = try ResolvedRecipe(id, at: scale).runs()
    #expect(!runs.isEmpty)
    #expect(Set(runs.map(\.name)).count == runs.count)
    #expect(Set(runs.map(\.labels)).count == runs.count)
  }

  /// An axis names its setting twice, by key and by path: both must be the same setting.
  @Test(arguments: RecipeRegistry.ids.filter { RecipeRegistry.recipe($0) is any GridRecipe.Type })
  func runsOfGridsHaveOneValueOnEveryAxis(_ id: String) throws {
    let keys = try #require(RecipeRegistry.recipe(id)).ofRuns
    for run in try ResolvedRecipe(id, at: .paper).runs() {
      #expect(run.labels.cells.count == keys.count)
      for key in keys {
        let path = key.split(separator: ".").map(String.init)
        let values = path.reduce(run.settings) { $0[$1] ?? .null }
        let label = try #require(run.labels[String(path[path.count - 1].dropLast())])
        #expect(values == .array([label]), "\(run.name) has \(key) \(values.line)")
      }
    }
  }

  @Test func severalValuesAreNotOne() throws {
    let settings = Table4.settings(at: .small)
    #expect(try settings.one(\.seeds) == 0)
    let error = #expect(throws: SettingError.self) { try settings.one(\.methods) }
    #expect(error?.message.contains("expected one value for a run") == true)
  }

  @Test func unknownRecipeNamesTheNearest() {
    let error = #expect(throws: LabError.self) { try ResolvedRecipe("tabel8", at: .small) }
    #expect(error?.message.contains("did you mean 'table8'?") == true)
    #expect(error?.exitCode == 64)
  }
}

@Suite struct RecipeTOMLTests {
  @Test(arguments: RecipeRegistry.ids, Scale.allCases) func roundTrips(_ id: String, _ scale: Scale) throws {
    let recipe = try ResolvedRecipe(id, at: scale)
    let again = try ResolvedRecipe(toml: recipe.toml, file: "folder/mine.toml")
    #expect(again.settings == recipe.settings)
    #expect(again.card.id == id)
    #expect(again.scale == scale)
    #expect(again.name == "mine")
  }

  @Test func treeKeepsTheOrderOfDeclaration() throws {
    let keys = try ResolvedRecipe("table8", at: .paper).keys
    #expect(keys.prefix(5) == ["variants", "methods", "seeds", "network.hiddenWidth", "network.hiddenLayers"])
  }

  @Test func aPartOfTheSettingsIsEnough() throws {
    let recipe = try ResolvedRecipe(
      toml: "recipe = \"table8\"\nscale = \"small\"\n[optimizer]\nlearningRate = 1\n", file: "x.toml")
    #expect(recipe.settings["optimizer"]?["learningRate"] == .double(1))
    #expect(recipe.settings["optimizer"]?["momentum"] == .double(0.9))
    #expect(recipe.settings["data"]?["name"] == "mnist-5k")
  }

  /// What is wrong, and what the one line must say.
  static let bad: [(toml: String, says: [String])] = [
    ("scale = \"small\"", ["expected recipe", "table8"]),
    ("recipe = \"table9\"", ["no recipe table9", "table8"]),
    ("recipe = \"table8\"\nscale = \"big\"", ["\"big\"", "smoke", "small", "paper"]),
    ("recipe = \"table8\"\nsede = [1]", ["no setting sede", "seeds"]),
    ("recipe = \"table8\"\n[optimizer]\nlearningrate = 1.0", ["optimizer.learningrate", "'optimizer.learningRate'?"]),
    ("recipe = \"table8\"\n[optimizer.more]\nx = 1", ["no setting optimizer.more"]),
    ("recipe = \"table8\"\n[optimizer]\nlearningRate = \"fast\"", ["optimizer.learningRate", "\"fast\"", "a number"]),
    ("recipe = \"table8\"\n[training]\nepochs = 2.5", ["training.epochs", "2.5", "whole number"]),
    ("recipe = \"table8\"\ntraining = 3", ["training", "table with epochs, batchSize"]),
    ("recipe = \"table8\"\nseeds = 3", ["seeds", "a list of whole numbers"]),
    ("recipe = \"table8\"\nseeds = [1, \"two\"]", ["seeds[1]", "\"two\"", "a whole number"]),
    ("recipe = \"table8\"\nseeds = []", ["seeds", "empty"]),
    ("recipe = \"table8\"\nseeds = [1, 1]", ["seeds", "twice"]),
    ("recipe = \"table8\"\nseeds = [-1]", ["seeds", "-1"]),
    ("recipe = \"table8\"\nmethods = [\"idinitt\"]", ["methods", "idinitt", "did you mean 'idinit'?"]),
    ("recipe = \"table8\"\nvariants = [\"gelu\"]", ["variants", "gelu", "relu, tanh"]),
    ("recipe = \"table8\"\n[optimizer]\nlearningRate = -0.1", ["optimizer.learningRate", "-0.1", "greater than 0"]),
    ("recipe = \"table8\"\n[optimizer]\nlearningRate = nan", ["optimizer.learningRate"]),
    ("recipe = \"table8\"\n[optimizer]\nmomentum = 1.0", ["optimizer.momentum", "not including, 1"]),
    ("recipe = \"table8\"\n[training]\nepochs = 0", ["training.epochs", "0", "1 or more"]),
    ("recipe = \"table8\"\n[training]\nepochs = 2020-01-01", ["training.epochs", "date"]),
    ("recipe = \"table8\"\nseeds = [1", ["line 2"]),
    ("recipe = \"table1\"\n[training]\nbatchSize = 2001", ["training.batchSize", "2001", "2000"]),
    ("recipe = \"figure17\"\n[contour]\nhighest = -4.0", ["contour.highest", "-4", "above"]),
    ("recipe = \"figure4\"\n[network]\nhiddenWidth = 100", ["network.hiddenWidth", "100", "784"]),
    ("recipe = \"figure4\"\n[training]\nrankSteps = [5, 1]", ["training.rankSteps", "rising"]),
  ]

  @Test(arguments: bad.indices) func saysWhatIsWrong(_ index: Int) {
    let (toml, says) = Self.bad[index]
    let error = #expect(throws: LabError.self) { try ResolvedRecipe(toml: toml, file: "mine.toml") }
    let message = error?.message ?? ""
    for part in ["mine.toml"] + says { #expect(message.contains(part), "\(message) lacks \(part)") }
    #expect(!message.contains("\n"))
    #expect(error?.exitCode == 78)
  }
}

@Suite struct OverrideTests {
  @Test func setsEveryTypeOfSetting() throws {
    var recipe = try ResolvedRecipe("table8", at: .small)
    try recipe.set([
      ("optimizer.learningRate", "0.05"), ("training.epochs", "7"), ("optimizer.nesterov", "true"),
      ("seeds", "0,1, 2"), ("methods", "[kaiming, \"xavier\"]"), ("data.name", "mnist"), ("data.mean", "0"),
    ])
    #expect(recipe.settings["optimizer"]?["learningRate"] == 0.05)
    #expect(recipe.settings["training"]?["epochs"] == 7)
    #expect(recipe.settings["optimizer"]?["nesterov"] == true)
    #expect(recipe.settings["seeds"] == [0, 1, 2])
    #expect(recipe.settings["methods"] == ["kaiming", "xavier"])
    #expect(recipe.settings["data"]?["name"] == "mnist")
    #expect(recipe.settings["data"]?["mean"] == .double(0))
    #expect(try recipe.runs().count == 2 * 2 * 3)
  }

  static let bad: [(key: String, text: String, says: [String])] = [
    ("optimizer.learnigRate", "1", ["'optimizer.learningRate'?"]),
    ("learningRate", "1", ["did you mean 'optimizer.learningRate'?"]),
    ("optimizer", "1", ["a group of settings", "optimizer.momentum"]),
    ("optimizer.learningRate.x", "1", ["no setting optimizer.learningRate.x"]),
    ("", "1", ["no setting"]),
    ("training.epochs", "many", ["training.epochs", "\"many\"", "a whole number"]),
    ("training.epochs", "1e400", ["training.epochs"]),
    ("optimizer.learningRate", "inf", ["a number"]),
    ("optimizer.nesterov", "yes", ["true or false"]),
    ("seeds", "0,x", ["seeds[1]", "\"x\""]),
    ("seeds", "", ["seeds", "empty"]),
    ("schedule.shape", "linear", ["schedule.shape", "constant, cosine"]),
    ("training.epochs", "99999999999999999999", ["training.epochs"]),
  ]

  @Test(arguments: bad.indices) func saysWhatIsWrong(_ index: Int) throws {
    let (key, text, says) = Self.bad[index]
    var recipe = try ResolvedRecipe("table8", at: .small)
    let before = recipe.settings
    let error = #expect(throws: LabError.self) { try recipe.set([(key, text)]) }
    for part in says { #expect(error?.message.contains(part) == true, "\(error?.message ?? "") lacks \(part)") }
    #expect(recipe.settings == before)
  }

  @Test func aRunAloneIsTheSameRunInAGrid() throws {
    var grid = try ResolvedRecipe("table8", at: .small)
    try grid.set([("seeds", "0,1,2"), ("methods", "default,idinit,orthogonal")])
    var alone = try ResolvedRecipe("table8", at: .small)
    try alone.set([("seeds", "1"), ("methods", "idinit"), ("variants", "relu")])
    let run = try #require(try alone.runs().first)
    let same = try #require(try grid.runs().first { $0.name == run.name })
    #expect(run.name == "relu-idinit-seed1")
    #expect(run.settings == same.settings)
    #expect(run.labels == same.labels)
  }
}
