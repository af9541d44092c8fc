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

      Exit codes are those of sysexits.h: 64 something wrong on the command line, 65 bad data, 66 no input, \
      69 unavailable, 70 failure inside, 73 cannot create, 74 input or output failed, 75 in use, 78 a wrong recipe \
      file; 130 after Ctrl-C, 143 after SIGTERM.
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
    var command: (any ParsableCommand)?
    do {
      try checkCommandName()
      command = try parseAsRoot()
      try command?.run()
    } catch {
      // ArgumentParser has codes of its own for its errors and requests for help; anything else it calls a failure.
      if exitCode(for: error) == .validationFailure { refuse(error) }
      guard exitCode(for: error) == .failure else { exit(withError: error) }
      var problem = LabError(wrapping: error)
      // What is wrong and not in a file is wrong on the command line.
      let readsFile = (command as? any RecipeReader)?.choice.isFile ?? false
      if problem.kind == .configuration, !readsFile { problem.kind = .usage }
      Output.note("idinit-lab: \(problem.message)")
      Foundation.exit(problem.kind == .interrupted ? StopSignal.exitCode : problem.exitCode)
    }
  }

  /// Ends with what the parser refuses, in better words where there are some.
  private static func refuse(_ error: any Error) -> Never {
    let (said, name) = (message(for: error), CommandLine.arguments.dropFirst().first)
    let command = configuration.subcommands.first { $0.configuration.commandName == name }
    let better = ParserMessage.helpful(said, help: command.map { helpMessage(for: $0) } ?? helpMessage())
    let text = fullMessage(for: error, columns: Terminal.errorWidth)
    Output.note(text.replacingOccurrences(of: "Error: \(said)", with: "idinit-lab: \(better)"))
    Foundation.exit(LabError(.usage, "").exitCode)
  }

  /// A misspelt command gets the nearest one; the parser would only call it unexpected, and after `help` overlook it.
  private static func checkCommandName() throws(LabError) {
    var words = CommandLine.arguments.dropFirst()
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if words.first == "help" {
      words = words.dropFirst()
      if words.count > 1 { throw LabError(.usage, "help takes one command: idinit-lab help \(words.first ?? "")") }
    }
    guard let word = words.first, !word.hasPrefix("-"), !names.contains(word) else { return }
    throw LabError(
      .usage,
      "there is no command '\(word)'; \(didYouMean(word, among: names) ?? "there are \(names.joined(separator: ", "))")"
    )
  }
}

/// A command that can take its recipe from a file.
protocol RecipeReader {
  var choice: RecipeChoice { get }
}

extension RunCommand: RecipeReader {}
extension ShowCommand: RecipeReader {}
