import Foundation
import TestSupport
import Testing

/// The real binary, killed and interrupted for real.
@Suite(.serialized) struct ResumeTests {
  static let binary = builtProductsFolder.appendingPathComponent("idinit-lab")

  /// One training of about 2,000 small steps on made-up data; a checkpoint every 50 ms or more.
  static func arguments(out: String) -> [String] {
    [
      "run", "table8", "--scale", "smoke", "--variant", "relu", "--method", "idinit", "--epochs", "20", "--set",
      "training.batchSize=6", "--threads", "1", "--checkpoint-every", "0.05", "--out", out,
    ]
  }

  static let run = "relu-idinit-seed0"

  struct Record {
    let folder: URL
    init(_ out: String) { folder = URL(fileURLWithPath: out).appendingPathComponent(ResumeTests.run) }
    func text(_ name: String) -> String? {
      try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
    func data(_ name: String) -> Data? { try? Data(contentsOf: folder.appendingPathComponent(name)) }
    func exists(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }
    var lines: Int { text("metrics.jsonl")?.split(separator: "\n").count ?? 0 }
    /// The metrics without what is measured by the clock: the part of each line from its member `timing` on.
    var comparable: [Substring]? {
      text("metrics.jsonl")?.split(separator: "\n").map { line in
        line.range(of: ",\"timing\"").map { line[..<$0.lowerBound] } ?? line
      }
    }
  }

  static func uninterrupted() throws -> (folder: TemporaryFolder, record: Record) {
    let folder = try TemporaryFolder()
    let result = try TestSupport.run(binary, arguments(out: folder.path("runs")))
    try #require(result.status == 0, "\(result.standardError)")
    return (folder, Record(folder.path("runs")))
  }

  enum Moment: String, CaseIterable, CustomTestStringConvertible {
    case firstEpoch = "in the first epoch, before any checkpoint counts"
    case afterCheckpoint = "right after a checkpoint"
    case late = "late"
    var testDescription: String { rawValue }

    func hasCome(_ record: Record, firstCheckpoint: inout Data?) -> Bool {
      switch self {
      case .firstEpoch: return record.lines >= 1
      case .afterCheckpoint:
        guard let checkpoint = record.data("checkpoint.safetensors") else { return false }
        if firstCheckpoint == nil { firstCheckpoint = checkpoint }
        return checkpoint != firstCheckpoint
      case .late: return record.lines >= 17
      }
    }
  }

  @Test func killedAtThreeMomentsItEndsWithTheSameBits() throws {
    let whole = try Self.uninterrupted()
    let expected = try #require(whole.record.comparable)
    #expect(expected.count == 21)
    for moment in Moment.allCases {
      let folder = try TemporaryFolder()
      let arguments = Self.arguments(out: folder.path("runs"))
      let record = Record(folder.path("runs"))
      let program = try BackgroundProgram(Self.binary, arguments)
      var first: Data?
      #expect(program.wait { moment.hasCome(record, firstCheckpoint: &first) }, "never came: \(moment)")
      let killed = try program.end(by: SIGKILL)
      try #require(killed.signal == SIGKILL, "ended before it was killed: \(moment)")
      #expect(!record.exists("summary.json"))

      let resumed = try TestSupport.run(Self.binary, arguments)
      #expect(resumed.status == 0, "\(resumed.standardError)")
      if moment != .firstEpoch { #expect(resumed.standardError.contains("goes on in epoch")) }
      #expect(record.comparable == expected, "\(moment)")
      #expect(record.data("model.safetensors") == whole.record.data("model.safetensors"), "\(moment)")
      #expect(record.exists("summary.json") && !record.exists("checkpoint.safetensors"))
    }
  }

  @Test func interruptLeavesAWholeRecordAndSaysHowToGoOn() throws {
    let whole = try Self.uninterrupted()
    let folder = try TemporaryFolder()
    let arguments = Self.arguments(out: folder.path("runs"))
    let record = Record(folder.path("runs"))
    let program = try BackgroundProgram(Self.binary, arguments)
    #expect(program.wait { record.lines >= 4 })
    let stopped = try program.end(by: SIGINT)
    #expect(stopped.status == 130 && stopped.signal == nil)
    #expect(stopped.standardError.contains("the same command goes on from there"))
    for file in ["recipe.json", "plan.json", "environment.json", "metrics.jsonl", "checkpoint.safetensors"] {
      #expect(record.exists(file), "no \(file)")
    }
    #expect(record.text("metrics.jsonl")?.hasSuffix("\n") == true)
    #expect(!record.exists("summary.json"))

    let resumed = try TestSupport.run(Self.binary, arguments)
    #expect(resumed.status == 0)
    #expect(record.comparable == whole.record.comparable)

    let again = try TestSupport.run(Self.binary, arguments)
    #expect(again.status == 0)
    #expect(again.standardError.contains("already finished, not repeated"))
  }

  @Test func sigtermEndsAsShellsHaveIt() throws {
    let folder = try TemporaryFolder()
    let record = Record(folder.path("runs"))
    let program = try BackgroundProgram(Self.binary, Self.arguments(out: folder.path("runs")))
    #expect(program.wait { record.lines >= 2 })
    let stopped = try program.end(by: SIGTERM)
    #expect(stopped.status == 143 && stopped.signal == nil)
    #expect(record.exists("checkpoint.safetensors"))

    // What is spoilt is one line and a code of its own, whichever room found it.
    let url = record.folder.appendingPathComponent("checkpoint.safetensors")
    try Data(contentsOf: url).dropLast(100).write(to: url)
    let spoilt = try TestSupport.run(Self.binary, Self.arguments(out: folder.path("runs")))
    #expect(spoilt.status == 65)
    #expect(spoilt.standardError.split(separator: "\n").count == 1, "\(spoilt.standardError)")
    #expect(spoilt.standardError.contains("remove that checkpoint"))
  }

  @Test func anotherRecipeInTheSamePlaceIsAnError() throws {
    let whole = try Self.uninterrupted()
    let result = try TestSupport.run(
      Self.binary, Self.arguments(out: whole.folder.path("runs")) + ["--set", "optimizer.learningRate=0.2"])
    #expect(result.status == 64)
    #expect(result.standardError.contains("optimizer.learningRate is 0.1 there and 0.2 here"))
  }
}
