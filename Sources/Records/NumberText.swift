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
}
