import Foundation
import TestSupport
import Testing

/// Runs that cannot start, and runs that cannot be read.
@Suite struct BrokenRunTests {
  private func lab(_ arguments: String..., in folder: TemporaryFolder) throws -> ProgramResult {
    try TestSupport.run(ResumeTests.binary, arguments, in: folder.url)
  }

  private static let train = [
    "run", "table8", "--scale", "smoke", "--variant", "relu", "--epochs", "1", "--threads", "1", "--out", "r",
  ]

  /// Both runs of Table 8 with ReLU, in `r`.
  private func trained() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let ran = try TestSupport.run(ResumeTests.binary, Self.train, in: folder.url)
    try #require(ran.status == 0, "\(ran.standardError)")
    return folder
  }

  @Test func aRunThatCannotStartLeavesNothing() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("old"), withIntermediateDirectories: true)
    for out in ["new/r", "old"] {
      let refused = try lab(
        "run", "table2-resnet56", "--scale", "small", "--data", ".", "--out", out, in: folder)
      #expect(refused.status == 66, "\(refused.standardError)")
    }
    // What was there stays, empty as it was.
    #expect(try folder.contents == ["old"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("old")) == [])
  }

  @Test func aRunThatIsThereOutlivesOneThatCannotStart() throws {
    let folder = try trained()
    let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path("r")).sorted()
    // Another variant joins; a finished one that was made with other threads ends the command before it begins.
    let refused = try TestSupport.run(
      ResumeTests.binary, Self.train + ["--variant", "tanh", "--threads", "2"], in: folder.url)
    #expect(refused.status == 64 && refused.standardError.contains("was started with threads 1"))
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path("r")).sorted() == before)
  }

  @Test(arguments: ["{\"status\": ", "{\"status\": \"well\"}", "[]"])
  func aBrokenSummaryHidesNoOtherRun(_ summary: String) throws {
    let folder = try trained()
    let broken = try folder.write(Array(summary.utf8), to: "r/relu-idinit-seed0/summary.json")
    for arguments in [["compare", "r"], ["compare", "r", "--csv"], ["report", "r", "--no-plots"]] {
      let shown = try TestSupport.run(ResumeTests.binary, arguments, in: folder.url)
      #expect(shown.status == 65)
      #expect(shown.standardError.contains("left out: "))
      #expect(shown.standardError.contains("relu-idinit-seed0/summary.json"))
      if arguments[0] == "compare" {
        #expect(shown.standardOutput.contains("default") && !shown.standardOutput.contains("idinit  "))
      }
    }
    #expect(FileManager.default.fileExists(atPath: folder.path("report.html")))
    // What is published must be all there is.
    let published = try lab("compare", "r", "--results", "Results", in: folder)
    #expect(published.status == 65 && published.standardOutput.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.path("Results")))
    // Nothing but the broken one: there is nothing to show.
    let alone = try lab("compare", "r/relu-idinit-seed0", in: folder)
    #expect(alone.status == 65 && alone.standardError.split(separator: "\n").count == 1, "\(alone.standardError)")
    #expect(FileManager.default.fileExists(atPath: broken))
  }

  @Test func aLineThatIsCutOffIsToldOf() throws {
    let folder = try trained()
    let path = folder.path("r/relu-default-seed0/metrics.jsonl")
    let metrics = try String(contentsOfFile: path, encoding: .utf8)
    _ = try folder.write(Array(metrics.utf8.dropLast(9)), to: "r/relu-default-seed0/metrics.jsonl")
    let shown = try lab("compare", "r", in: folder)
    #expect(shown.status == 0)
    #expect(
      shown.standardError.contains(
        "relu-default-seed0/metrics.jsonl: line 2 is cut off and left out; 1 line before it is"),
      "\(shown.standardError)")
    // One that is broken in the middle is no run to show.
    _ = try folder.write(Array(("{\n" + metrics).utf8), to: "r/relu-default-seed0/metrics.jsonl")
    let refused = try lab("compare", "r", in: folder)
    #expect(refused.status == 65 && refused.standardError.contains("metrics.jsonl: line 1 is no JSON object"))
    #expect(refused.standardOutput.contains("idinit") && !refused.standardOutput.contains("default  "))
  }
}
