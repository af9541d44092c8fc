import ArgumentParser
import IDInit
import ModelFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The everyday tool.
struct Idinit: ParsableCommand {
  static let version = PackageVersion.current

  static let configuration = CommandConfiguration(
    commandName: "idinit",
    abstract: "IDInit: initialise networks so that every block starts as the identity.",
    discussion: """
      Examples:
        idinit plan resnet50.pt2
        idinit init resnet50.pt2 -o init.safetensors
        idinit show idiz 4x6
      """,
    version: version,
    subcommands: [PlanCommand.self, InitCommand.self, DiffCommand.self, VerifyCommand.self, ShowCommand.self])
}

@main
enum Main {
  /// Parses, runs and ends with a code of sysexits.h: 64 for arguments that make no sense, 65 for data, 73 for a
  /// file that cannot be created, 74 for one that cannot be written.
  static func main() {
    do {
      try checkCommandName()
      try checkOptionNames()
      var command = try Idinit.parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      end(failure.message, failure.code)
    } catch let error as SafetensorsError {
      end(error.description, code(of: error))
    } catch let error as ExportedProgramError {
      end(error.description, code(of: error))
    } catch let error as RuleError {
      end(error.description, EX_DATAERR)
    } catch {
      if Idinit.exitCode(for: error) == .validationFailure { refuse(error) }
      Idinit.exit(withError: error)
    }
  }

  /// A misspelt command gets the nearest one; the parser would only call it unexpected, and after `help` overlook it.
  private static func checkCommandName() throws(Failure) {
    var words = CommandLine.arguments.dropFirst()
    let names = Idinit.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if words.first == "help" {
      words = words.dropFirst()
      if words.count > 1 { throw .usage("help takes one command: idinit help \(words.first ?? "")") }
    }
    guard let word = words.first, !word.hasPrefix("-"), !names.contains(word) else { return }
    throw .usage(
      "there is no command '\(word)'; \(didYouMean(word, among: names) ?? "there are \(names.joined(separator: ", "))")"
    )
  }

  /// Ends with what the parser refuses, in better words where there are some.
  private static func refuse(_ error: any Error) -> Never {
    let (said, name) = (Idinit.message(for: error), CommandLine.arguments.dropFirst().first)
    let command = Idinit.configuration.subcommands.first { $0.configuration.commandName == name }
    let help = command.map { Idinit.helpMessage(for: $0) } ?? Idinit.helpMessage()
    var text = Idinit.fullMessage(for: error)
    if let range = text.firstRange(of: said) {
      text.replaceSubrange(range, with: ParserMessage.helpful(said, help: help))
    }
    say(text)
    exit(EX_USAGE)
  }

  /// An option by the name that it had once.
  private static func checkOptionNames() throws(Failure) {
    for word in CommandLine.arguments.dropFirst().prefix(while: { $0 != "--" })
    where word == "--loose" || word.hasPrefix("--loose=") {
      throw .usage("--loose is called --looseness now: --looseness 0, say")
    }
  }

  private static func end(_ message: String, _ code: Int32) -> Never {
    say("Error: \(printable(message))")
    exit(code)
  }

  /// Lines on standard error; where they are wider than a terminal, over several.
  private static func say(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let shown = Terminal.errorColumns.map { width in
      lines.flatMap { $0.count > width ? wrapped($0, width: width) : [$0] }
    }
    let bytes = Array((shown ?? lines).map { $0 + "\n" }.joined().utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  private static func code(of error: SafetensorsError) -> Int32 {
    guard case .file(let reason) = error.problem else { return EX_DATAERR }
    return code(of: reason)
  }

  private static func code(of error: ExportedProgramError) -> Int32 {
    switch error.problem {
    case .archive(.file(let reason)): code(of: reason)
    case .otherFile(.folder): EX_NOINPUT
    default: EX_DATAERR
    }
  }

  private static func code(of reason: FileError) -> Int32 {
    switch reason.operation {
    case .open: EX_NOINPUT
    case .create, .rename: EX_CANTCREAT
    case .read, .map, .write, .flush: EX_IOERR
    }
  }
}
