import Foundation

/// Brings one URL to one file. The fetcher checks what arrives, so a transport need not be trusted.
public protocol DownloadTransport: Sendable {
  /// Writes what `url` serves to `file`, which does not exist yet.
  ///
  /// - Parameters:
  ///   - url: what to bring.
  ///   - file: where to.
  ///   - byteCount: how large it should be; a transport may stop at more.
  ///   - isCancelled: asked now and then; when it says yes, the transport stops and throws `cancelled`.
  /// - Throws: `DownloadFailure`; what it left at `file` is the caller's to remove.
  func download(
    _ url: String, to file: String, byteCount: Int, isCancelled: @Sendable () -> Bool
  ) throws(DownloadFailure)
}

/// Why one URL did not arrive.
public enum DownloadFailure: Error, Hashable, Sendable {
  /// In a few words, for the line that lists what was tried: `could not resolve host`.
  case failed(String)
  /// It was interrupted.
  case cancelled
}

/// Downloads with the `curl` program, which is on every Mac and nearly every Linux machine.
///
/// Foundation's own networking would load a second libcurl, and all that it needs, at the start of every program.
public struct CurlTransport: DownloadTransport {
  /// The program `curl` that is on the `PATH`.
  public init() {}

  public func download(
    _ url: String, to file: String, byteCount: Int, isCancelled: @Sendable () -> Bool
  ) throws(DownloadFailure) {
    guard let curl = Self.find("curl") else {
      throw .failed("the program `curl` is not installed")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: curl)
    process.arguments = [
      "--fail", "--silent", "--show-error", "--location", "--proto", "=https", "--proto-redir", "=https",
      "--connect-timeout", "15", "--speed-limit", "1000", "--speed-time", "30", "--retry", "2",
      "--max-filesize", String(byteCount), "--output", file, "--", url,
    ]
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw .failed("`curl` does not start (\(error.localizedDescription))")
    }
    while process.isRunning {
      if isCancelled() {
        process.terminate()
        process.waitUntilExit()
        throw .cancelled
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
    // curl writes a line or two, which a pipe holds: it can be read after the end.
    let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    guard process.terminationStatus == 0 else {
      let line = message.split(separator: "\n").last.map(String.init) ?? "curl ended with \(process.terminationStatus)"
      throw .failed(line.hasPrefix("curl: ") ? String(line.dropFirst(6)) : line)
    }
  }

  private static func find(_ program: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      .map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
