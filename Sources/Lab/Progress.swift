import Foundation

/// What a run tells whoever watches it.
public struct ProgressEvent: Sendable {
  /// What happened.
  public enum Moment: Sendable {
    /// A run begins (or goes on: `detail` says from where).
    case began
    /// Something moved; may come many times a second.
    case moved
    /// An epoch, or another step worth a line of its own, is complete.
    case milestone
    /// A run ended; `detail` says how.
    case ended
    /// A run was found finished and is not repeated.
    case skipped
    /// Something that people should know, in `detail`.
    case warning
  }

  /// What happened.
  public var moment: Moment
  /// The run's name, as its folder's.
  public var run: String
  /// Which run of how many, from 1.
  public var index = 1
  /// How many runs there are.
  public var total = 1
  /// How much of this run is done, 0 to 1.
  public var fraction = 0.0
  /// What is counted, as "epoch 3/30", "step 200/3000".
  public var position = ""
  /// The loss in training; nil where there is none to tell.
  public var loss: Double?
  /// The share of right answers, 0 to 1; nil where there is none to tell.
  public var accuracy: Double?
  /// How fast training goes; nil where there is nothing to tell.
  public var samplesPerSecond: Double?
  /// More, in words; empty for nothing.
  public var detail = ""

  /// An event of the run of that name, with nothing else to tell yet.
  public init(_ moment: Moment, run: String) {
    self.moment = moment
    self.run = run
  }

  /// How much of all the runs is done, 0 to 1, each counting alike.
  public var overall: Double { (Double(index - 1) + fraction) / Double(max(total, 1)) }
}

/// Shows progress; called on the thread that runs.
public protocol ProgressReporter: AnyObject {
  /// Takes an event in.
  func report(_ event: ProgressEvent)
}

/// Shows nothing.
public final class SilentProgress: ProgressReporter {
  /// A reporter that shows nothing.
  public init() {}
  public func report(_ event: ProgressEvent) {}
}

/// Progress in words, made to fit a width.
public enum ProgressText {
  /// One live line: run, position, loss, accuracy, rate; then a bar or a percentage and the time left, both of all the
  /// runs. What does not fit in `width` columns is left out, least important first.
  public static func line(_ event: ProgressEvent, secondsLeft: Double?, width: Int) -> String {
    let count = event.total > 1 ? "[\(event.index)/\(event.total)] " : ""
    let left = secondsLeft.map { "\(duration($0)) left" }
    let loss = event.loss.map { "loss \(short($0))" }
    let accuracy = event.accuracy.map { "acc \(percent($0))" }
    let rate = event.samplesPerSecond.map { "\(thousands($0))/s" }
    let percentDone = wholePercent(event.overall)
    let variants: [[String?]] = [
      [event.position, loss, accuracy, rate, bar(event.overall, width: 16), percentDone, left],
      [event.position, loss, accuracy, rate, bar(event.overall, width: 8), percentDone, left],
      [event.position, loss, accuracy, rate, percentDone, left],
      [event.position, loss, accuracy, percentDone, left],
      [event.position, loss, percentDone, left],
      [event.position, percentDone, left],
      [percentDone, left],
    ]
    for parts in variants {
      let text = count + ([event.run] + parts.compactMap { $0 }.filter { !$0.isEmpty }).joined(separator: "  ")
      if text.count <= width { return text }
    }
    return String((count + percentDone).prefix(max(width, 0)))
  }

  /// One plain line for a milestone.
  public static func plain(_ event: ProgressEvent) -> String {
    let count = event.total > 1 ? "[\(event.index)/\(event.total)] " : ""
    let parts: [String?] = [
      event.run, event.position, event.loss.map { "loss \(short($0))" },
      event.accuracy.map { "accuracy \(percent($0))" }, event.samplesPerSecond.map { "\(thousands($0)) samples/s" },
      event.detail,
    ]
    return count + parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// One live line for work without runs: what is done, bar, percentage, time left, fitted to `width` columns.
  public static func line(_ what: String, fraction: Double, secondsLeft: Double?, width: Int) -> String {
    let left = secondsLeft.map { "\(duration($0)) left" }
    let percentDone = wholePercent(fraction)
    for parts in [
      [what, bar(fraction, width: 16), percentDone, left], [what, percentDone, left], [percentDone, left],
    ] {
      let text = parts.compactMap { $0 }.joined(separator: "  ")
      if text.count <= width { return text }
    }
    return String(percentDone.prefix(max(width, 0)))
  }

  private static func wholePercent(_ fraction: Double) -> String {
    fraction.isFinite ? "\(Int((min(max(fraction, 0), 1) * 100).rounded(.down))) %" : "? %"
  }

  static func bar(_ fraction: Double, width: Int) -> String {
    let done = fraction.isFinite ? min(max(Int((fraction * Double(width)).rounded()), 0), width) : 0
    return String(repeating: "━", count: done) + String(repeating: "╌", count: width - done)
  }

  /// "8 s", "3 min 20 s", "2 h 05 min".
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
    return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
  }

  /// Four significant digits: "2.303", "0.0412", "1.2e-05".
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "infinite" : "-infinite" }
    if value == 0 { return "0" }
    let magnitude = abs(value)
    if magnitude >= 1e5 || magnitude < 1e-3 { return fixed(value, format: "%.2e") }
    let digits = max(0, 3 - Int(log10(magnitude).rounded(.down)))
    return fixed(value, format: "%.\(min(digits, 5))f")
  }

  /// A share as a percentage with two digits after the point.
  public static func percent(_ share: Double) -> String { fixed(share * 100, format: "%.2f") + " %" }

  /// A whole number with commas between thousands.
  public static func thousands(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "?" }
    var text = String(Int(value.rounded()))
    var index = text.count - 3
    while index > (value < 0 ? 1 : 0) {
      text.insert(",", at: text.index(text.startIndex, offsetBy: index))
      index -= 3
    }
    return text
  }
}
