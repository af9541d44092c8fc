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
    isShown = !isQuiet && isatty(STDERR_FILENO) == 1
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
    let percent = total > 0 ? Int(Double(done) / Double(total) * 100) : 100
    show("\r\u{1B}[K\(what): \(percent) %, \(byteText(done)) of \(byteText(total))")
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
