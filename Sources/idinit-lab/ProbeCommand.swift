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
      Initialises the network by each method, sends a batch of noise through it, and measures what an initialisation is \
      for: the loss before the first step, how the signal and the gradient grow from layer to layer, the singular values \
      of the Jacobian, ranks, copies, zeros, and the largest learning rate that a few steps survive.

      Examples:
        idinit-lab probe resnet56 --methods kaiming,idinit
        idinit-lab probe blocks64 --methods default,idinit \\
          --probes jacobian,signal --layers
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

  @Argument(help: "A network (see above).", completion: .list(NetworkCatalog.all.map(\.name)))
  var network: String

  @Option(help: "Initialisation methods, as kaiming,idinit.", completion: .list(Schemes.names))
  var methods = "kaiming,idinit"

  @Option(help: "Probes, as signal,jacobian; all by default.", completion: .list(Probes.all.map(\.name)))
  var probes: String?

  @Option(parsing: .unconditional, help: "Examples in the batch.")
  var batch = 32

  @Option(parsing: .unconditional, help: "Seed of weights, batch and what probes draw.")
  var seed: UInt64 = 0

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
    let entry = try NetworkCatalog.network(named: network)
    let chosen = try chosenProbes()
    let names = methods.split(separator: ",").map(String.init)
    guard !names.isEmpty else { throw LabError(.usage, "--methods names none; as in --methods kaiming,idinit") }
    guard batch >= 2, batch <= 4096 else { throw LabError(.usage, "--batch is \(batch); expected 2 to 4096") }
    if let threads { try Engine.use(threads: threads) }
    let place = try device.map(Engine.device(named:)) ?? .cpu
    let subjects = try names.map { method in
      try ProbeSubject.noise(entry, method: method, batch: batch, seed: seed, device: place)
    }
    var measured: [(subject: ProbeSubject, probe: any Probe, result: ProbeResult)] = []
    if !format.json, !format.csv {
      try Output.print(
        Wrapped.lines("\(entry.name) · \(entry.title)", width: Terminal.proseWidth).map(Paint.bold).joined(
          separator: "\n"))
      try Output.print("\(batch) examples of noise, N(0, 1), and random labels")
    }
    try measure(subjects, chosen) { subject, probe, result in
      measured.append((subject, probe, result))
      if format.json || format.csv { return }
      // A line as soon as it is known: a deep network takes a while.
      if probe.name == chosen.first?.name { try Output.print("\n\(Paint.bold(subject.method))") }
      try Output.print(text(probe, result))
    }
    if format.json { try Output.print(document(entry, measured).pretty) }
    if format.csv { try Output.print(csv(measured)) }
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

  private func chosenProbes() throws(LabError) -> [any Probe] {
    guard let probes else { return Probes.all }
    var chosen: [any Probe] = []
    for name in probes.split(separator: ",").map(String.init) {
      guard let probe = Probes.all.first(where: { $0.name == name }) else {
        let names = Probes.all.map(\.name)
        let hint = didYouMean(name, among: names) ?? "there are \(names.joined(separator: ", "))"
        throw LabError(.usage, "there is no probe '\(name)'; \(hint)")
      }
      chosen.append(probe)
    }
    guard !chosen.isEmpty else { throw LabError(.usage, "--probes names none; as in --probes signal,jacobian") }
    return chosen
  }
}
