import ArgumentParser
import TestSupport
import Testing

@testable import IDInitTool

/// The examples in `--help` are commands that there are.
struct HelpExampleTests {
  @Test("every command has examples, and they parse")
  func examplesParse() throws {
    for command in [Idinit.self] + Idinit.configuration.subcommands {
      let name = command.configuration.commandName ?? ""
      let found = examples(in: command.configuration.discussion, of: "idinit")
      var isShown = command == Idinit.self && !found.isEmpty
      for words in found {
        do {
          let parsed = try Idinit.parseAsRoot(words)
          isShown = isShown || type(of: parsed) == command
        } catch {
          Issue.record("idinit \(words.joined(separator: " ")): \(Idinit.message(for: error))")
        }
      }
      #expect(isShown, "\(name) has no example of its own")
    }
  }

  /// As it is shown in 80 columns: nothing is wider, and an example can be copied whole.
  @Test func helpFitsEightyColumns() throws {
    for command in [Idinit.self] + Idinit.configuration.subcommands {
      let help =
        command == Idinit.self ? Idinit.helpMessage(columns: 80) : Idinit.helpMessage(for: command, columns: 80)
      for line in help.split(separator: "\n") where line.count > 80 {
        Issue.record("\(command.configuration.commandName ?? ""), \(line.count) columns: \(line)")
      }
      #expect(examples(in: help, of: "idinit") == examples(in: command.configuration.discussion, of: "idinit"))
    }
  }

  @Test("an example that has rotten is found")
  func rottenExamples() {
    let help = "Example:\n  idinit plan model.pt2 --sed 3    # a comment\n  idinit show 'idi' 6x4 > file"
    let found = examples(in: help, of: "idinit")
    #expect(found == [["plan", "model.pt2", "--sed", "3"], ["show", "idi", "6x4"]])
    #expect(throws: (any Error).self) { try Idinit.parseAsRoot(found[0]) }
  }
}
