import ArgumentParser
import TestSupport
import Testing

@testable import idinit_lab

/// The examples in `--help` are commands that there are.
@Suite struct LabHelpExampleTests {
  @Test func everyCommandHasExamplesThatParse() throws {
    for command in [IDInitLab.self] + IDInitLab.configuration.subcommands {
      let name = command.configuration.commandName ?? ""
      let found = examples(in: command.configuration.discussion, of: "idinit-lab")
      var isShown = command == IDInitLab.self && !found.isEmpty
      for words in found {
        do {
          let parsed = try IDInitLab.parseAsRoot(words)
          isShown = isShown || type(of: parsed) == command
        } catch {
          Issue.record("idinit-lab \(words.joined(separator: " ")): \(IDInitLab.message(for: error))")
        }
      }
      #expect(isShown, "\(name) has no example of its own")
    }
  }

  /// As it is shown in 80 columns: nothing is wider, and an example can be copied whole.
  @Test func helpFitsEightyColumns() throws {
    for command in [IDInitLab.self] + IDInitLab.configuration.subcommands {
      let help =
        command == IDInitLab.self
        ? IDInitLab.helpMessage(columns: 80) : IDInitLab.helpMessage(for: command, columns: 80)
      for line in help.split(separator: "\n") where line.count > 80 {
        Issue.record("\(command.configuration.commandName ?? ""), \(line.count) columns: \(line)")
      }
      #expect(examples(in: help, of: "idinit-lab") == examples(in: command.configuration.discussion, of: "idinit-lab"))
    }
  }
}

/// The live lines of probes and downloads.
@Suite struct LiveLineTests {
  @Test func timeLeftIsThatOfStepsOfTheKind() {
    var times = StepTimes()
    #expect(times.estimate(left: ["signal", "rate"]).secondsLeft == nil)
    times.add("signal", seconds: 1)
    // The rate probe has not been seen: it is taken to last as long as what has.
    #expect(times.estimate(left: ["rate"]).secondsLeft == 1)
    times.add("rate", seconds: 9)
    let (fraction, left) = times.estimate(left: ["signal", "rate"])
    #expect(fraction == 0.5 && left == 10)
    #expect(times.estimate(left: []).fraction == 1)
  }

  /// What is written to a terminal, with a clock of the test's own.
  private final class Screen {
    var text = ""
    var time = 0.0
    func line(isLive: Bool = true) -> LiveLine {
      LiveLine(isLive: isLive, write: { self.text += $0 }, now: { self.time })
    }
  }

  @Test func aDownloadSaysHowFarItIsAndHowLongItTakes() {
    let screen = Screen()
    let progress = DownloadProgress(screen.line(), now: { screen.time })
    progress.show("a.gz", done: 0, of: 10_000_000)
    screen.time = 2
    progress.show("a.gz", done: 2_500_000, of: 10_000_000)
    #expect(screen.text.contains("a.gz: 2.5 of 10.0 MB") && screen.text.contains("25 %  6 s left"), "\(screen.text)")
    // Many times a second would only flicker.
    let before = screen.text
    screen.time = 2.05
    progress.show("a.gz", done: 2_600_000, of: 10_000_000)
    #expect(screen.text == before)
    progress.clear()
    #expect(screen.text.hasSuffix("\r\u{1B}[K"))
  }

  @Test func nothingIsDrawnElsewhere() {
    let screen = Screen()
    let line = screen.line(isLive: false)
    line.draw("half way")
    line.clear()
    #expect(screen.text.isEmpty)
  }
}
