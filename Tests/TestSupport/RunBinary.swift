import Foundation

/// What a finished program left behind.
public struct ProgramResult: Sendable {
  public var status: Int32
  /// The signal that ended it, if one did.
  public var signal: Int32?
  public var standardOutput: String
  public var standardError: String
}

/// Folder of the binaries built together with the running tests.
public let builtProductsFolder: URL = {
  // The test bundle or executable lies in the folder that the products are built into.
  for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
    return bundle.bundleURL.deletingLastPathComponent()
  }
  return Bundle.main.bundleURL
}()

/// Runs a program to its end and collects what it printed.
///
/// `environment` is the whole environment of the program. Both outputs go to files, so that no pipe can fill up.
public func run(
  _ executable: URL, _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil
) throws -> ProgramResult {
  let outputs = try TemporaryFolder()
  let (outPath, errorPath) = (try outputs.write([], to: "out"), try outputs.write([], to: "error"))
  let process = Process()
  process.executableURL = executable
  process.arguments = arguments
  process.environment = environment
  if let folder { process.currentDirectoryURL = folder }
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outPath))
  process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorPath))
  try process.run()
  process.waitUntilExit()
  func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }
  return ProgramResult(
    status: process.terminationStatus,
    signal: process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil,
    standardOutput: try text(outPath), standardError: try text(errorPath))
}
