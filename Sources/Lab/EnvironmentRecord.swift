import Datasets
import Foundation
import Torch

/// `environment.json`: what a run was made with. Of all this, the libtorch version, the number of threads and the
/// device can change the last bits of floating-point sums: a run that goes on must have the same, so that it ends with
/// the numbers of an uninterrupted one.
public enum EnvironmentRecord {
  static let file = "environment.json"

  /// Writes the file for a run that begins; checks it for a run that goes on. Sets the number of threads.
  static func begin(_ record: RunRecord, options: RunOptions) throws {
    let device = "\(options.device)"
    if FileManager.default.fileExists(atPath: record.checkpointURL.path), var there = try record.json(file) {
      try check("threads", there["threads"]?.integer, options.threads, record, advice: "--threads")
      try check("device", there["device"]?.text, device, record, advice: "--device")
      try check("libtorch", there["libtorch"]?.text, Engine.version, record, advice: nil)
      if let threads = there["threads"]?.integer { try Engine.setThreads(threads) }
      there["resumed"] = .array((there["resumed"]?.elements ?? []) + [.string(now())])
      try record.write(there, as: file)
      return
    }
    try Engine.setThreads(options.threads ?? Engine.defaultThreads)
    let system = ProcessInfo.processInfo
    try record.write(
      [
        "started": .string(now()), "command": .array(options.command.map(JSONValue.string)),
        "libtorch": .string(Engine.version), "swift": .string(swiftVersion),
        "system": .string(system.operatingSystemVersionString), "architecture": .string(architecture),
        "processor": .string(processor), "cores": .int(system.activeProcessorCount),
        "memoryGiB": .int(Int((Double(system.physicalMemory) / Double(1 << 30)).rounded())),
        "threads": .int(Engine.threads), "device": .string(device),
      ], as: file)
  }

  /// Notes the data that a run uses.
  /// - Throws: `LabError` if the run was started on other data.
  static func note(_ dataset: ImageDataset, in record: RunRecord) throws {
    guard var environment = try record.json(file) else { return }
    let data: JSONValue = [
      "name": .string(dataset.name), "note": .string(dataset.note),
      "train": .int(dataset.train.count), "trainSHA256": .string(dataset.train.digest),
      "test": .int(dataset.test.count), "testSHA256": .string(dataset.test.digest),
    ]
    if let there = environment["data"] {
      for key in ["trainSHA256", "testSHA256"] where there[key] != data[key] {
        throw LabError(
          .data, "\(record.folder.path) was started on other data (\(key) \(there[key]?.text ?? "?"), now "
            + "\(data[key]?.text ?? "?")); choose another --out, or name the same data with --data")
      }
    }
    environment["data"] = data
    try record.write(environment, as: file)
  }

  private static func check<Value: Equatable>(
    _ what: String, _ there: Value?, _ here: Value?, _ record: RunRecord, advice: String?
  ) throws(LabError) {
    guard let there, let here, there != here else { return }
    throw LabError(
      .configuration,
      "\(record.folder.path) was started with \(what) \(there), now it is \(here): the numbers would not be those of "
        + "one run; \(advice.map { "use \($0) \(there), or " } ?? "")choose another --out")
  }

  private static func now() -> String { ISO8601DateFormatter().string(from: Date()) }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  private static var swiftVersion: String {
    #if swift(>=6.4)
      "6.4 or newer"
    #elseif swift(>=6.3)
      "6.3"
    #elseif swift(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }

  private static var processor: String {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return architecture }
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      return line.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces) ?? architecture
    }
    return architecture
  }
}
