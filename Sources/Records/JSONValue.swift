import Foundation

/// A JSON value that keeps the order of its keys and tells whole numbers from fractions: what run records,
/// settings and tables are made of.
///
/// Numbers are written with the fewest digits that read back to the same `Double`, so two files are equal exactly
/// where the numbers are. JSON has no NaN or infinity; they are written as the strings `"NaN"`, `"Infinity"` and
/// `"-Infinity"`, and `number` reads them back.
public indirect enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without point and exponent.
  case int(Int)
  /// Any other number.
  case double(Double)
  /// Text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Members in order.
  case object([Member])

  /// A value with its key.
  public struct Member: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The value.
    public var value: JSONValue
    /// A member of this key and value.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

// MARK: - Looking in

extension JSONValue {
  /// The member of an object; nil if there is none, or this is no object.
  public subscript(key: String) -> JSONValue? {
    get { members?.first { $0.key == key }?.value }
    set {
      var list = members ?? []
      if let index = list.firstIndex(where: { $0.key == key }) {
        if let newValue { list[index].value = newValue } else { list.remove(at: index) }
      } else if let newValue {
        list.append(Member(key, newValue))
      }
      self = .object(list)
    }
  }

  /// The members of an object; nil for any other value.
  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The elements of an array; nil for any other value.
  public var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text of a string; nil for any other value.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// Whether it is `true`; nil for what is neither that nor `false`.
  public var boolean: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The whole number, also one that is written with a point; nil for any other value.
  public var integer: Int? {
    switch self {
    case .int(let value): value
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The number; also of the strings that stand for NaN and infinities.
  public var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    case .string("NaN"): .nan
    case .string("Infinity"): .infinity
    case .string("-Infinity"): -.infinity
    default: nil
    }
  }

  /// Whether two values say the same: the order of keys and the spelling of whole numbers (1, 1.0) do not count.
  public func means(_ other: JSONValue) -> Bool {
    difference(from: other) == nil
  }

  /// The first place where two values say something else: the dotted path, what is here, what is there.
  public func difference(from other: JSONValue, at path: String = "") -> (path: String, here: String, there: String)? {
    switch (self, other) {
    case (.object(let here), .object(let there)):
      let keys = here.map(\.key) + there.map(\.key).filter { key in !here.contains { $0.key == key } }
      for key in keys {
        let inner = path.isEmpty ? key : "\(path).\(key)"
        guard let left = self[key] else { return (inner, "nothing", other[key]?.line ?? "nothing") }
        guard let right = other[key] else { return (inner, left.line, "nothing") }
        if let difference = left.difference(from: right, at: inner) { return difference }
      }
      return nil
    case (.array(let here), .array(let there)):
      guard here.count == there.count, zip(here, there).allSatisfy({ $0.means($1) }) else {
        return (path, line, other.line)
      }
      return nil
    case (.int, .double), (.double, .int):
      return number == other.number ? nil : (path, line, other.line)
    default:
      return self == other ? nil : (path, line, other.line)
    }
  }
}

// MARK: - Text

extension JSONValue {
  /// The value on one line, without spaces.
  public var line: String {
    var text = ""
    write(to: &text, indent: nil, depth: 0)
    return text
  }

  /// The value over many lines, two spaces a level; short arrays stay on one line.
  public var pretty: String {
    var text = ""
    write(to: &text, indent: 2, depth: 0)
    return text + "\n"
  }

  /// A `Double` as JSON and TOML both write it: shortest digits that read back the same, always with a point or an
  /// exponent.
  public static func text(_ value: Double) -> String {
    if value.isNaN { return "\"NaN\"" }
    if value.isInfinite { return value > 0 ? "\"Infinity\"" : "\"-Infinity\"" }
    return "\(value)"
  }

  private func write(to text: inout String, indent: Int?, depth: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .double(let value): text += Self.text(value)
    case .string(let value): text += Self.quoted(value)
    case .array(let values):
      let isFlat = values.allSatisfy { $0.members == nil && $0.elements == nil }
      Self.write(
        values, open: "[", close: "]", to: &text, indent: isFlat ? nil : indent, depth: depth,
        separator: indent == nil ? "," : ", "
      ) { value, text in value.write(to: &text, indent: indent, depth: depth + 1) }
    case .object(let members):
      Self.write(members, open: "{", close: "}", to: &text, indent: indent, depth: depth, separator: ",") {
        member, text in
        text += Self.quoted(member.key) + (indent == nil ? ":" : ": ")
        member.value.write(to: &text, indent: indent, depth: depth + 1)
      }
    }
  }

  private static func write<Element>(
    _ items: [Element], open: String, close: String, to text: inout String, indent: Int?, depth: Int,
    separator: String, item: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in items.enumerated() {
      if index > 0 { text += indent == nil ? separator : "," }
      if let indent { text += "\n" + String(repeating: " ", count: indent * (depth + 1)) }
      item(element, &text)
    }
    if let indent, !items.isEmpty { text += "\n" + String(repeating: " ", count: indent * depth) }
    text += close
  }

  /// A JSON (and TOML basic) string with its quotes.
  public static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}

// MARK: - Literals

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}
