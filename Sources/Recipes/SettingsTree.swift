import Foundation
import Lab

/// Settings as a tree of values, in the order of their declaration: what is printed as TOML, saved in `recipe.json`
/// and overridden by key.
///
/// The tree of a recipe's own settings is the pattern for every override: a key that is not in it is unknown, a value
/// of another type is wrong. So one pair of functions serves `--set`, command line options and TOML files, and
/// nothing is accepted that does nothing.
enum SettingsTree {
  // MARK: Settings to tree and back

  /// The tree of a settings value, read by reflection: the keys are the properties' names, in order.
  static func tree(of settings: some RecipeSettings) -> JSONValue { value(settings) }

  static func value(_ any: Any) -> JSONValue {
    switch any {
    case let value as Bool: return .bool(value)
    case let value as Int: return .int(value)
    case let value as Double: return .double(value)
    case let value as String: return .string(value)
    case let value as any SettingChoice: return .string(value.rawValue)
    default: break
    }
    let mirror = Mirror(reflecting: any)
    if mirror.displayStyle == .collection { return .array(mirror.children.map { value($0.value) }) }
    return .object(mirror.children.compactMap { child in child.label.map { .init($0, value(child.value)) } })
  }

  /// The settings of a tree that `overlay` has made.
  static func decode<Settings: RecipeSettings>(_ type: Settings.Type, from tree: JSONValue) throws -> Settings {
    do {
      let settings = try JSONDecoder().decode(Settings.self, from: Data(tree.line.utf8))
      try settings.validate()
      return settings
    } catch let error as DecodingError {
      let problem = DecodingProblem(error)
      throw SettingError(problem.path, found: "not usable", expected: problem.text)
    }
  }

  /// The words of the choice, or of the list of choices, at a dotted key of a settings value; none where there is no
  /// choice there.
  static func words(for key: String, in settings: Any) -> [String] {
    var value = settings
    for part in key.split(separator: ".", omittingEmptySubsequences: false) {
      guard let child = Mirror(reflecting: value).children.first(where: { $0.label.map { $0 == part } ?? false }) else {
        return []
      }
      value = child.value
    }
    let mirror = Mirror(reflecting: value)
    let choice: Any? = mirror.displayStyle == .collection ? mirror.children.first?.value : value
    func all<Choice: SettingChoice>(_ choice: Choice) -> [String] { Choice.allCases.map(\.rawValue) }
    return (choice as? any SettingChoice).map { all($0) } ?? []
  }

  // MARK: Overriding

  /// The dotted keys of all leaves.
  static func keys(of tree: JSONValue, prefix: String = "") -> [String] {
    guard let members = tree.members else { return [prefix] }
    return members.flatMap { keys(of: $0.value, prefix: prefix.isEmpty ? $0.key : "\(prefix).\($0.key)") }
  }

  /// `pattern` with the values of `changes`, which may be a part of it.
  /// - Throws: ``SettingError`` for keys that `pattern` does not have and values of another type.
  static func overlay(_ changes: JSONValue, on pattern: JSONValue, at path: String = "") throws(SettingError)
    -> JSONValue
  {
    guard case .object(let base) = pattern else { return try coerce(changes, like: pattern, key: path) }
    guard let members = changes.members else {
      throw SettingError(path, found: changes.line, expected: "a table with \(base.map(\.key).joined(separator: ", "))")
    }
    var result = pattern
    for member in members {
      let key = path.isEmpty ? member.key : "\(path).\(member.key)"
      guard let inner = pattern[member.key] else {
        throw SettingError(unknown: key, known: keys(of: pattern, prefix: path))
      }
      result[member.key] = try overlay(member.value, on: inner, at: key)
    }
    return result
  }

  /// `tree` with the setting at a dotted key replaced by what `text` says: `0.05`, `true`, `relu`, `0,1,2`.
  static func setting(_ key: String, to text: String, in tree: JSONValue) throws(SettingError) -> JSONValue {
    var pattern = tree
    for part in key.split(separator: ".", omittingEmptySubsequences: false) {
      guard let inner = pattern[String(part)] else { throw SettingError(unknown: key, known: keys(of: tree)) }
      pattern = inner
    }
    if let members = pattern.members {
      throw SettingError(
        key, found: "a group of settings",
        expected: "one of them: "
          + members.map { "\(key).\($0.key)" }.joined(separator: ", "))
    }
    let value = try parse(text, like: pattern, key: key)
    var nested = value
    for part in key.split(separator: ".").reversed() { nested = .object([.init(String(part), nested)]) }
    return try overlay(nested, on: tree)
  }

  private static func coerce(_ value: JSONValue, like pattern: JSONValue, key: String) throws(SettingError) -> JSONValue
  {
    switch (pattern, value) {
    case (.bool, .bool), (.int, .int), (.double, .double), (.string, .string): return value
    case (.double, .int(let whole)): return .double(Double(whole))
    case (.array(let elements), .array(let values)):
      guard let element = elements.first else { return value }
      var result: [JSONValue] = []
      for (index, value) in values.enumerated() {
        result.append(try coerce(value, like: element, key: "\(key)[\(index)]"))
      }
      return .array(result)
    default:
      throw SettingError(key, found: describe(value), expected: typeName(pattern))
    }
  }

  private static func parse(_ text: String, like pattern: JSONValue, key: String) throws(SettingError) -> JSONValue {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    let parsed: JSONValue? =
      switch pattern {
      case .bool: trimmed == "true" ? .bool(true) : trimmed == "false" ? .bool(false) : nil
      case .int: Int(trimmed).map(JSONValue.int)
      case .double: Double(trimmed).flatMap { $0.isFinite ? .double($0) : nil }
      case .array(let elements):
        .array(try parseList(trimmed, like: elements.first ?? .string(""), key: key))
      default: .string(unquoted(trimmed))
      }
    guard let parsed else { throw SettingError(key, found: JSONValue.quoted(text), expected: typeName(pattern)) }
    return parsed
  }

  private static func parseList(_ text: String, like element: JSONValue, key: String) throws(SettingError)
    -> [JSONValue]
  {
    var inner = Substring(text)
    if inner.hasPrefix("["), inner.hasSuffix("]") { inner = inner.dropFirst().dropLast() }
    if inner.allSatisfy(\.isWhitespace) { return [] }
    var values: [JSONValue] = []
    for (index, part) in inner.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      values.append(try parse(String(part), like: element, key: "\(key)[\(index)]"))
    }
    return values
  }

  private static func unquoted(_ text: String) -> String {
    for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
      return String(text.dropFirst().dropLast())
    }
    return text
  }

  private static func typeName(_ pattern: JSONValue) -> String {
    switch pattern {
    case .bool: "true or false"
    case .int: "a whole number"
    case .double: "a number"
    case .string: "a string"
    case .array(let elements): "a list of " + (elements.first.map(plural) ?? "values")
    case .object: "a table"
    case .null: "nothing"
    }
  }

  private static func plural(_ pattern: JSONValue) -> String {
    switch pattern {
    case .bool: "true and false"
    case .int: "whole numbers"
    case .double: "numbers"
    case .string: "strings"
    default: "values"
    }
  }

  private static func describe(_ value: JSONValue) -> String {
    switch value {
    case .object: "a table"
    case .array: "a list, \(value.line)"
    case .string: "a string, \(value.line)"
    case .null: "nothing"
    default: value.line
    }
  }
}
