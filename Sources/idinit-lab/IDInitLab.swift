import ArgumentParser
import Foundation
import IDInit
import Lab

@main
struct IDInitLab: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "idinit-lab",
    abstract: "The paper's experiments: list them, run them, compare what came out.",
    discussion: """
      Examples:
        idinit-lab list
        idinit-lab run table8 --scale small
        idinit-lab compare runs/table8-small
        idinit-lab report runs/table8-small -o report.html
        idinit-lab probe resnet56 --methods kaiming,idinit

      Exit codes are those of sysexits.h: 64 usage, 65 bad data, 66 no input, 69 unavailable, 70 failure inside, \
      73 cannot create, 74 input or output failed, 75 in use, 78 bad recipe; 130 after Ctrl-C, 143 after SIGTERM.
      """,
    version: PackageVersion.current,
    subcommands: [
      ListCommand.self, ShowCommand.self, RunCommand.self, CompareCommand.self, ProbeCommand.self, ReportCommand.self,
      FetchCommand.self,
    ])

  /// Runs the command; every error is one line on standard error and an exit code of sysexits.h.
  static func main() {
    // A reader that goes away must not end a training; `Output` ends quietly where standard output itself is gone.
    signal(SIGPIPE, SIG_IGN)
    do {
      try checkCommandName()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      // ArgumentParser has codes of its own for its errors and requests for help; anything else it calls a failure.
      guard exitCode(for: error) == .failure else { exit(withError: error) }
      let problem = LabError(wrapping: error)
      Output.note("idinit-lab: \(problem.message)")
      Foundation.exit(problem.kind == .interrupted ? StopSignal.exitCode : problem.exitCode)
    }
  }

  /// A misspelt command gets the nearest one; the parser would only call it unexpected.
  private static func checkCommandName() throws(LabError) {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if names.contains(word) { return }
    throw LabError(
      .usage, "there is no command '\(word)'; \(didYouMean(word, among: names) ?? "see idinit-lab --help")")
  }
}
