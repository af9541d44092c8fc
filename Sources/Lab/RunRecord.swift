import Foundation

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The folder of one run on disk.
///
/// | file | content |
/// | --- | --- |
/// | `recipe.json` | what was asked, resolved: recipe, labels of the run, every setting |
/// | `environment.json` | versions, processor, threads, device, date, data digest |
/// | `plan.json` | the initialisation plan, where a network was initialised |
/// | `metrics.jsonl` | a line an epoch (or step); timing apart in the member `timing` |
/// | `checkpoint.safetensors` | what an unfinished run needs to go on |
/// | `summary.json` | written last: how the run ended and its results; a record that has it is never run again |
/// | `model.safetensors` | the trained parameters |
/// | other `.csv` | tables that an analysis wrote |
/// | `events.out.tfevents.idinit-lab` | the metrics as TensorBoard reads them, where that was asked for |
///
/// Every file but `metrics.jsonl` is replaced whole (`ModelFiles.AtomicFile`); `metrics.jsonl` is appended line by line and cut
/// back to the last checkpoint when a run goes on, and the events, which are made from it, grow with it.
public struct RunRecord: Sendable {
  /// Where it is.
  public let folder: URL
  /// The content of `recipe.json`.
  public let identity: JSONValue

  /// How a run stands.
  public enum Status: String, Sendable {
    /// Ran to its end.
    case finished
    /// The loss became NaN or infinite; `summary.json` says where.
    case diverged
    /// Stopped, killed, or still running elsewhere.
    case unfinished
  }

  /// `metrics.jsonl`.
  public var metrics: MetricsLog { MetricsLog(url: folder.appendingPathComponent("metrics.jsonl")) }
  /// What an unfinished run needs to go on.
  public var checkpointURL: URL { folder.appendingPathComponent("checkpoint.safetensors") }
  /// The trained parameters.
  public var modelURL: URL { folder.appendingPathComponent("model.safetensors") }

  static let recipeFile = "recipe.json"
  static let summaryFile = "summary.json"

  /// The name of the recipe, and what tells this run from the others of it (variant, method, seed …).
  public var recipe: String { identity["recipe"]?.text ?? "?" }
  /// What tells this run from the others of its recipe, in order.
  public var labels: Row { Row(identity["run"]) }
  /// Every setting of this run.
  public var settings: JSONValue { identity["settings"] ?? .object([]) }

  /// The parts of `recipe.json` that make two runs the same run.
  static let compared = ["recipe", "run", "settings"]

  // MARK: Opening

  /// Makes the record at `folder`, or opens the one that is there.
  ///
  /// - Parameters:
  ///   - folder: Its place; made if it is not there.
  ///   - identity: The content of `recipe.json`: `recipe`, `run`, `settings`, and what else is good to know.
  /// - Returns: The record, with the identity that is on disk.
  /// - Throws: `LabError` if the folder holds another run (`.configuration`, naming the first difference), or
  ///   something that is no record, or cannot be made.
  public static func create(at folder: URL, identity: JSONValue) throws(LabError) -> RunRecord {
    let files = FileManager.default
    try Disk.makeFolder(folder, advice: "choose another --out")
    let recipeURL = folder.appendingPathComponent(recipeFile)
    let content = ((try? files.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
    // A record with nothing but what was asked, and of what machine, never began (its data was not there, say): it is
    // nobody's run, unless somebody is just beginning it.
    let neverBegan = content.allSatisfy { [recipeFile, EnvironmentRecord.file].contains($0) }
    if files.fileExists(atPath: recipeURL.path), !neverBegan {
      let there = try open(at: folder)
      for part in compared {
        let left = there.identity[part] ?? .null
        let right = identity[part] ?? .null
        if let difference = left.difference(from: right, at: part == "settings" ? "" : part) {
          throw LabError(
            .configuration,
            "\(folder.path) holds another run: \(difference.path) is \(difference.here) there and "
              + "\(difference.there) here; choose another --out, or remove that folder")
        }
      }
      return there
    }
    guard neverBegan else {
      throw LabError(
        .cannotCreate,
        "\(folder.path) is no run record: it has no \(recipeFile), but \(content.sorted().prefix(3).joined(separator: ", "));"
          + " choose another --out")
    }
    let record = RunRecord(folder: folder, identity: identity)
    do {
      try record.exclusively { try Disk.write(Data(identity.pretty.utf8), to: recipeURL) }
    } catch {
      throw LabError(wrapping: error)
    }
    return record
  }

  /// Opens a record for reading.
  public static func open(at folder: URL) throws(LabError) -> RunRecord {
    guard let identity = try RunRecord.json(folder.appendingPathComponent(recipeFile)) else {
      throw LabError(.noInput, "\(folder.path) is no run record: it has no \(recipeFile)")
    }
    guard identity["recipe"]?.text != nil, identity["settings"]?.members != nil else {
      throw LabError(
        .data, "\(folder.appendingPathComponent(recipeFile).path): expected an object with recipe, run and settings")
    }
    return RunRecord(folder: folder, identity: identity)
  }

  // MARK: Content

  /// How the run stands, by its `summary.json`.
  ///
  /// - Throws: ``LabError`` (`.data`, `.io`) if that file cannot be read, or says nothing of it.
  public func status() throws(LabError) -> Status {
    guard let summary = try summary() else { return .unfinished }
    guard let status = summary["status"]?.text.flatMap(Status.init(rawValue:)) else {
      throw LabError(
        .data,
        "\(folder.appendingPathComponent(Self.summaryFile).path): expected an object with status, finished or diverged; "
          + "remove it to do the run again")
    }
    return status
  }

  /// `summary.json`; nil while the run has not ended.
  public func summary() throws(LabError) -> JSONValue? { try json(Self.summaryFile) }

  /// The results that the run ended with; empty while it has not.
  public func results() throws(LabError) -> Row { Row(try summary()?["results"]) }

  /// Writes `summary.json`, which ends the run.
  public func finish(_ status: Status, results: Row, reason: String? = nil, timing: Row = [:]) throws(LabError) {
    var summary: JSONValue = ["status": .string(status.rawValue)]
    if let reason { summary["reason"] = .string(reason) }
    summary["run"] = labels.json
    summary["results"] = results.json
    if !timing.cells.isEmpty { summary["timing"] = timing.json }
    try write(summary, as: Self.summaryFile)
  }

  /// A JSON file of the record; nil if it is not there.
  ///
  /// - Throws: ``LabError`` (`.data`, `.io`) if it cannot be read.
  public func json(_ name: String) throws(LabError) -> JSONValue? {
    try RunRecord.json(folder.appendingPathComponent(name))
  }

  /// Writes a JSON file of the record, whole or not at all.
  ///
  /// - Throws: ``LabError`` if the system refuses.
  public func write(_ value: JSONValue, as name: String) throws(LabError) {
    try write(Data(value.pretty.utf8), as: name)
  }

  /// Writes a file of the record, whole or not at all.
  ///
  /// - Throws: ``LabError`` if the system refuses.
  public func write(_ data: Data, as name: String) throws(LabError) {
    try Disk.write(data, to: folder.appendingPathComponent(name))
  }

  /// Forgets what an unfinished run has done, so that it starts from its beginning.
  public func restart() throws(LabError) {
    try? FileManager.default.removeItem(at: checkpointURL)
    try metrics.keep(first: 0)
  }

  /// Keeps other processes out of this record while `body` runs.
  /// - Throws: `LabError` of kind `.busy` if another process has it.
  public func exclusively<R>(_ body: () throws -> R) throws -> R {
    let url = folder.appendingPathComponent(".lock")
    let descriptor = Self.openFile(url.path)
    guard descriptor >= 0 else { throw Disk.failure(.cannotCreate, "cannot make", url) }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw LabError(.busy, "\(folder.path) is in use by another process; wait for it, or choose another --out")
    }
    return try body()
  }

  private static func openFile(_ path: String) -> Int32 {
    #if canImport(Darwin)
      Darwin.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    #elseif canImport(Glibc)
      Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    #else
      Musl.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    #endif
  }

  private static func json(_ url: URL) throws(LabError) -> JSONValue? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let data = try Disk.read(url)
    do throws(JSONError) {
      return try JSONValue(parsing: data)
    } catch {
      throw LabError(.data, "\(url.path) is not JSON: \(error)")
    }
  }
}
