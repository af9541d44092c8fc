#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Whether the person at the terminal (SIGINT) or the system (SIGTERM) has asked the process to stop.
///
/// A run looks at `isRequested` after every step, saves what it needs to go on, and ends. A second signal ends the
/// process at once; the record stays whole then too, only what came after the last checkpoint is done again.
public struct StopSignal: Sendable {
  private let test: @Sendable () -> Bool

  /// A signal that comes when `test` says so.
  public init(when test: @escaping @Sendable () -> Bool) { self.test = test }

  /// Whether a stop was asked for.
  public var isRequested: Bool { test() }

  /// Never stops.
  public static let never = StopSignal { false }

  /// Catches SIGINT and SIGTERM from now on, also where the parent process had them blocked.
  public static func catchingInterrupts() -> StopSignal {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      signal(number, handleStop)
      sigaddset(&signals, number)
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    return StopSignal { stopRequests > 0 }
  }

  /// What a process that was stopped ends with, as shells have it: 130 after SIGINT, 143 after SIGTERM.
  public static var exitCode: Int32 { 128 + (stopNumber == 0 ? SIGINT : Int32(stopNumber)) }

  /// Stops the run, saying how to go on, if a stop was asked for.
  public func check(_ where: @autoclosure () -> String = "stopped") throws(LabError) {
    if isRequested { throw LabError(.interrupted, `where`()) }
  }
}

// A signal handler may touch nothing but a `sig_atomic_t`; this is the one way to have one. Both are only ever
// changed by the handler, and read.
nonisolated(unsafe) private var stopRequests: sig_atomic_t = 0
// The first signal that came: as above.
nonisolated(unsafe) private var stopNumber: sig_atomic_t = 0

private func handleStop(_ number: Int32) {
  if stopRequests == 0 { stopNumber = sig_atomic_t(number) }
  stopRequests += 1
  if stopRequests > 1 { _exit(128 + number) }
}
