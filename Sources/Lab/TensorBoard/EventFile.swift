import Foundation
import SwiftProtobuf

/// The file that TensorBoard reads, in a run's folder: `tensorboard --logdir` of the folder above shows a line a run.
///
/// `metrics.jsonl` is the truth, this file is made from it as a whole each time, and the same metrics give the same bytes. So
/// a run that was killed, went on or was repeated has no point twice, and finished runs can have the file made later.
enum EventFile {
  /// TensorBoard looks for `tfevents` in a name.
  static let name = "events.out.tfevents.idinit-lab"

  /// Brings the file of `record` up to its metrics.
  ///
  /// - Throws: `LabError`: `.data` or `.io` if the metrics cannot be read, another if the system refuses the file.
  static func update(_ record: RunRecord) throws(LabError) {
    let url = record.folder.appendingPathComponent(name)
    let isThere = FileManager.default.fileExists(atPath: url.path)
    let rows = try record.metrics.rows()
    guard !rows.isEmpty else {
      if isThere { try? FileManager.default.removeItem(at: url) }
      return
    }
    let started = try record.json(EnvironmentRecord.file)?["started"]?.text
    let time = started.flatMap { ISO8601DateFormatter().date(from: $0) }?.timeIntervalSince1970 ?? 0
    let whole = try content(rows, settings: record.settings, started: time)
    let there = isThere ? try Disk.read(url) : Data()
    if there.isEmpty || whole.prefix(there.count) != there {
      try Disk.write(whole, to: url)
    } else if there.count < whole.count {
      // A TensorBoard that is open goes on reading the file that it has opened, so that one grows; an append that was cut off
      // leaves the beginning of the whole, which this then completes.
      try Disk.append(whole.dropFirst(there.count), to: url)
    }
  }

  /// The whole file.
  static func content(_ rows: [Row], settings: JSONValue, started: Double) throws(LabError) -> Data {
    do {
      return try MetricsEvents(settings: settings, started: started).events(rows).reduce(into: Data()) { file, event in
        file += TFRecord.frame(try event.serializedData())
      }
    } catch {
      throw LabError(wrapping: error)
    }
  }
}
