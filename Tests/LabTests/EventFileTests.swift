import Foundation
import TestSupport
import Testing

@testable import Lab
@testable import Recipes

@Suite struct EventFileTests {
  private static func events(_ rows: [Row], settings: JSONValue = [:]) -> [Tensorflow_Event] {
    var events = MetricsEvents(settings: settings, started: 1000)
    return events.next(rows)
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
  /// A record with three lines of metrics, on no network.
  private func record(in folder: TemporaryFolder) throws -> RunRecord {
    let record = try RunRecord.create(
      at: folder.url.appendingPathComponent("run"), identity: ["recipe": "table8", "run": [:], "settings": [:]])
    for epoch in 0..<3 { try append(epoch, to: record) }
    return record
  }

  private func append(_ epoch: Int, to record: RunRecord) throws {
    try record.metrics.append(["epoch": .int(epoch), "loss": .double(0.5)], timing: ["seconds": 0.25])
  }

  /// What an update of a new process makes of the metrics.
  private func whole(_ record: RunRecord) throws -> Data {
    let url = record.folder.appendingPathComponent(EventFile.name)
    let there = try Data(contentsOf: url)
    try FileManager.default.removeItem(at: url)
    try EventFile(record).update()
    let whole = try Data(contentsOf: url)
    try there.write(to: url)
    return whole
  }

  /// An update reads and writes what is new, and nothing else: earlier lines may be illegible by then.
  @Test func anUpdateAppendsWhatIsNew() throws {
    let folder = try TemporaryFolder()
    let record = try record(in: folder)
    let url = record.folder.appendingPathComponent(EventFile.name)
    let events = EventFile(record)
    try events.update()
    let first = try Data(contentsOf: url)
    try append(3, to: record)
    let expected = try whole(record)

    let lines = try Data(contentsOf: record.metrics.url)
    let end = try #require(lines.firstIndex(of: UInt8(ascii: "\n")))
    try (Data(repeating: UInt8(ascii: "-"), count: end) + lines[end...]).write(to: record.metrics.url)
    try events.update()
    let grown = try Data(contentsOf: url)
    #expect(grown == expected && grown.prefix(first.count) == first && grown.count > first.count)
    // Nothing is new: nothing is written.
    try events.update()
    #expect(try Data(contentsOf: url) == expected)
    // A new process reads all, and finds the line.
    #expect(throws: LabError.self) { try EventFile(record).update() }
  }

  /// Killed after any byte of an append, and gone on by a new process or by the same one.
  @Test func anAppendCutAtAnyByteIsCompleted() throws {
    let folder = try TemporaryFolder()
    let record = try record(in: folder)
    let url = record.folder.appendingPathComponent(EventFile.name)
    try EventFile(record).update()
    try append(3, to: record)
    let expected = try whole(record)
    #expect(try Self.events(in: expected).dropFirst().map(\.step) == [0, 1, 2, 3])
    for count in 0...expected.count {
      try Data(expected.prefix(count)).write(to: url)
      let events = EventFile(record)
      try events.update()
      #expect(try Data(contentsOf: url) == expected, "\(count) bytes")
      try Data(expected.prefix(count)).write(to: url)
      try events.update()
      #expect(try Data(contentsOf: url) == expected, "\(count) bytes, the same process")
    }
  }

  /// A line of the metrics that was cut off is no point yet; lines that a resumed run takes back are none any more.
  @Test func metricsThatWereCutOffAreFollowed() throws {
    let folder = try TemporaryFolder()
    let record = try record(in: folder)
    let url = record.folder.appendingPathComponent(EventFile.name)
    let lines = try Data(contentsOf: record.metrics.url)
    let events = EventFile(record)
    for count in [lines.count - 1, lines.count, lines.count / 2, lines.count, 0] {
      try Data(lines.prefix(count)).write(to: record.metrics.url)
      try events.update()
      let steps = lines.prefix(count).filter { $0 == UInt8(ascii: "\n") }.count
      guard steps > 0 else {
        #expect(!FileManager.default.fileExists(atPath: url.path))
        continue
      }
      #expect(try Self.events(in: Data(contentsOf: url)).dropFirst().map(\.step) == (0..<steps).map(Int64.init))
    }
  }
}
