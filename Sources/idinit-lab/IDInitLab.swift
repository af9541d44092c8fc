import ArgumentParser
import Datasets
import Foundation
import Lab
import Torch

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

      Exit codes are those of sysexits.h: 64 usage, 65 bad data, 66 no input, 69 unavailable, 70 failure inside, \
      73 cannot create, 74 input or output failed, 75 in use, 78 bad recipe; 130 after Ctrl-C.
      """,
    subcommands: [ListCommand.self, ShowCommand.self, RunCommand.self, CompareCommand.self])

  /// Runs the command; every error is one line on standard error and an exit code of sysexits.h.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as LabError {
      fail(error.message, code: error.exitCode)
    } catch let error as DatasetError {
      fail(error.description, code: error.exitCode)
    } catch let error as TorchError {
      fail(error.description, code: LabError(.software, "").exitCode)
    } catch {
      exit(withError: error)
    }
  }

  private static func fail(_ message: String, code: Int32) -> Never {
    FileHandle.standardError.write(Data("idinit-lab: \(message)\n".utf8))
    Foundation.exit(code)
  }
}

extension DatasetError {
  /// By sysexits.h: 66 for what is not there, 69 for a failed download, 65 for what is there and wrong.
  var exitCode: Int32 {
    switch kind {
    case .notFound: 66
    case .unreadable: 74
    case .malformed, .truncated, .corrupt, .mismatch: 65
    case .download: 69
    }
  }
}
