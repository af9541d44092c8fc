import Foundation

/// The one line on standard error that is drawn again and again, where that is a terminal; elsewhere nothing.
final class LiveLine {
  let isLive: Bool
  private let write: (String) -> Void
  private let now: () -> Double
  private var lastDraw = -Double.infinity
  private var isDrawn = false

  init(
    isLive: Bool = Terminal.isError && ProcessInfo.processInfo.environment["TERM"] != "dumb",
    write: @escaping (String) -> Void = { Output.show($0) },
    now: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime }
  ) {
    self.isLive = isLive
    self.write = write
    self.now = now
  }

  /// Whether what moves many times a second is worth drawing again.
  var isDue: Bool { isLive && now() - lastDraw > 0.1 }

  func draw(_ text: String) {
    guard isLive else { return }
    lastDraw = now()
    write("\r\u{1B}[K" + Paint.cyan(text))
    isDrawn = true
  }

  /// Takes the line away, so that something else can stand there.
  func clear() {
    if isDrawn { write("\r\u{1B}[K") }
    isDrawn = false
  }
}
