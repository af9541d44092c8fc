import ArgumentParser
import Foundation
import Lab
import Recipes
import Records
import Report

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make one HTML page of finished runs and probes: tables, figures, verdicts, the paper beside.",
    usage: "idinit-lab report <input> ... [<options>]",
    discussion: """
      The page needs no other file and no network. Its plots are drawn by PyPI's vl-convert-python; without it the page \
      has tables in their place.

      Examples:
        idinit-lab report runs/table8-small -o report.html
        idinit-lab report Results -o report.html --title "What we measured"
        idinit-lab probe blocks64 --json > probe.json
        idinit-lab report probe.json runs/table8-small --csv tables --svg pictures
      """)

  @Argument(help: "Record folders, folders of published results, folders that hold some, and files of `probe --json`.")
  var inputs: [String]

  @Option(name: [.short, .long], help: "The page.")
  var output = "report.html"

  @Option(help: "The page's title.")
  var title: String?

  @Option(help: "Put every table of the page, and the numbers of every figure, into this folder as CSV.")
  var csv: String?

  @Option(help: "Put every figure into this folder as SVG, on white, with its title and legend.")
  var svg: String?

  @Flag(help: "Draw no plots; tables stand in their place.")
  var noPlots = false

  func validate() throws {
    if noPlots, svg != nil {
      throw ValidationError("--svg draws the figures, and --no-plots draws none: leave one out")
    }
  }

  func run() throws {
    let inputs = try ReportInputs(inputs)
    let page = try ReportPage(
      title: title ?? inputs.title,
      subtitle: "Made by idinit-lab from \(inputs.counts).", date: Self.date(inputs.runs),
      sections: inputs.probes.map { ReportSection($0) }
        + inputs.experiments.map { try ReportSection(ExperimentSummary($0)) },
      environment: ReportFact.facts(inputs.runs), commands: [])
    if let csv {
      try write(page.tables.map { (name: $0.name, text: $0.text) }, into: csv, option: "--csv")
    }
    if let svg {
      let (pictures, undrawn) = try drawn(page.figures)
      let files = zip(page.pictureNames, pictures).compactMap { name, text in text.map { (name, $0) } }
      try write(files, into: svg, option: "--svg")
      if !undrawn.isEmpty { Output.note("idinit-lab: \(PlotRenderError.undrawn(undrawn))") }
    }
    let made = try page.html(renderer: noPlots ? nil : PlotRenderer())
    if let problem = made.problem { Output.note("idinit-lab: no plots: \(problem)") }
    try Output.write(made.html, to: URL(fileURLWithPath: output), advice: "choose another --output")
    let counts = [
      ReportInputs.count(inputs.experiments.count, "experiment"), ReportInputs.count(inputs.probes.count, "probe"),
      Self.figures(page.figures.count, drawn: made.drawn),
    ]
    try Output.print("\(output): \(counts.compactMap { $0 }.joined(separator: ", "))")
    if let problem = inputs.problem { throw problem }
  }

  /// "7 figures"; "7 figures as tables" where none is drawn; "7 figures, 1 of them as a table".
  private static func figures(_ count: Int, drawn: Int) -> String {
    let figures = ReportInputs.count(count, "figure") ?? "no figures"
    let tables = count - drawn
    if tables == 0 { return figures }
    if drawn == 0 { return "\(figures) as \(count == 1 ? "a table" : "tables")" }
    return "\(figures), \(tables) of them as \(tables == 1 ? "a table" : "tables")"
  }

  private func drawn(_ figures: [Figure]) throws(LabError) -> (pictures: [String?], undrawn: [String]) {
    do {
      return try PlotRenderer().standalone(figures)
    } catch {
      throw LabError(.unavailable, "--svg: \(error)")
    }
  }

  private func write(
    _ files: [(name: String, text: String)], into folder: String, option: String
  ) throws(LabError) {
    let place = URL(fileURLWithPath: folder)
    let advice = "choose another \(option)"
    try Disk.makeFolder(place, advice: advice)
    for file in files { try Output.write(file.text, to: place.appendingPathComponent(file.name), advice: advice) }
  }

  /// The day on which the last of the runs was started: that of the results, not of the page.
  private static func date(_ runs: [FinishedRun]) -> String? {
    runs.compactMap { $0.environment?["started"]?.text?.prefix(10) }.max().map(String.init)
  }
}

extension ReportSection {
  /// What is known of an experiment.
  init(_ summary: ExperimentSummary) throws(LabError) {
    let card = summary.recipe.card
    let differences = summary.differences.map { "\($0.key) \($0.value)" }
    var notes = differences.isEmpty ? [] : ["With \(differences.joined(separator: ", "))."]
    for run in summary.ended where run.status == .diverged {
      notes.append("\(run.name) diverged: \(run.reason ?? "")")
    }
    if !summary.unfinished.isEmpty {
      notes.append("Not finished, not counted: \(summary.unfinished.map(\.name).joined(separator: ", ")).")
    }
    let scale = summary.runs.first?.scale ?? ""
    self.init(
      id: card.id, heading: summary.recipe.title, locus: "\(card.locus), \(card.section)", claim: card.claim,
      verdict: summary.recipe.verdict(summary.ended),
      figures: try MeasuredRuns(summary).figures, table: summary.recipe.table(summary.ended), notes: notes,
      deviations: card.deviations, plan: try .plans(of: summary),
      commands: ["idinit-lab run \(card.id)\(scale.isEmpty || scale == "paper" ? "" : " --scale \(scale)")"])
  }
}

extension ReportFact {
  /// What the runs were made on: one line a kind of fact, with all its values where runs differ.
  static func facts(_ runs: [FinishedRun]) -> [ReportFact] {
    let kinds = [
      ("libtorch", "libtorch"), ("swift", "Swift"), ("system", "system"), ("processor", "processor"),
      ("cores", "cores"), ("threads", "threads"), ("device", "device"),
    ]
    var facts = kinds.compactMap { key, name in fact(name, runs.compactMap { $0.environment?[key] }) }
    facts += [fact("data", runs.compactMap { $0.environment?["data"]?["note"] })].compactMap { $0 }
    return facts
  }

  private static func fact(_ name: String, _ values: [JSONValue]) -> ReportFact? {
    var texts: [String] = []
    for value in values.map({ $0.text ?? $0.line }) where !texts.contains(value) { texts.append(value) }
    return texts.isEmpty ? nil : ReportFact(name, texts.joined(separator: "; "))
  }
}
