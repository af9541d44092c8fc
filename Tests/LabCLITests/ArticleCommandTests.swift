import Foundation
import TestSupport
import Testing

/// What the article "Reproduce the paper" types is understood: its commands are asked for what they would do, since doing
/// it takes hours.
@Suite struct ArticleCommandTests {
  private static func commands() throws -> [[String]] {
    let file = packageFolder.appendingPathComponent("Sources/Recipes/Recipes.docc/ReproduceThePaper.md")
    return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
      .filter { $0.hasPrefix("idinit-lab ") }.map { $0.split(separator: " ").dropFirst().map(String.init) }
  }

  /// `run` takes what `show` takes, and options that change no setting.
  @Test func recipesAndSettingsAreKnown() throws {
    let runs = try Self.commands().filter { $0.first == "run" || $0.first == "show" }
    #expect(runs.count >= 10)
    for run in runs {
      var arguments = run
      for option in ["--device", "--out"] {
        if let place = arguments.firstIndex(of: option) { arguments.removeSubrange(place...place + 1) }
      }
      arguments[0] = "show"
      let result = try TestSupport.run(ResumeTests.binary, arguments)
      #expect(result.status == 0, "idinit-lab \(run.joined(separator: " ")): \(result.standardError)")
    }
  }

  /// Every option that the article uses is in its command's help.
  @Test func optionsAreKnown() throws {
    for command in try Self.commands() {
      let help = try TestSupport.run(ResumeTests.binary, [command[0], "--help"])
      #expect(help.status == 0)
      for option in command where option.hasPrefix("-") {
        #expect(help.standardOutput.contains(option), "idinit-lab \(command[0]) has no option \(option)")
      }
    }
  }
}
