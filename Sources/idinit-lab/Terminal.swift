import Foundation
import Lab
// Rainbow keeps its switch in a global; this program touches it from the main thread alone.
@preconcurrency import Rainbow
import TextTable

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

  /// Columns: of the terminal, else `COLUMNS`, else 80.
  static var width: Int {
    var size = winsize()
    for descriptor in [STDERR_FILENO, STDOUT_FILENO]
    where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return environment["COLUMNS"].flatMap(Int.init) ?? 80
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

/// Result tables in columns.
enum TableText {
  static func text(_ table: ResultTable) -> String {
    let cells = table.cells
    let widths = table.columns.indices.map { index in
      ([table.columns[index].title] + cells.map { $0[index] }).map(\.count).max() ?? 0
    }
    let text = TextTable<[String]> { row in
      table.columns.indices.map { index in
        Column(
          title: table.columns[index].title, value: row[index], width: widths[index] + 1,
          align: table.columns[index].isNumber ? .right : .left)
      }
    }
    let lines = (text.string(for: cells, style: Style.simple) ?? "no results\n").split(separator: "\n")
    return lines.map { line in
      line.reversed().drop { $0 == " " }.reversed().map(String.init).joined() + "\n"
    }.joined()
  }
}
