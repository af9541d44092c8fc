import Foundation
import Lab

/// Progress on standard error: one live line on a terminal, a plain line for each milestone elsewhere.
final class TerminalProgress: ProgressReporter {
  private let isLive: Bool
  private let write: (String) -> Void
  private let now: () -> Double
  private var lastDraw = -Double.infinity
  private var isDrawn = false
  /// When work began, and how many runs were skipped: what the time left is judged by.
  private var start: Double?
  private var skipped = 0
  private var startFraction = 0.0

  init(
    isLive: Bool = Terminal.isError && ProcessInfo.processInfo.environment["TERM"] != "dumb",
    write: @escaping (String) -> Void = { Output.show($0) },
    now: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime }
  ) {
    self.isLive = isLive
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
      guard isLive, now() - lastDraw > 0.1 else { return }
      draw(event)
    case .milestone:
      if isLive { draw(event) } else { line(event) }
    case .ended, .warning:
      line(event)
    case .skipped:
      skipped += 1
      line(event)
    }
  }

  /// Leaves the cursor on a line of its own.
  func finish() { clear() }

  private func draw(_ event: ProgressEvent) {
    lastDraw = now()
    let text = ProgressText.line(event, secondsLeft: secondsLeft(event), width: Terminal.width - 1)
    write("\r\u{1B}[K" + Paint.cyan(text))
    isDrawn = true
  }

  private func line(_ event: ProgressEvent) {
    clear()
    write(ProgressText.plain(event) + "\n")
  }

  private func clear() {
    if isDrawn { write("\r\u{1B}[K") }
    isDrawn = false
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
