import Dispatch
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A Python on this machine.
struct PythonProgram {
  var path: String

  /// What a program said when it ended.
  struct Answer {
    var status: Int32
    var output: Data
    /// The end of what it wrote on its standard error.
    var problem: String
  }

  /// The first that is there: `IDINIT_PYTHON`, which is taken at its word; the one that scripts/bootstrap made, in
  /// `IDINIT_DEPS` or `.deps`; `python3` on the path.
  static func found(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    folder: String = FileManager.default.currentDirectoryPath
  ) -> PythonProgram {
    if let path = environment["IDINIT_PYTHON"], !path.isEmpty { return PythonProgram(path: path) }
    var folders = ["\(folder)/.deps"]
    if let deps = environment["IDINIT_DEPS"], !deps.isEmpty { folders.insert(deps, at: 0) }
    for folder in folders {
      let path = "\(folder)/venv/bin/python"
      if FileManager.default.isExecutableFile(atPath: path) { return PythonProgram(path: path) }
    }
    return PythonProgram(path: "python3")
  }

  /// Runs a program text with `input` as its standard input.
  ///
  /// Input and output are files, not pipes: nothing can block on a full one, however much either side writes.
  /// - Throws: ``PlotRenderError`` if it cannot be started or takes more than `seconds`; it is then killed.
  func run(_ text: String, input: Data, seconds: Double) throws(PlotRenderError) -> Answer {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("idinit-report-\(UUID().uuidString)")
    let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    let ended = DispatchSemaphore(value: 0)
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try input.write(to: files[0])
      for file in files[1...] { try Data().write(to: file) }
      process.standardInput = try FileHandle(forReadingFrom: files[0])
      process.standardOutput = try FileHandle(forWritingTo: files[1])
      process.standardError = try FileHandle(forWritingTo: files[2])
    } catch {
      throw .io("cannot make files in \(folder.path): \(error.localizedDescription)")
    }
    // A bare name is looked for on the path, as a shell does.
    let isPath = path.contains("/")
    process.executableURL = URL(fileURLWithPath: isPath ? path : "/usr/bin/env")
    process.arguments = (isPath ? [] : [path]) + ["-c", text]
    process.terminationHandler = { _ in ended.signal() }
    do {
      try process.run()
    } catch {
      throw .noPython(path)
    }
    if ended.wait(timeout: .now() + seconds) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      throw .timedOut(seconds: seconds)
    }
    // env's way of saying that there is no such program.
    if !isPath && process.terminationStatus == 127 { throw .noPython(path) }
    do {
      let problem = String(decoding: try Data(contentsOf: files[2]).suffix(2000), as: UTF8.self)
      return Answer(
        status: process.terminationStatus, output: try Data(contentsOf: files[1]),
        problem: problem.trimmingCharacters(in: .whitespacesAndNewlines))
    } catch {
      throw .io("cannot read what \(path) wrote: \(error.localizedDescription)")
    }
  }
}
