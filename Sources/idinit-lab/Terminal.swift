import Foundation
import Lab
// Rainbow keeps its switch in a global; this program touches it from the main thread alone.
@preconcurrency import Rainbow

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is known about the terminal, if there is one.
enum Terminal {
  static let isOutput = isatty(STDOUT_FILENO) == 1
  static let isError = isatty(STDERR_FILENO) == 1
  private static let environment = ProcessInfo.processInfo.environment

  /// Columns of what is printed.
  static var width: Int { columns(of: STDOUT_FILENO) }
  /// Columns of the line that shows progress.
  static var errorWidth: Int { columns(of: STDERR_FILENO) }

  /// Columns for sentences, which are hard to read in longer lines.
  static var proseWidth: Int { min(width, 100) }

  /// `COLUMNS` if somebody has exported it, else those of the terminal, else 80.
  private static func columns(of descriptor: Int32) -> Int {
    if let asked = environment["COLUMNS"].flatMap(Int.init), asked > 0 { return min(asked, 10_000) }
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Colour only on a terminal that knows it, and never against `NO_COLOR`.
  static func hasColour(_ isTerminal: Bool) -> Bool {
    isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }
}

/// Colour, where there is any.
enum Paint {
  static func bold(_ text: String) -> String { Terminal.hasColour(Terminal.isOutput) ? apply(text) { $0.bold } : text }
  static func dim(_ text: String) -> String { Terminal.hasColour(Terminal.isError) ? apply(text) { $0.dim } : text }
  static func cyan(_ text: String) -> String { Terminal.hasColour(Terminal.isError) ? apply(text) { $0.cyan } : text }

  private static func apply(_ text: String, _ style: (String) -> String) -> String {
    Rainbow.enabled = true
    return style(text)
  }
}
