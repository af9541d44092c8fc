import Foundation
import TestSupport
import Testing

/// Standard output and standard error that cannot be written.
@Suite struct OutputTests {
  private static let hasFull = FileManager.default.fileExists(atPath: "/dev/full")

  private func shell(_ script: String, in folder: URL? = nil) throws -> ProgramResult {
    try TestSupport.run(
      URL(fileURLWithPath: "/bin/sh"), ["-c", script], environment: ["PATH": "/usr/bin:/bin"], in: folder)
  }

  private var lab: String { "'\(ResumeTests.binary.path)'" }

  @Test(.enabled(if: hasFull), arguments: ["list", "list --json", "list --csv", "show table8"])
  func aFullDiskBehindStandardOutputIsAnError(_ command: String) throws {
    let result = try shell("\(lab) \(command) > /dev/full; echo $?")
    #expect(result.standardOutput == "74\n")
    #expect(result.standardError == "idinit-lab: cannot write standard output: No space left on device\n")
  }

  @Test(.enabled(if: hasFull)) func nothingIsLostToAFullDisk() throws {
    let folder = try TemporaryFolder()
    let run = "run figure17 --scale smoke --out r --results Results"
    let result = try shell("\(lab) \(run) > /dev/full 2> /dev/full; echo $?", in: folder.url)
    #expect(result.standardOutput == "74\n")
    #expect(FileManager.default.fileExists(atPath: folder.path("Results/figure17/results.csv")))
    let compared = try shell("\(lab) compare r > /dev/full; echo $?", in: folder.url)
    #expect(compared.standardOutput == "74\n")
  }

  @Test(.enabled(if: hasFull)) func anErrorThatNobodyCanReadKeepsItsCode() throws {
    #expect(try shell("\(lab) run tabel8 2> /dev/full; echo $?").standardOutput == "64\n")
  }

  @Test(arguments: ["", "trap '' PIPE; "]) func aReaderThatGoesAwayEndsQuietly(_ before: String) throws {
    let folder = try TemporaryFolder()
    let run = "run figure17 --scale smoke --out r"
    // The reader is gone before the table comes.
    let result = try shell(
      "\(before){ sleep 0.2; \(lab) \(run) 2> errors; echo status $? >&2; } | true", in: folder.url)
    #expect(result.standardError == "status 0\n")
    let errors = try String(contentsOfFile: folder.path("errors"), encoding: .utf8)
    #expect(!errors.contains("idinit-lab:"), "\(errors)")
  }

  @Test func aReaderOfProgressThatGoesAwayDoesNotEndTheRun() throws {
    let folder = try TemporaryFolder()
    let result = try shell(
      "{ sleep 0.2; \(lab) run figure17 --scale smoke --out r 2>&1 >table; echo $? > code; } | true", in: folder.url)
    #expect(result.standardError.isEmpty)
    #expect(try String(contentsOfFile: folder.path("code"), encoding: .utf8) == "0\n")
    #expect(try String(contentsOfFile: folder.path("table"), encoding: .utf8).contains("Figure 17"))
  }
}
