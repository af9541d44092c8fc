import Foundation
import TestSupport
import Testing

@testable import Lab

@Suite struct MetricsLogTests {
  private func log(_ text: String, in folder: TemporaryFolder) throws -> MetricsLog {
    MetricsLog(url: URL(fileURLWithPath: try folder.write(Array(text.utf8), to: "metrics.jsonl")))
  }

  @Test func appendsAndReadsBack() throws {
    let folder = try TemporaryFolder()
    let log = MetricsLog(url: folder.url.appendingPathComponent("metrics.jsonl"))
    #expect(try log.rows().isEmpty)
    let values = [0.1, 1.0 / 3, Double.leastNonzeroMagnitude, -0.0, 1e300, .nan, .infinity]
    for (epoch, value) in values.enumerated() {
      try log.append(["epoch": .int(epoch), "loss": .double(value)], timing: ["seconds": 1.5])
    }
    let rows = try log.rows()
    #expect(rows.count == values.count)
    for (row, value) in zip(rows, values) {
      let read = try #require(row.number("loss"))
      #expect(read == value || read.isNaN && value.isNaN)
    }
  }

  /// A kill can cut the last line at any byte; whatever is left of it must go, and nothing else.
  @Test func aLineCutAnywhereIsRepaired() throws {
    let whole = "{\"epoch\":1,\"loss\":0.5}\n"
    let last = "{\"epoch\":2,\"loss\":0.25,\"timing\":{\"seconds\":1.0}}\n"
    for cut in 0..<last.utf8.count {
      let folder = try TemporaryFolder()
      let log = try log(whole + String(last.prefix(cut)), in: folder)
      #expect(try log.rows().count == 1)
      try log.keep(first: 1)
      #expect(try String(contentsOf: log.url, encoding: .utf8) == whole)
    }
  }

  @Test func keepsWhatTheCheckpointKnows() throws {
    let folder = try TemporaryFolder()
    let log = try log("{\"epoch\":0}\n{\"epoch\":1}\n{\"epoch\":2}\n", in: folder)
    try log.keep(first: 2)
    #expect(try String(contentsOf: log.url, encoding: .utf8) == "{\"epoch\":0}\n{\"epoch\":1}\n")
    let error = #expect(throws: LabError.self) { try log.keep(first: 3) }
    #expect(error?.message.contains("2 whole lines") == true)
    #expect(error?.exitCode == 65)
  }

  @Test func aHalfLineIsToldOf() throws {
    let folder = try TemporaryFolder()
    for (text, says) in [
      ("{\"epoch\":0}\n", nil), ("", nil),
      ("{\"epoch\":0}\n{\"ep", "line 2 is cut off and left out; 1 line before it is whole"),
    ] as [(String, String?)] {
      let half = try log(text, in: folder).halfLine()
      #expect(half.map { $0.hasSuffix(says ?? "nothing") } ?? (says == nil), "\(half ?? "")")
    }
  }

  @Test func aBrokenLineInTheMiddleIsAnError() throws {
    let folder = try TemporaryFolder()
    let log = try log("{\"epoch\":0}\n{\"epoch\"\n{\"epoch\":2}\n", in: folder)
    let error = #expect(throws: LabError.self) { try log.rows() }
    #expect(error?.message.contains("line 2") == true)
  }

  @Test func comparableLeavesOutTimingOnly() {
    let text = "{\"epoch\":1,\"loss\":0.5,\"timing\":{\"seconds\":1.0,\"imagesPerSecond\":9.0}}\n{\"epoch\":2}\n"
    #expect(MetricsLog.comparable(text) == "{\"epoch\":1,\"loss\":0.5\n{\"epoch\":2}\n")
  }
}

@Suite struct RunRecordTests {
  private let identity: JSONValue = [
    "recipe": "table8", "run": ["method": "idinit", "seed": 0], "settings": ["optimizer": ["learningRate": 0.1]],
    "title": "a title",
  ]

  @Test func opensWhatIsThere() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appendingPathComponent("a/b")
    let record = try RunRecord.create(at: url, identity: identity)
    #expect(try record.status() == .unfinished)
    var other = identity
    other["title"] = "another title"
    let again = try RunRecord.create(at: url, identity: other)
    #expect(again.labels.text("method") == "idinit")
    try again.finish(.finished, results: ["testAccuracy": 0.5])
    #expect(try record.status() == .finished)
    #expect(try record.results().number("testAccuracy") == 0.5)
  }

  @Test func aRecordThatNeverBeganGivesWay() throws {
    let folder = try TemporaryFolder()
    _ = try RunRecord.create(at: folder.url, identity: identity)
    var other = identity
    other["settings"] = ["optimizer": ["learningRate": 0.2]]
    #expect(try RunRecord.create(at: folder.url, identity: other).identity == other)
    #expect(try RunRecord.open(at: folder.url).identity == other)
  }

  @Test func anotherRunIsAnErrorThatNamesTheDifference() throws {
    let folder = try TemporaryFolder()
    let begun = try RunRecord.create(at: folder.url, identity: identity)
    try begun.metrics.append(["epoch": 0])
    var other = identity
    other["settings"] = ["optimizer": ["learningRate": 0.2]]
    let error = #expect(throws: LabError.self) { try RunRecord.create(at: folder.url, identity: other) }
    for part in ["optimizer.learningRate", "0.1", "0.2"] { #expect(error?.message.contains(part) == true) }
    #expect(error?.exitCode == 78)
    other = identity
    other["run"] = ["method": "idinit", "seed": 1]
    let second = #expect(throws: LabError.self) { try RunRecord.create(at: folder.url, identity: other) }
    #expect(second?.message.contains("run.seed is 0 there and 1 here") == true)
  }

  /// What failed before its first step (its data was not there) does not claim the folder.
  @Test func aRunThatNeverBeganIsNobodys() throws {
    let folder = try TemporaryFolder()
    let first = try RunRecord.create(at: folder.url, identity: identity)
    try first.write(["threads": 1], as: "environment.json")
    var other = identity
    other["run"] = ["method": "idinit", "seed": 1]
    let second = try RunRecord.create(at: folder.url, identity: other)
    #expect(second.labels.number("seed") == 1)
    // Not while somebody is at it, nor after the first line of metrics.
    try second.exclusively {
      let error = #expect(throws: LabError.self) { try RunRecord.create(at: folder.url, identity: identity) }
      #expect(error?.kind == .busy)
    }
    try second.metrics.append(["epoch": 0])
    #expect(throws: LabError.self) { try RunRecord.create(at: folder.url, identity: identity) }
  }

  @Test func aFolderOfSomethingElseIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write([1], to: "thesis.tex")
    let error = #expect(throws: LabError.self) { try RunRecord.create(at: folder.url, identity: identity) }
    #expect(error?.message.contains("thesis.tex") == true)
    #expect(try folder.contents == ["thesis.tex"])
  }

  @Test func brokenRecordsSayWhatIsWrong() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Array("{\"recipe\": ".utf8), to: "recipe.json")
    let error = #expect(throws: LabError.self) { try RunRecord.open(at: folder.url) }
    #expect(error?.message.contains("recipe.json") == true)
    #expect(error?.exitCode == 65)
    _ = try folder.write(Array("[]".utf8), to: "recipe.json")
    #expect(throws: LabError.self) { try RunRecord.open(at: folder.url) }
  }

  @Test func findsRecordsBelow() throws {
    let folder = try TemporaryFolder()
    for name in ["x/seed10", "x/seed2", "y"] {
      _ = try RunRecord.create(at: folder.url.appendingPathComponent(name), identity: identity)
    }
    // Results that were published without their runs are no record.
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("z"), withIntermediateDirectories: true)
    for file in ["recipe.json", "results.csv"] { _ = try folder.write(Array("{}".utf8), to: "z/\(file)") }
    let found = try FinishedRun.find(under: folder.url)
    #expect(found.runs.map(\.name) == ["seed2", "seed10", "y"])
    let error = #expect(throws: LabError.self) { try FinishedRun.find(under: folder.url.appendingPathComponent("z")) }
    #expect(found.withoutRuns.map(\.lastPathComponent) == ["z"])
    #expect(error?.exitCode == 66)
    #expect(error?.message.contains("published without their runs") == true)
  }

  @Test func onlyOneProcessAtATime() throws {
    let folder = try TemporaryFolder()
    let record = try RunRecord.create(at: folder.url, identity: identity)
    try record.exclusively {
      // flock belongs to the open file, so a second opening conflicts in this process too.
      let error = #expect(throws: LabError.self) { try record.exclusively {} }
      #expect(error?.kind == .busy)
    }
    try record.exclusively {}
  }
}

@Suite struct JSONValueTests {
  @Test func linesReadBackExactly() throws {
    let value: JSONValue = [
      "a": .double(0.1), "b": [1, 2.5, "x\"\\\n\u{1}é", .null], "c": ["d": true, "e": .double(1)], "f": .double(1e-7),
    ]
    let again = try JSONValue(parsing: Data(value.line.utf8))
    #expect(again.means(value))
    #expect(try JSONValue(parsing: Data(value.pretty.utf8)).means(value))
    #expect(value.line.hasPrefix("{\"a\":0.1,\"b\":[1,2.5,"))
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "1e", "-", "+1", "nul", "\"\\x\"", "\"\u{1}\"",
    "\"open",
    "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\u+123\"", "\"\\u-001\"", "1 2", "[1 2]", "{1:2}", "NaN",
    String(repeating: "[", count: 100_000),
  ])
  func refusesWhatIsNoJSON(_ text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: Data(text.utf8)) }
  }

  @Test func readsAllOfJSON() throws {
    let text = #" {"z":[true,false,null,-0.5e+3,12345678901234567168],"a":"\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00"} "#
    let value = try JSONValue(parsing: Data(text.utf8))
    #expect(value.members?.map(\.key) == ["z", "a"])
    #expect(value["z"] == [true, false, .null, .double(-500), .double(12_345_678_901_234_567_168)])
    #expect(value["a"] == "\"\\/\u{8}\u{C}\n\r\té\u{e9}😀")
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Data("{\n  \"a\": x}".utf8)) }
    #expect(error?.line == 2 && error?.column == 8)
  }

  @Test func namesTheFirstDifference() {
    let here: JSONValue = ["a": ["b": 1, "c": [1, 2]]]
    #expect(here.difference(from: ["a": ["b": 1, "c": [1, 3]]])?.path == "a.c")
    #expect(here.difference(from: ["a": ["b": 1]])?.there == "nothing")
    #expect(here.difference(from: ["a": ["c": [1, 2], "b": .double(1)]]) == nil)
  }
}
