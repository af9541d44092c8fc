import Foundation

/// `value` by a printf format with one `%f`, `%e` or `%g` conversion, always with a point (no locale).
package func fixed(_ value: Double, format: String) -> String {
  String(format: format, value)
}

/// Numbers for tables.
public enum NumberText {
  /// With `digits` digits after the point.
  public static func fixed(_ value: Double, digits: Int) -> String { Records.fixed(value, format: "%.\(digits)f") }
  /// With `digits` significant digits, in exponent form.
  public static func scientific(_ value: Double, digits: Int = 2) -> String {
    Records.fixed(value, format: "%.\(max(digits - 1, 0))e")
  }
  /// To three digits, whatever its size: 1.02, 0.00341, 5.2e-09.
  public static func three(_ value: Double) -> String {
    value.isFinite ? Records.fixed(value, format: "%.3g") : value.isNaN ? "NaN" : value > 0 ? "∞" : "−∞"
  }
}
