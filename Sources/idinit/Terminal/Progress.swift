import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far a long piece of work is: one line on standard error, if that is a terminal and the work takes more than a
/// second. Any thread may report.
final class Progress: @unchecked Sendable {  // Every access is inside the lock.
  private let lock = DispatchSemaphore(value: 1)
  private let what: String
  private let total: Int
  private let start = monotonicSeconds()
  private let isShown: Bool
  private var done = 0
  private var lastShown = 0.0

  /// - Parameters:
  ///   - what: What is being done, for people.
  ///   - total: Bytes of all of it.
  ///   - isQuiet: Whether to show nothing at all.
  init(_ what: String, total: Int, isQuiet: Bool = false) {
    self.what = what
    self.total = total
    isShown = !isQuiet && isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// Seconds since the work began.
  var seconds: Double { monotonicSeconds() - start }

  func advance(by bytes: Int) {
    guard isShown else { return }
    lock.wait()
    defer { lock.signal() }
    done += bytes
    let now = seconds
    guard now > 1, now - lastShown > 0.1 else { return }
    lastShown = now
    show("\r\u{1B}[K" + Self.line(what, done: done, of: total, seconds: now, width: (Terminal.errorColumns ?? 80) - 1))
  }

  /// What is done, and how long the rest takes at the same speed; what does not fit in `width` columns is left out.
  static func line(_ what: String, done: Int, of total: Int, seconds: Double, width: Int) -> String {
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let percent = "\(Int(share * 100)) %"
    let left = share > 0 ? ["\(durationText(seconds / share * (1 - share))) left"] : []
    let amount = "\(byteText(done)) of \(byteText(total))"
    for parts in [["\(what): \(percent)", amount] + left, ["\(what): \(percent)"] + left, [percent] + left] {
      let text = parts.joined(separator: ", ")
      if text.count <= width { return text }
    }
    return percent
  }

  /// Takes the line away.
  func end() {
    lock.wait()
    defer { lock.signal() }
    if lastShown > 0 { show("\r\u{1B}[K") }
    lastShown = 0
  }

  private func show(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// A clock that only goes forward.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// How many processors there are.
func processorCount() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
