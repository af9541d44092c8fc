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
  /// A count: with commas between thousands from 10,000 on.
  public static func count(_ count: Int) -> String {
    var text = String(count)
    let first = count < 0 ? 1 : 0
    guard text.count - first > 4 else { return text }
    var index = text.count - 3
    while index > first {
      text.insert(",", at: text.index(text.startIndex, offsetBy: index))
      index -= 3
    }
    return text
  }
  /// To three digits, whatever its size: 1.02, 0.00341, 5.2e-09.
  public static func three(_ value: Double) -> String {
    value.isFinite ? Records.fixed(value, format: "%.3g") : value.isNaN ? "NaN" : value > 0 ? "∞" : "−∞"
  }
}

/// Names of programs, for people.
public enum NameText {
  /// The words of a name in camel case: `gradientRMS` is "gradient RMS", `closeCopies` "close copies".
  public static func words(_ name: String) -> String {
    var words: [String] = []
    var previous: Character?
    for character in name {
      if character.isUppercase, previous?.isUppercase == false {
        words.append(String(character))
      } else {
        words.append((words.popLast() ?? "") + String(character))
      }
      previous = character
    }
    return words.map { $0.allSatisfy(\.isUppercase) ? $0 : $0.lowercased() }.joined(separator: " ")
  }
}
