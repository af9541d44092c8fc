import Foundation

/// PyTorch, or another library, in a Python process that measures one repetition whenever it is asked: a script of
/// scripts/bench that answers `ready VERSION` and then, for every line it reads, the seconds that the work took.
public final class TorchChild {
  public let version: String
  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()

  /// Starts Python, or says why not.
  public init(script: String, arguments: [String]) throws(Unavailable) {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let python = try Self.python(root)
    process.executableURL = python
    process.arguments = [root.appendingPathComponent("scripts/bench/\(script)").path] + arguments
    process.standardInput = requests
    process.standardOutput = answers
    do { try process.run() } catch { throw Unavailable("\(python.path) does not start: \(error)") }
    guard let line = Self.readLine(answers), line.hasPrefix("ready ") else {
      throw Unavailable("\(python.path) could not run scripts/bench/\(script); it says why above")
    }
    version = String(line.dropFirst("ready ".count))
  }

  public struct Unavailable: Error {
    public let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private static func python(_ root: URL) throws(Unavailable) -> URL {
    var candidates = [root.appendingPathComponent(".deps/venv/bin/python")]
    if let deps = ProcessInfo.processInfo.environment["IDINIT_DEPS"], !deps.isEmpty {
      candidates.insert(URL(fileURLWithPath: deps).appendingPathComponent("venv/bin/python"), at: 0)
    }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
      throw Unavailable("no \(candidates.map(\.path).joined(separator: " and no ")); scripts/bootstrap makes one")
    }
    return found
  }

  /// Seconds of one repetition, or nil if PyTorch has no such work or failed at it.
  public func measure(_ request: String) -> Double? {
    requests.fileHandleForWriting.write(Data("\(request)\n".utf8))
    return Self.readLine(answers).flatMap(Double.init)
  }

  public func stop() {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private static func readLine(_ pipe: Pipe) -> String? {
    var line: [UInt8] = []
    while let byte = try? pipe.fileHandleForReading.read(upToCount: 1), let first = byte.first {
      if first == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(first)
    }
    return nil
  }
}
