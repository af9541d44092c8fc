import Foundation
import Lab

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

/// How long steps of known kinds still take: as long as others of their kind took, else as long as the mean of all.
struct StepTimes {
  private var seconds: [String: [Double]] = [:]
  private var spent = 0.0

  /// One step is done.
  mutating func add(_ kind: String, seconds taken: Double) {
    seconds[kind, default: []].append(taken)
    spent += taken
  }

  /// - Parameter kinds: Those of the steps that are not done yet.
  /// - Returns: The share of the time that is over, and the seconds left; nil before the first step is done.
  func estimate(left kinds: [String]) -> (fraction: Double, secondsLeft: Double?) {
    let known = seconds.values.flatMap { $0 }
    guard !known.isEmpty else { return (0, nil) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let left = kinds.reduce(0) { $0 + mean(seconds[$1] ?? known) }
    return (spent + left > 0 ? spent / (spent + left) : 0, left)
  }
}

/// How far a download is, for the line that shows it.
final class DownloadProgress {
  private let line: LiveLine
  private let now: () -> Double
  private var file = ""
  private var start = 0.0

  init(_ line: LiveLine = LiveLine(), now: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime }) {
    self.line = line
    self.now = now
  }

  /// - Parameters:
  ///   - name: The file's.
  ///   - done: Bytes of it that have arrived.
  ///   - total: All its bytes.
  func show(_ name: String, done: Int, of total: Int) {
    if name != file || done == 0 { (file, start) = (name, now()) }
    guard line.isDue, total > 0 else { return }
    let fraction = Double(done) / Double(total)
    let elapsed = now() - start
    let left = done > 0 && elapsed > 0.5 ? elapsed / fraction * (1 - fraction) : nil
    let amount =
      "\(NumberText.fixed(Double(done) / 1e6, digits: 1)) of \(NumberText.fixed(Double(total) / 1e6, digits: 1)) MB"
    line.draw(
      ProgressText.line("\(name): \(amount)", fraction: fraction, secondsLeft: left, width: Terminal.errorWidth - 1))
  }

  func clear() { line.clear() }
}
