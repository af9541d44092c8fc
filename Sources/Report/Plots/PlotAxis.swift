import Foundation
import Records

/// An axis of numbers: what it measures, how it is scaled, and how its numbers are written.
public struct PlotAxis: Sendable, Hashable {
  /// How values become places.
  public enum Scale: Sendable, Hashable {
    /// Equal differences are equally far apart.
    case linear
    /// To base 10. Values of 0 and less cannot be drawn; the plot leaves them out and says so.
    case log
  }

  /// With the unit: "test accuracy, %".
  public var title: String
  /// How values become places.
  public var scale: Scale
  /// How its numbers are written.
  public var format: NumberFormat
  /// The ends of the axis; nil: as the values have it.
  public var domain: ClosedRange<Double>?

  /// An axis of this title.
  public init(
    _ title: String, scale: Scale = .linear, format: NumberFormat = .automatic, domain: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.scale = scale
    self.format = format
    self.domain = domain
  }

  /// Whether a value has a place on this axis.
  func shows(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }

  /// For the sentence that says why values are missing.
  var unshown: String { scale == .log ? "not finite, or not above 0 on a logarithmic axis" : "not finite" }

  /// Where a logarithmic axis has its marks for values between these ends: at powers of ten, and if those are few, at 2
  /// and 5 times them; nil for a linear axis, whose marks Vega chooses well.
  func ticks(from least: Double, to most: Double) -> [Double]? {
    guard scale == .log, shows(least), shows(most) else { return nil }
    let (first, last) = (Int(log10(least).rounded(.down)), Int(log10(most).rounded(.up)))
    // Powers are computed by parsing, which rounds right where pow() need not.
    func ten(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .nan }
    let factors: [Double] = last - first <= 2 ? [1, 2, 5] : [1]
    let step = max(1, (last - first + 5) / 6)
    let ticks = stride(from: first, through: last, by: step).flatMap { power in factors.map { $0 * ten(power) } }
    return ticks.filter { $0 <= ten(last) && $0.isFinite }
  }

  /// The member `scale` for Vega-Lite; with `zero` a linear axis begins at 0.
  func scaleSpec(zero: Bool = false, nice: Bool = true) -> JSONValue {
    var spec: JSONValue = scale == .log ? ["type": "log"] : ["zero": .bool(zero)]
    if let domain {
      spec["domain"] = [.double(domain.lowerBound), .double(domain.upperBound)]
      spec["nice"] = false
    } else if !nice {
      spec["nice"] = false
    }
    return spec
  }
}

/// How a number is written, on axes, in hover values and in tables.
public enum NumberFormat: Sendable, Hashable {
  /// Up to four digits that count; very large and very small ones with an exponent.
  case automatic
  /// That many digits after the point.
  case fixed(Int)
  /// A share as a percentage: 0.9832 with 2 is "98.32%".
  case percent(Int)
  /// That many digits that count, and an exponent.
  case scientific(Int)

  /// The same in Vega's language, of an expression that is a number.
  func expression(_ value: String) -> String {
    switch self {
    case .automatic: "format(\(value), '.4~g')"
    case .fixed(let digits): "format(\(value), '.\(max(digits, 0))f')"
    case .percent(let digits): "format(100 * \(value), '.\(max(digits, 0))f') + ' %'"
    case .scientific(let digits): "format(\(value), '.\(max(digits - 1, 0))e')"
    }
  }

  /// An axis' label. Ticks are round numbers, and need no more digits than they have.
  var tickExpression: String {
    switch self {
    case .automatic:
      "abs(datum.value) >= 100000 || (datum.value != 0 && abs(datum.value) < 0.001)"
        + " ? format(datum.value, '.3~e') : format(datum.value, '.6~g')"
    case .fixed: "format(datum.value, ',.6~f')"
    case .percent: "format(100 * datum.value, '.6~f') + ' %'"
    case .scientific: "format(datum.value, '.3~e')"
    }
  }

  /// The number as a person reads it; "not finite" is written out.
  public func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "∞" : "−∞" }
    let text: String
    switch self {
    case .automatic: return Self.automaticText(value, trims: true)
    case .fixed(let digits): text = String(format: "%.\(max(digits, 0))f", value)
    case .percent(let digits): text = String(format: "%.\(max(digits, 0))f", value * 100) + " %"
    case .scientific(let digits): text = String(format: "%.\(max(digits - 1, 0))e", value)
    }
    return Self.withMinus(text)
  }

  /// Four digits that count, or three and an exponent; with `trims`, without zeros at the end.
  static func automaticText(_ value: Double, trims: Bool) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : NumberFormat.fixed(0).text(value) }
    let size = abs(value)
    if size >= 1e5 || size < 1e-3 {
      // "1.00e-05" is 1e−5.
      let parts = String(format: "%.2e", value).split(separator: "e")
      let mantissa = trims ? trimmed(String(parts[0])) : String(parts[0])
      return withMinus(mantissa + "e" + (parts.last.flatMap { Int($0) }.map(String.init) ?? ""))
    }
    let digits = max(0, 3 - Int(log10(size).rounded(.down)))
    let text = String(format: "%.\(digits)f", value)
    return withMinus(trims ? trimmed(text) : text)
  }

  private static func withMinus(_ text: String) -> String { text.replacingOccurrences(of: "-", with: "−") }

  /// A mean and its deviation, with the unit once.
  func text(_ mean: Double, _ deviation: Double?) -> String {
    guard let deviation, mean.isFinite else { return text(mean) }
    let mean = text(mean)
    guard case .percent = self else { return "\(mean) ± \(text(deviation))" }
    return "\(mean.dropLast(2)) ± \(text(deviation))"
  }

  /// A mean with the ends of what it is the mean of, the unit once: "43.5 (28.4–55.1) %".
  func text(_ mean: Double, from least: Double, to most: Double) -> String {
    guard mean.isFinite, least < most else { return text(mean) }
    let unit = if case .percent = self { 2 } else { 0 }
    func number(_ value: Double) -> Substring { text(value).dropLast(unit) }
    return "\(number(mean)) (\(number(least))–\(number(most)))\(text(mean).suffix(unit))"
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text[...]
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return String(text)
  }
}
