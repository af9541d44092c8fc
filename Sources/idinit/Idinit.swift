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
      Idinit.exit(withError: error)
    }
  }

  /// A misspelt command gets the nearest one; the parser would only call it unexpected.
  private static func checkCommandName() throws(Failure) {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
    let names = Idinit.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if names.contains(word) { return }
    throw .usage("there is no command '\(word)'; \(didYouMean(word, among: names) ?? "see idinit --help")")
  }

  /// An option by the name that it had once.
  private static func checkOptionNames() throws(Failure) {
    for word in CommandLine.arguments.dropFirst().prefix(while: { $0 != "--" })
    where word == "--loose" || word.hasPrefix("--loose=") {
      throw .usage("--loose is called --looseness now: --looseness 0, say")
    }
  }

  private static func end(_ message: String, _ code: Int32) -> Never {
    let line = Array("Error: \(printable(message))\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    exit(code)
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
