#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What standard output can show.
struct Terminal {
  var width: Int
  var height: Int
  var hasColour: Bool
  /// Whether somebody says how wide a line may be: a terminal, or COLUMNS. Otherwise the width is a custom.
  var hasWidth = true

  /// COLUMNS and LINES if somebody has exported them, else what the terminal says, else 80×24. Colour only on a terminal, never with NO_COLOR
  /// (https://no-color.org) or TERM=dumb, always with CLICOLOR_FORCE.
  static func standardOutput() -> Terminal {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    var size = winsize()
    let isSized = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    func extent(_ reported: UInt16, _ variable: String, _ fallback: Int) -> Int {
      if let text = environment(variable), let number = Int(text), number > 0 { return min(number, 10_000) }
      return isSized && reported > 0 ? Int(reported) : fallback
    }
    let isForced = environment("CLICOLOR_FORCE").map { $0 != "0" } ?? false
    let isRefused = environment("NO_COLOR") != nil || environment("TERM") == "dumb"
    return Terminal(
      width: extent(size.ws_col, "COLUMNS", 80), height: extent(size.ws_row, "LINES", 24),
      hasColour: !isRefused && (isTerminal || isForced), hasWidth: isTerminal || environment("COLUMNS") != nil)
  }

  /// Columns of the terminal behind standard error; nil where that is none.
  static var errorColumns: Int? {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// The variable's value; nil when it is not set or empty.
  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}

/// How a piece of text is shown where there is colour.
enum Style {
  case plain, strong, faint, positive, negative

  var code: String {
    switch self {
    case .plain: ""
    case .strong: "1"
    case .faint: "2"
    case .positive: "1;36"
    case .negative: "1;35"
    }
  }

  func applied(to text: String, colour: Bool) -> String {
    colour && self != .plain && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
