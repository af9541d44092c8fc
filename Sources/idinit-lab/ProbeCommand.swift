import ArgumentParser
import IDInit
import Lab
import Recipes
import Torch

struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Tell whether a network is well conditioned at its start.",
    discussion: """
      Initialises the network by each method, sends a batch of noise through it, and measures what an initialisation is \
      for: the loss before the first step, how the signal and the gradient grow from layer to layer, the singular values \
      of the Jacobian, ranks, copies, zeros, and the largest learning rate that a few steps survive.

      Examples:
        idinit-lab probe resnet56 --methods kaiming,idinit
        idinit-lab probe blocks64 --methods default,idinit --probes jacobian,signal --layers
        idinit-lab probe all-conv --methods kaiming,idinit --json > probe.json

      Networks:
      \(NetworkCatalog.all.map { "  \($0.name): \($0.title)" }.joined(separator: "\n"))

      Probes:
      \(Probes.all.map { "  \($0.name): \($0.title)" }.joined(separator: "\n"))
      """)

  @Argument(help: "A network (see below).")
  var network: String

  @Option(help: "Initialisation methods, as kaiming,idinit.")
  var methods = "kaiming,idinit"

  @Option(help: "Probes, as signal,jacobian; all by default.")
  var probes: String?

  @Option(help: "Examples in the batch.")
  var batch = 32

  @Option(help: "Seed of weights, batch and what probes draw.")
  var seed: UInt64 = 0

  @Flag(help: "Print every probe's rows too: by layer, by parameter, by singular value.")
  var layers = false

  @Flag(help: "Print JSON: every probe's rows, summary and sentence, by method.")
  var json = false

  @Option(help: "Threads; all cores by default.")
  var threads: Int?

  @Option(help: "cpu, cuda or cuda:N.")
  var device: String?

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
    if json { return try Output.print(document(entry, subjects, chosen).pretty) }
    // A line as soon as it is known: a deep network takes a while.
    try Output.print(
      "\(Paint.bold(entry.name)) · \(entry.title)\n\(batch) examples of noise, N(0, 1), and random labels")
    for subject in subjects {
      try Output.print("\n\(Paint.bold(subject.method))")
      for probe in chosen { try Output.print(text(probe, try probe(subject))) }
    }
  }

  private func chosenProbes() throws(LabError) -> [any Probe] {
    guard let probes else { return Probes.all }
    var chosen: [any Probe] = []
    for name in probes.split(separator: ",").map(String.init) {
      guard let probe = Probes.all.first(where: { $0.name == name }) else {
        let names = Probes.all.map(\.name)
        let hint = nearestName(to: name, among: names).map { "did you mean \($0)?" }
        throw LabError(
          .usage, "there is no probe '\(name)': \(hint ?? "there are \(names.joined(separator: ", "))")")
      }
      chosen.append(probe)
    }
    guard !chosen.isEmpty else { throw LabError(.usage, "--probes names none; as in --probes signal,jacobian") }
    return chosen
  }

  // MARK: Text

  private func text(_ probe: any Probe, _ result: ProbeResult) -> String {
    let mark = result.verdict == .none ? "    " : result.verdict.rawValue.padded(to: 4)
    let head = "  \(probe.name.padded(to: 9)) \(mark)  "
    let indent = String(repeating: " ", count: head.count)
    let lines = Wrapped.lines(result.sentence, width: min(Terminal.width, 100) - head.count)
    let text = lines.enumerated().map { ($0 == 0 ? head : indent) + $1 + "\n" }.joined()
    guard layers, let table = table(result) else { return text }
    return text + "\n" + TableText.text(table) + "\n"
  }

  /// Every cell of the rows but lists.
  private func table(_ result: ProbeResult) -> ResultTable? {
    guard let first = result.rows.first else { return nil }
    let columns = first.cells.filter { $0.value.elements == nil }.map { cell in
      cell.value.text != nil
        ? ResultTable.Column.text(cell.key, cell.key)
        : ResultTable.Column(cell.key, isNumber: true) { row in
          row.number(cell.key).map { NumberText.three($0) } ?? row[cell.key].map { $0 == .null ? "–" : $0.line } ?? "–"
        }
    }
    return ResultTable(title: "", columns: columns, rows: result.rows)
  }

  private func document(
    _ entry: NetworkCatalog.Entry, _ subjects: [ProbeSubject], _ chosen: [any Probe]
  ) throws -> JSONValue {
    let methods = try subjects.map { subject -> JSONValue in
      let members = try chosen.map { probe -> JSONValue.Member in
        let result = try probe(subject)
        return .init(
          probe.name,
          [
            "verdict": .string(result.verdict.rawValue), "sentence": .string(result.sentence),
            "summary": result.summary.json, "rows": .array(result.rows.map(\.json)),
          ])
      }
      return ["method": .string(subject.method), "probes": .object(members)]
    }
    return [
      "network": .string(entry.name), "batch": .int(batch), "seed": .int(Int(clamping: seed)),
      "methods": .array(methods),
    ]
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
