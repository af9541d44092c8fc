import Foundation

/// A program that runs beside the test, to be watched and ended.
public final class BackgroundProgram {
  private let process = Process()
  private let outputs: TemporaryFolder

  public init(_ executable: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
    outputs = try TemporaryFolder()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: try outputs.write([], to: "out")))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: try outputs.write([], to: "error")))
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  public var isRunning: Bool { process.isRunning }

  /// Waits until `condition` holds, looking every two milliseconds; false if the program ended or a minute passed
  /// before that.
  public func wait(until condition: () -> Bool) -> Bool {
    for _ in 0..<30_000 {
      if condition() { return true }
      if !process.isRunning { return condition() }
      usleep(2000)
    }
    return false
  }

  /// Sends a signal and waits for the end.
  public func end(by signal: Int32) throws -> ProgramResult {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: outputs.url.appendingPathComponent(name)), as: UTF8.self)
    }
    return ProgramResult(
      status: process.terminationStatus,
      signal: process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil,
      standardOutput: try text("out"), standardError: try text("error"))
  }
}
