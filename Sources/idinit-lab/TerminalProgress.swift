import Foundation
import Lab

/// Progress of runs on standard error: one live line on a terminal, a plain line for each milestone elsewhere.
final class TerminalProgress: ProgressReporter {
  private let live: LiveLine
  private let write: (String) -> Void
  private let now: () -> Double
  /// When work began, and how many runs were skipped: what the time left is judged by.
  private var start: Double?
  private var skipped = 0
  private var startFraction = 0.0

  init(
    _ live: LiveLine = LiveLine(),
    write: @escaping (String) -> Void = { Output.show($0) },
    now: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime }
  ) {
    self.live = live
    self.write = write
    self.now = now
  }

  func report(_ event: ProgressEvent) {
    switch event.moment {
    case .began:
      if start == nil {
        start = now()
        startFraction = event.fraction
      }
      if !event.detail.isEmpty { line(event) }
    case .moved:
      if live.isDue { draw(event) }
    case .milestone:
      if live.isLive { draw(event) } else { line(event) }
    case .ended, .warning:
      line(event)
    case .skipped:
      skipped += 1
      line(event)
    }
  }

  /// Leaves the cursor on a line of its own.
  func finish() { live.clear() }

  private func draw(_ event: ProgressEvent) {
    live.draw(ProgressText.line(event, secondsLeft: secondsLeft(event), width: Terminal.errorWidth - 1))
  }

  private func line(_ event: ProgressEvent) {
    live.clear()
    write(ProgressText.plain(event) + "\n")
  }

  /// For all the runs of the command, taking each for as long as those so far.
  private func secondsLeft(_ event: ProgressEvent) -> Double? {
    guard let start else { return nil }
    let done = Double(event.index - 1 - skipped) + event.fraction - startFraction
    let left = Double(event.total - event.index) + 1 - event.fraction
    let elapsed = now() - start
    guard done > 0, elapsed > 0.5 else { return nil }
    return elapsed / done * left
  }
}
