import Foundation
import Lab

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Standard output, standard error, and files that the user names.
enum Output {
  /// Results, on standard output. A reader that has gone (`idinit-lab … | head`) ends the program quietly.
  /// - Throws: `LabError` of kind `.io`, as behind a redirection to a full disk.
  static func print(_ text: String) throws(LabError) {
    let code = write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
    if code == EPIPE { exit(EXIT_SUCCESS) }
    guard code == 0 else { throw LabError(.io, "cannot write standard output: \(String(cString: strerror(code)))") }
  }

  /// A line on standard error; on a terminal that is narrower, over several. Where that cannot be written nobody can be
  /// told, and work goes on.
  static func note(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let shown = Terminal.isError ? lines.flatMap { Wrapped.lines($0, width: Terminal.errorWidth) } : lines
    show(shown.map { $0 + "\n" }.joined())
  }

  /// A text on standard error, as ``note(_:)``.
  static func show(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// A file as a whole; `advice` is what to do where it cannot be made.
  static func write(_ text: String, to url: URL, advice: String = "") throws(LabError) {
    try WholeFile.write(Data(text.utf8), to: url, advice: advice)
  }

  /// Writes all of `text`; the `errno` where that fails, else 0.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { bytes in
        #if canImport(Darwin)
          Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Glibc)
          Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
          Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
      }
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = rest.dropFirst(written)
    }
    return 0
  }
}
