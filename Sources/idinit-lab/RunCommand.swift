import ArgumentParser
import Datasets
import Foundation
import Lab
import Recipes
import Torch

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a recipe; what is finished is not repeated, what was stopped goes on.",
    usage: "idinit-lab run <recipe> [<options>]",
    discussion: """
      Examples:
        idinit-lab run table8 --scale small
        idinit-lab run table8 --method idinit --method orthogonal \\
          --variant relu --seeds 0,1,2
        idinit-lab run table8 --set optimizer.learningRate=0.05 \\
          --out runs/low-rate

      Without --data and IDINIT_DATA, a recipe that is meant for MNIST takes the 5,000 digits of it that the bootstrap \
      brings where the full set is not at hand, and says so.

      Each run has a folder below --out with everything about it. The same command again goes on where it was \
      stopped, by Ctrl-C or by anything else, and on a CPU ends with the same numbers. Progress goes to standard \
      error, the table to standard output.
      """)

  @OptionGroup var choice: RecipeChoice

  @Option(
    help: "The folder to look for data in. [default: IDINIT_DATA, the cache, then what the bootstrap brought]",
    completion: .directory)
  var data: String?

  @Option(help: "The folder for the records. [default: runs/RECIPE-SCALE]", completion: .directory)
  var out: String?

  @Option(
    parsing: .unconditional, help: "Threads to compute with. [default: the engine's choice, or what a started run had]")
  var threads: Int?

  @Option(help: "Where to compute: cpu, cuda or cuda:N. [default: cpu]", completion: .list(["cpu", "cuda"]))
  var device: String?

  @Option(parsing: .unconditional, help: "Seconds between checkpoints: what a kill can lose. [default: 5]")
  var checkpointEvery: Double?

  @Option(
    help: "Put results.csv, runs.jsonl, recipe.json, environment.json and metrics.csv into this folder, by recipe.",
    completion: .directory)
  var results: String?

  @Flag(help: "Put an event file for TensorBoard beside each run's metrics; finished runs get one too.")
  var tensorboard = false

  @OptionGroup var format: TableFormat

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads); expected 1 to 1024")
    }
    if let checkpointEvery, !(checkpointEvery >= 0) {
      throw ValidationError("--checkpoint-every is \(checkpointEvery); expected 0 or more seconds")
    }
  }

  func run() throws {
    var recipe = try choice.resolved()
    try checkUse(recipe)
    let device = try device.map(Engine.device(named:))
    let dataset = try dataAtHand(&recipe)
    let folder = URL(fileURLWithPath: out ?? "runs/\(recipe.name)\(dataset?.name == "mnist-5k" ? "-mnist-5k" : "")")
    var options = RunOptions(out: folder)
    options.datasets = dataset.map { [$0] } ?? []
    options.threads = threads
    if let device { options.device = device }
    options.dataFolder = data
    if let checkpointEvery { options.checkpointSeconds = checkpointEvery }
    options.tensorBoard = tensorboard
    options.stop = .catchingInterrupts()
    let progress = TerminalProgress()
    options.progress = progress
    options.command = CommandLine.arguments

    let planned = try recipe.runs()
    let runs: [FinishedRun]
    do {
      runs = try RunQueue(options).perform(planned, recipe: recipe.card.id, about: recipe.about)
    } catch let error as LabError where error.kind == .interrupted {
      progress.finish()
      throw LabError(.interrupted, "\(error.message). Everything is saved in \(folder.path)")
    } catch {
      progress.finish()
      throw error
    }
    progress.finish()
    let report = ExperimentSummary(recipe: recipe, runs: runs)
    // Files first: they do not depend on who reads the table.
    if let results { try report.publish(to: URL(fileURLWithPath: results)) }
    if format.json || format.csv {
      Output.note("Records: \(folder.path)")
      try Output.print(format.json ? report.json.pretty : report.csv)
    } else {
      let tensorBoard = tensorboard ? "\nTensorBoard: tensorboard --logdir \(folder.path)" : ""
      try Output.print("\(report.text)\nRecords: \(folder.path)\(tensorBoard)")
    }
  }

  /// For a recipe that is meant for MNIST, where nobody has said which data to use, nor where it is: MNIST if it is at
  /// hand, else the 5,000 of its digits that the bootstrap brings, in the recipe's settings too.
  /// - Returns: What was read; nil where it was said.
  private func dataAtHand(_ recipe: inout ResolvedRecipe) throws -> ImageDataset? {
    let locator = DatasetLocator()
    guard recipe.settings["data"]?["name"]?.text == "mnist", data == nil, locator.dataFromEnvironment == nil,
      !choice.namesData
    else { return nil }
    let dataset = try locator.digits()
    guard dataset.name != "mnist" else { return dataset }
    try recipe.set([("data.name", dataset.name)])
    Output.note(
      "idinit-lab: the full MNIST is not at hand: \(recipe.card.id) is run on \(dataset.name) instead "
        + "(\(dataset.note)), which is not the paper's data; `idinit-lab fetch mnist` downloads the full set")
    return dataset
  }

  /// An option that does nothing for this recipe is an error.
  private func checkUse(_ recipe: ResolvedRecipe) throws(LabError) {
    let options: [(option: String, isGiven: Bool, need: Need)] = [
      ("--data", data != nil, .data), ("--threads", threads != nil, .engine), ("--device", device != nil, .engine),
      ("--checkpoint-every", checkpointEvery != nil, .checkpoints),
    ]
    for (option, isGiven, need) in options where isGiven && !recipe.needs.contains(need) {
      throw LabError(.usage, "\(option) does nothing for \(recipe.card.id): it \(need.absence)")
    }
  }
}
