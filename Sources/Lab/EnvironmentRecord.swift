import Foundation
import Torch

/// `environment.json`: what a run was made with. Of all this, the libtorch version, the number of threads and the
/// device can change the last bits of floating-point sums: a run that goes on must have the same, so that on a CPU it ends
/// with the numbers of an uninterrupted one. (On a GPU some of libtorch's sums are in no fixed order.) The build of the
/// program is noted, and those of the programs that went on with it in `resumedBy`, where they are others.
public enum EnvironmentRecord {
  static let file = "environment.json"

  /// Writes the file for a run that begins; checks it for a run that goes on. Sets the number of threads.
  ///
  /// - Returns: What people should know: lines for them.
  /// - Throws: `LabError`: `.configuration` for a run that was started otherwise, `.data` if nobody can tell.
  static func begin(_ record: RunRecord, options: RunOptions) throws -> [String] {
    if FileManager.default.fileExists(atPath: record.checkpointURL.path) { return try goOn(record, options: options) }
    try Engine.prepare(threads: options.threads ?? Engine.defaultThreads)
    let system = ProcessInfo.processInfo
    try record.write(
      [
        "started": .string(now()), "command": .array(options.command.map(JSONValue.string)),
        "program": ProgramBuild.current.json, "libtorch": .string(Engine.version), "swift": .string(swiftVersion),
        "system": .string(system.operatingSystemVersionString), "architecture": .string(architecture),
        "processor": .string(processor), "cores": .int(system.activeProcessorCount),
        "memoryGiB": .int(Int((Double(system.physicalMemory) / Double(1 << 30)).rounded())),
        "threads": .int(Engine.threads), "device": .string("\(options.device)"),
      ], as: file)
    return []
  }

  private static func goOn(_ record: RunRecord, options: RunOptions) throws -> [String] {
    func unusable(_ what: String) -> LabError {
      LabError(
        .data,
        "\(record.folder.appendingPathComponent(file).path): \(what); without it nobody can tell whether the run would "
          + "go on to the same numbers; remove \(record.checkpointURL.path) to start it again")
    }
    guard var there = try record.json(file) else { throw unusable("it is missing beside a checkpoint") }
    guard let threads = there["threads"]?.integer, (1...1024).contains(threads), let device = there["device"]?.text,
      let libtorch = there["libtorch"]?.text
    else { throw unusable("expected threads from 1 to 1024, device and libtorch") }
    try check("threads", threads, options.threads, record, advice: "--threads")
    try check("device", device, "\(options.device)", record, advice: "--device")
    try check("libtorch", libtorch, Engine.version, record, advice: nil)
    try Engine.prepare(threads: threads)
    there["resumed"] = .array((there["resumed"]?.elements ?? []) + [.string(now())])
    var warnings: [String] = []
    let (program, here) = (ProgramBuild(there["program"]), ProgramBuild.current)
    if program != here {
      let others = there["resumedBy"]?.elements ?? []
      if !others.contains(where: { ProgramBuild($0) == here }) { there["resumedBy"] = .array(others + [here.json]) }
      warnings.append(
        "started by another build of this program (\(program?.text ?? "which did not note itself"), now \(here.text)): "
          + "the numbers may not be those of an uninterrupted run")
    }
    try record.write(there, as: file)
    if let other = there["processor"]?.text, other != processor {
      warnings.append(
        "started on another processor (\(other), now \(processor)): libtorch may add in another order here, so the last "
          + "bits may not be those of an uninterrupted run")
    }
    return warnings
  }

  /// Checks that a finished run, which is not repeated, was made as it is asked for now.
  ///
  /// Data that is nowhere to be found, and threads that are left open, ask for nothing.
  /// - Returns: What people should know: lines for them.
  /// - Throws: `LabError` (`.configuration` or `.data`) that names the difference.
  static func checkFinished(_ record: RunRecord, options: RunOptions, shelf: DataShelf) throws -> [String] {
    guard let there = try record.json(file) else {
      return ["\(file) is missing: nobody can tell whether data, threads and device were those of this command"]
    }
    try check("threads", there["threads"]?.integer, options.threads, record, advice: "--threads")
    try check("device", there["device"]?.text, "\(options.device)", record, advice: "--device")
    guard let name = there["data"]?["name"]?.text, DataShelf.names.contains(name) else { return [] }
    // A folder that was named must have it.
    let found = try options.dataFolder.map { try shelf.dataset(name, folder: $0) }
    guard let dataset = found ?? (try? shelf.dataset(name, folder: nil)) else { return [] }
    let data = dataset.description
    try check(there["data"], is: data, record)
    if there["data"]?["official"] == nil {
      // An older program did not note it; the digests are those of the same data.
      var completed = there
      completed["data"] = data
      try record.write(completed, as: file)
    }
    return []
  }

  /// Notes data that a run uses.
  /// - Throws: `LabError` if the run was started on other data.
  static func note(_ data: some RecordedData, as key: String, in record: RunRecord) throws {
    guard var environment = try record.json(file) else { return }
    try check(environment[key], is: data.description, record)
    environment[key] = data.description
    try record.write(environment, as: file)
  }

  private static func check(_ there: JSONValue?, is here: JSONValue, _ record: RunRecord) throws(LabError) {
    guard let there else { return }
    let digests = (here.members ?? []).map(\.key).filter { $0.hasSuffix("SHA256") }
    for key in digests where there[key] != here[key] {
      throw LabError(
        .data,
        "\(record.folder.path) was started on other data (\(key) \(there[key]?.text ?? "?"), now "
          + "\(here[key]?.text ?? "?")); choose another --out, or name the same data with --data")
    }
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
