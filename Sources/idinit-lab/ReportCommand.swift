import ArgumentParser
import Foundation
import Lab
import Recipes
import Records
import Report

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Make one HTML page of finished runs: tables, curves, verdicts, the paper beside.",
    discussion: """
      The page needs no other file and no network. Its plots are drawn by PyPI's vl-convert-python; without it the page \
      has tables in their place.

      Examples:
        idinit-lab report runs/table8-small -o report.html
        idinit-lab report Results -o report.html --title "What we measured"
      """)

  @Argument(help: "Record folders, folders of published results, or folders that hold some.")
  var runs: [String]

  @Option(name: [.short, .long], help: "The page.")
  var output = "report.html"

  @Option(help: "The page's title.")
  var title = "IDInit: the paper's experiments, repeated"

  @Flag(help: "Draw no plots; tables stand in their place.")
  var noPlots = false

  func run() throws {
    let experiments = try Experiment.groups(FinishedRun.found(in: runs))
    let page = try ReportPage(
      title: title, subtitle: "Made by idinit-lab from \(experiments.reduce(0) { $0 + $1.runs.count }) runs.",
      date: Self.date(experiments),
      sections: experiments.map { try ReportSection(ExperimentSummary($0)) },
      environment: ReportFact.facts(experiments.flatMap(\.runs)), commands: [])
    let made = try page.html(renderer: noPlots ? nil : PlotRenderer())
    if let problem = made.problem { Output.note("idinit-lab: no plots: \(problem)") }
    try Output.write(made.html, to: URL(fileURLWithPath: output))
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    try Output.print("\(output): \(count(page.sections.count, "experiment")), \(count(page.figures.count, "figure"))")
  }

  /// The day on which the last of the runs was started: that of the results, not of the page.
  private static func date(_ experiments: [Experiment]) -> String? {
    experiments.flatMap(\.runs).compactMap { $0.environment?["started"]?.text?.prefix(10) }.max().map(String.init)
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
      id: card.id, heading: card.title, locus: "\(card.locus), \(card.section)", claim: card.claim,
      verdict: summary.recipe.verdict(summary.ended),
      figures: try ReportFigures(summary).figures, table: summary.recipe.table(summary.ended), notes: notes,
      deviations: card.deviations,
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
