import Foundation
import Lab

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
