#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a command ends without doing what it was asked for, as one line for a person and a code of sysexits.h for
/// a program.
struct Failure: Error {
  var message: String
  var code: Int32

  /// Arguments that make no sense, alone or together.
  static func usage(_ message: String) -> Failure { Failure(message: message, code: EX_USAGE) }
  /// Numbers or files that are not what they must be.
  static func data(_ message: String) -> Failure { Failure(message: message, code: EX_DATAERR) }
  static func cannotCreate(_ message: String) -> Failure { Failure(message: message, code: EX_CANTCREAT) }
  static func inputOutput(_ message: String) -> Failure { Failure(message: message, code: EX_IOERR) }
}

/// A name from a file as it may be shown: what would move a terminal's cursor or change its colours is spelt out.
func printable(_ text: String) -> String {
  func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0x2028...0x202E ~= scalar.value
      || 0x2066...0x2069 ~= scalar.value
  }
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  return text.unicodeScalars.map { scalar in
    isControl(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
  }.joined()
}

/// Standard output, gathered into large writes.
///
/// A reader that has gone (`idinit … | head`) ends the program quietly, as it does for `cat`; a disk that is full
/// behind a redirection is an error.
final class Output {
  private var buffer = [UInt8]()

  func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 16 { try flush() }
  }

  func line(_ text: String = "") throws {
    try write(text)
    try write("\n")
  }

  func flush() throws {
    var start = 0
    while start < buffer.count {
      let written = buffer[start...].withUnsafeBytes { bytes in
        #if canImport(Glibc)
          Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
          Musl.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
        #else
          Darwin.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
        #endif
      }
      if written < 0 {
        if errno == EINTR { continue }
        // The default action on SIGPIPE comes first; this is for callers who ignore the signal.
        if errno == EPIPE { exit(EXIT_SUCCESS) }
        throw Failure.inputOutput("standard output: cannot write: \(String(cString: strerror(errno)))")
      }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
