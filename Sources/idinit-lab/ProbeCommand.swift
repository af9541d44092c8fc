import ArgumentParser
import Foundation
import IDInit
import Lab
import Recipes
import Torch

struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Tell whether a network is well conditioned at its start.",
    usage: "idinit-lab probe <network> [<options>]",
    discussion: """
      Initialises the network by each method, sends a batch through it, and measures what an initialisation is for: the \
      loss before the first step, how the signal and the gradient grow from layer to layer, with noise too, the singular \
      values of the Jacobian, ranks, copies, zeros, and the largest learning rate that a few steps survive.

      A network by its name gets random inputs and labels; a recipe has its own network, starts, data and batch.

      Examples:
        idinit-lab probe resnet56 --methods kaiming,idinit
        idinit-lab probe blocks64 --methods default,idinit \\
          --probes jacobian,signal --layers
        idinit-lab probe linear5-tanh --probes noise \\
          --input-noise 0,0.5,2 --layers
        idinit-lab probe table8 --scale small --probes start,rate
        idinit-lab probe all-conv --methods kaiming,idinit --json > probe.json

      Networks:
      \(list(NetworkCatalog.all.map { ($0.name, $0.title) }))

      Probes:
      \(list(Probes.all.map { ($0.name, $0.title) }))
      """)

  /// Names with what they are, a line each; what does not fit is indented.
  private static func list(_ entries: [(name: String, title: String)]) -> String {
    entries.flatMap { name, title in
      Wrapped.lines("  \(name): \(title)", width: 78).enumerated().map { $0 == 0 ? $1 : "  \($1)" }
    }.joined(separator: "\n")
  }

  @Argument(
    help: "A network (see above), or a recipe (`idinit-lab list`).",
    completion: .list(NetworkCatalog.all.map(\.name) + RecipeRegistry.ids))
  var network: String

  @Option(
    help: "Initialisation methods, as kaiming,idinit. [default: kaiming,idinit; a recipe's own]",
    completion: .list(Schemes.names))
  var methods: String?

  @Option(help: "Probes, as signal,jacobian; all by default.", completion: .list(Probes.all.map(\.name)))
  var probes: String?

  @Option(help: "Standard deviations of what the probe noise adds to the input. [default: 0,0.01,0.1,1]")
  var inputNoise: String?

  @Option(parsing: .unconditional, help: "Examples in the batch. [default: 32; a recipe's own]")
  var batch: Int?

  @Option(parsing: .unconditional, help: "Seed of weights, batch and what probes draw.")
  var seed: UInt64 = 0

  @Option(help: "Of a recipe: smoke, small or paper. [default: small]")
  var scale: Scale?

  @Option(
    help: "Of a recipe: the folder to look for data in. [default: as for `run`]", completion: .directory)
  var data: String?

  @Flag(help: "Print every probe's rows too: by layer, by parameter, by singular value. JSON has them always.")
  var layers = false

  @OptionGroup var format: TableFormat

  @Option(parsing: .unconditional, help: "Threads; all cores by default.")
  var threads: Int?

  @Option(help: "cpu, cuda or cuda:N.", completion: .list(["cpu", "cuda"]))
  var device: String?

  func validate() throws {
    if format.json, layers { throw ValidationError("--layers does nothing with --json, which has every row") }
  }

  func run() throws {
    let chosen = try ProbeChoice(probes: probes, inputNoise: inputNoise).probes
    if let threads { try Engine.use(threads: threads) }
    let bench = try bench()
    var measured: Measured = []
    if !format.json, !format.csv {
      try Output.print(
        Wrapped.lines("\(network) · \(bench.title)", width: Terminal.proseWidth).map(Paint.bold).joined(
          separator: "\n"))
      try Output.print(Wrapped.lines(bench.data, width: Terminal.proseWidth).joined(separator: "\n"))
    }
    try measure(bench.subjects, chosen) { subject, probe, result in
      measured.append((subject, probe, result))
      if format.json || format.csv { return }
      // A line as soon as it is known: a deep network takes a while.
      if probe.name == chosen.first?.name { try Output.print("\n\(Paint.bold(subject.method))") }
      try Output.print(text(probe, result))
    }
    if format.json { try Output.print(document(bench, measured).pretty) }
    if format.csv { try Output.print(csv(measured)) }
  }

  /// What is measured, and on what.
  struct Bench {
    /// Of the network or the recipe.
    var title: String
    /// The batch, for people.
    var data: String
    var subjects: [ProbeSubject]
  }

  private func bench() throws -> Bench {
    if let batch, !(2...4096).contains(batch) { throw LabError(.usage, "--batch is \(batch); expected 2 to 4096") }
    let place = try device.map(Engine.device(named:)) ?? .cpu
    let names = methods?.split(separator: ",").map(String.init)
    if names?.isEmpty == true {
      throw LabError(.usage, "--methods names none; as in --methods kaiming,idinit")
    }
    if RecipeRegistry.recipe(network) != nil {
      var recipe = try ResolvedRecipe(network, at: scale ?? .small)
      if let methods {
        guard recipe.has("methods") else {
          throw LabError(.usage, "--methods does nothing for \(network): it has no setting methods")
        }
        try recipe.set([("methods", methods)])
      }
      let probe = try recipe.probed(on: ProbeBench(batch: batch, seed: seed, device: place, dataFolder: data))
      let title = "\(recipe.card.title), at the scale \(recipe.scale.rawValue)"
      return Bench(title: title, data: probe.data, subjects: probe.subjects)
    }
    let entry = try NetworkCatalog.network(named: network)
    for (option, isGiven) in [("--scale", scale != nil), ("--data", data != nil)] where isGiven {
      throw LabError(.usage, "\(option) does nothing for \(network): only recipes have scales and data")
    }
    let count = batch ?? 32
    let subjects = try (names ?? ["kaiming", "idinit"]).map { method in
      try ProbeSubject.noise(entry, method: method, batch: count, seed: seed, device: place)
    }
    return Bench(title: entry.title, data: entry.input.title(count: count), subjects: subjects)
  }

  /// Measures one after the other, and says on a terminal how long the rest will take.
  private func measure(
    _ subjects: [ProbeSubject], _ chosen: [any Probe],
    each: (ProbeSubject, any Probe, ProbeResult) throws -> Void
  ) throws {
    let live = LiveLine()
    defer { live.clear() }
    let steps = subjects.flatMap { subject in chosen.map { (subject: subject, probe: $0) } }
    var times = StepTimes()
    for (index, step) in steps.enumerated() {
      let (fraction, left) = times.estimate(left: steps[index...].map(\.probe.name))
      live.draw(
        ProgressText.line(
          "\(step.subject.method): \(step.probe.name)", fraction: fraction, secondsLeft: left,
          width: Terminal.errorWidth - 1))
      let start = ProcessInfo.processInfo.systemUptime
      let result = try step.probe(step.subject)
      times.add(step.probe.name, seconds: ProcessInfo.processInfo.systemUptime - start)
      live.clear()
      try each(step.subject, step.probe, result)
    }
  }
}
