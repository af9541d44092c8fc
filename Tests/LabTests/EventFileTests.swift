import Foundation
import TestSupport
import Testing

@testable import Lab
@testable import Recipes

@Suite struct EventFileTests {
  private static func events(_ rows: [Row], settings: JSONValue = [:]) -> [Tensorflow_Event] {
    MetricsEvents(settings: settings, started: 1000).events(rows)
  }

  /// The events in a file, each taken out of its frame.
  private static func events(in file: Data) throws -> [Tensorflow_Event] {
    var events: [Tensorflow_Event] = []
    var rest = [UInt8](file)
    while rest.count >= 16 {
      let count = rest[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      try #require(rest.count >= 16 + count)
      events.append(try Tensorflow_Event(serializedBytes: Array(rest[12..<12 + count])))
      rest.removeFirst(16 + count)
    }
    #expect(rest.isEmpty)
    return events
  }

  @Test func aRowIsAnEvent() {
    let events = Self.events([
      ["epoch": 0, "testLoss": 2.5, "divergedFrom": .null, "layer": "fc", "isLast": .bool(true)],
      ["epoch": 3, "unmoved.layer1.0.conv2.weight": 0.25, "timing": ["seconds": 1.5]],
    ])
    #expect(events.map(\.fileVersion) == ["brain.Event:2", "", ""])
    #expect(events.map(\.step) == [0, 0, 3])
    #expect(events.map(\.wallTime) == [1000, 1000, 1001.5])
    #expect(events[1].summary.value.map(\.tag) == ["testLoss"])
    #expect(events[1].summary.value.map(\.simpleValue) == [2.5])
    #expect(events[2].summary.value.map(\.tag) == ["unmoved/layer1.0.conv2.weight"])
  }

  /// A row that begins with no whole number is counted by its place.
  @Test func rowsWithoutCountAreCounted() {
    let events = Self.events([["loss": 0.5], ["loss": 0.25]])
    #expect(events.map(\.step) == [0, 0, 1])
    #expect(events.dropFirst().map { $0.summary.value.map(\.tag) } == [["loss"], ["loss"]])
  }

  /// As they are on disk: texts, since JSON has no such numbers.
  @Test func nanAndInfinitySurvive() {
    let rows: [Row] = [["step": 1, "a": "NaN", "b": "Infinity", "c": "-Infinity", "d": 1e300]]
    let values = Self.events(rows)[1].summary.value.map(\.simpleValue)
    #expect(values.count == 4 && values[0].isNaN)
    #expect(Array(values.dropFirst()) == [.infinity, -.infinity, .infinity])
  }

  @Test func countsBecomeAHistogram() throws {
    let rows: [Row] = [["epoch": 1, "histogram": [3, 0, 1, 2], "other": [1, 2]]]
    let values = Self.events(rows, settings: ["histogram": ["range": 2.0]])[1].summary.value
    #expect(values.map(\.tag) == ["histogram"])
    let histogram = try #require(values.first?.histo)
    #expect((histogram.min, histogram.max, histogram.num) == (-2, 2, 6))
    #expect(histogram.bucketLimit == [-1, 0, 1, 2])
    #expect(histogram.bucket == [3, 0, 1, 2])
    // Middles -1.5, -0.5, 0.5, 1.5.
    #expect((histogram.sum, histogram.sumSquares) == (-1, 3 * 2.25 + 0.25 + 2 * 2.25))
    // Where nobody knows the bins, nothing is drawn.
    #expect(Self.events(rows)[1].summary.value.isEmpty)
  }

  @Test func aRunLeavesItsEventsAndAFinishedOneGetsThem() throws {
    let bench = try Bench()
    _ = try bench.run()
    #expect(!FileManager.default.fileExists(atPath: bench.url(EventFile.name).path))
    _ = try bench.run { $0.tensorBoard = true }
    let file = try bench.file(EventFile.name)
    let rows = try MetricsLog(url: bench.url("metrics.jsonl")).rows()
    let events = try Self.events(in: file)
    #expect(events.count == rows.count + 1)
    #expect(events.dropFirst().map { Int($0.step) } == rows.map { $0["epoch"]?.integer })
    for (event, row) in zip(events.dropFirst(), rows) {
      let loss = event.summary.value.first { $0.tag == "testLoss" }
      #expect(loss?.simpleValue == row.number("testLoss").map { Float($0) })
    }
    _ = try bench.run { $0.tensorBoard = true }
    #expect(try bench.file(EventFile.name) == file)
  }

  /// Stopped in its second epoch of ten steps, it has the first's events, and in the end those of all, once each.
  @Test func aStoppedRunHasEachEpochOnce() throws {
    let bench = try Bench([("training.epochs", "3")])
    #expect(throws: LabError.self) {
      try bench.run(stopAfter: 15, checkpointSeconds: 0) { $0.tensorBoard = true }
    }
    #expect(try Self.events(in: bench.file(EventFile.name)).dropFirst().map(\.step) == [0, 1])
    _ = try bench.run { $0.tensorBoard = true }
    #expect(try Self.events(in: bench.file(EventFile.name)).dropFirst().map(\.step) == [0, 1, 2, 3])
  }

  /// An append that was cut off anywhere is completed; anything else in its place is replaced.
  @Test func whatIsThereIsCompletedOrReplaced() throws {
    let bench = try Bench()
    _ = try bench.run { $0.tensorBoard = true }
    let url = bench.url(EventFile.name)
    let whole = try Data(contentsOf: url)
    for there in [Data(), whole.prefix(1), whole.prefix(60), whole.dropLast(), whole + Data([1]), Data("other".utf8)] {
      try Data(there).write(to: url)
      _ = try bench.run { $0.tensorBoard = true }
      #expect(try Data(contentsOf: url) == whole, "\(there.count) bytes")
    }
  }
}
