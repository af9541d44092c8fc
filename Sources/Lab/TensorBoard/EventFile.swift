import Foundation
import SwiftProtobuf

/// The file that TensorBoard reads, in a run's folder: `tensorboard --logdir` of the folder above shows a line a run.
///
/// `metrics.jsonl` is the truth, this file is made from it, and the same metrics give the same bytes. The first update of a
/// process compares the file with all metrics: so a run that was killed, went on or was repeated has no point twice, and
/// finished runs can have the file made later. Updates after it read and append only what is new.
final class EventFile {
  /// TensorBoard looks for `tfevents` in a name.
  static let name = "events.out.tfevents.idinit-lab"

  private let record: RunRecord
  private let url: URL
  /// How far the last update came; nil before the first, and after one that failed.
  private var reached: Reached?

  private struct Reached {
    var events: MetricsEvents
    /// In the metrics.
    var place: MetricsLog.Place
    /// Bytes of the file.
    var size: Int
  }

  init(_ record: RunRecord) {
    self.record = record
    url = record.folder.appendingPathComponent(Self.name)
  }

  /// Brings the file up to the metrics.
  ///
  /// - Throws: `LabError`: `.data` or `.io` if the metrics cannot be read, another if the system refuses the file.
  func update() throws(LabError) {
    let before = reached
    reached = nil
    if let before, let after = try grown(before) {
      reached = after
    } else {
      reached = try compared()
    }
  }

  /// The file with the lines that came after `before`; nil where it is not as it was left, or the metrics are shorter.
  private func grown(_ before: Reached) throws(LabError) -> Reached? {
    guard Disk.size(url) == before.size, Disk.size(record.metrics.url) ?? 0 >= before.place.byte else { return nil }
    var after = before
    let (rows, place) = try record.metrics.rows(from: before.place)
    after.place = place
    let more = try Self.content(after.events.next(rows))
    if !more.isEmpty { try Disk.append(more, to: url) }
    after.size += more.count
    return after
  }

  /// The file as all metrics have it, whatever was there; nil where there are none yet.
  private func compared() throws(LabError) -> Reached? {
    let isThere = FileManager.default.fileExists(atPath: url.path)
    let (rows, place) = try record.metrics.rows(from: MetricsLog.Place())
    guard !rows.isEmpty else {
      if isThere { try? FileManager.default.removeItem(at: url) }
      return nil
    }
    let started = try record.json(EnvironmentRecord.file)?["started"]?.text
    let time = started.flatMap { ISO8601DateFormatter().date(from: $0) }?.timeIntervalSince1970 ?? 0
    var events = MetricsEvents(settings: record.settings, started: time)
    let whole = try Self.content(events.next(rows))
    let there = isThere ? try Disk.read(url) : Data()
    if there.isEmpty || whole.prefix(there.count) != there {
      try Disk.write(whole, to: url)
    } else if there.count < whole.count {
      // A TensorBoard that is open goes on reading the file that it has opened, so that one grows; an append that was cut off
      // leaves the beginning of the whole, which this then completes.
      try Disk.append(whole.dropFirst(there.count), to: url)
    }
    return Reached(events: events, place: place, size: whole.count)
  }

  /// Events as the file has them.
  private static func content(_ events: [Tensorflow_Event]) throws(LabError) -> Data {
    do {
      return try events.reduce(into: Data()) { file, event in file += TFRecord.frame(try event.serializedData()) }
    } catch {
      throw LabError(wrapping: error)
    }
  }
}
