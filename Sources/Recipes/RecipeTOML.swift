import Foundation
import Lab
import TOMLKit

/// Recipes as TOML text: what `idinit-lab show` prints and `idinit-lab run FILE.toml` reads.
///
/// The text names its recipe in the key `recipe`; every other key is a setting of that recipe. Keys that are left out
/// have the value that the recipe gives them at the file's `scale` (default `paper`).
enum RecipeTOML {
  /// The most characters of a line, if what stands there can be parted at all.
  private static let width = 80

  /// TOML that `parse` reads back, with `notes` as comments above it.
  static func text(recipe: String, scale: Scale, settings: JSONValue, notes: [String]) -> String {
    var text = notes.flatMap { Wrapped.lines($0, width: width - 2) }.map { $0.isEmpty ? "#" : "# \($0)" }.joined(
      separator: "\n")
    if !text.isEmpty { text += "\n\n" }
    text += "recipe = \(JSONValue.quoted(recipe))\nscale = \(JSONValue.quoted(scale.rawValue))\n"
    write(settings, path: [], to: &text)
    return text
  }

  private static func write(_ table: JSONValue, path: [String], to text: inout String) {
    let members = table.members ?? []
    let leaves = members.filter { $0.value.members == nil }
    if !path.isEmpty, !leaves.isEmpty { text += "\n[\(path.joined(separator: "."))]\n" }
    for leaf in leaves {
      let line = "\(leaf.key) = \(value(leaf.value))"
      text += (line.count > width ? list(leaf) ?? line : line) + "\n"
    }
    for member in members where member.value.members != nil {
      write(member.value, path: path + [member.key], to: &text)
    }
  }

  /// A list over several lines; nil for anything else, and where a text in it has spaces, at which lines would break.
  private static func list(_ leaf: JSONValue.Member) -> String? {
    guard let elements = leaf.value.elements, !elements.contains(where: { $0.line.contains(" ") }) else { return nil }
    let items = elements.map { value($0) + "," }.joined(separator: " ")
    return "\(leaf.key) = [\n" + Wrapped.lines("  \(items)", width: width).joined(separator: "\n") + "\n]"
  }

  private static func value(_ value: JSONValue) -> String {
    switch value {
    case .double(let number) where number.isNaN: "nan"
    case .double(let number) where number.isInfinite: number > 0 ? "inf" : "-inf"
    case .array(let elements): "[" + elements.map(Self.value).joined(separator: ", ") + "]"
    default: value.line
    }
  }

  /// What a TOML text says: its recipe, scale and settings.
  /// - Throws: `LabError` (`.configuration`) with the place in `file`, if the text is no TOML or names no recipe.
  static func parse(_ text: String, file: String) throws(LabError) -> (
    recipe: String, scale: Scale, settings: JSONValue
  ) {
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw LabError(
        .configuration,
        "\(file), line \(error.source.begin.line), column \(error.source.begin.column): \(error.description)")
    } catch {
      throw LabError(.configuration, "\(file): \(error)")
    }
    var settings = try json(table, file: file, path: "")
    guard let recipe = settings["recipe"]?.text else {
      throw LabError(
        .configuration, "\(file): expected recipe = \"…\", one of \(RecipeRegistry.ids.joined(separator: ", "))")
    }
    var scale = Scale.paper
    if let word = settings["scale"] {
      guard let known = word.text.flatMap(Scale.init(rawValue:)) else {
        let expected = Scale.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw LabError(.configuration, "\(file): scale is \(word.line); expected one of \(expected)")
      }
      scale = known
    }
    settings["recipe"] = nil
    settings["scale"] = nil
    return (recipe, scale, settings)
  }

  private static func json(_ table: TOMLTable, file: String, path: String) throws(LabError) -> JSONValue {
    var members: [JSONValue.Member] = []
    for key in table.keys {
      guard let value = table[key] else { continue }
      let inner = path.isEmpty ? key : "\(path).\(key)"
      members.append(.init(key, try json(value, file: file, path: inner)))
    }
    return .object(members)
  }

  private static func json(_ value: any TOMLValueConvertible, file: String, path: String) throws(LabError) -> JSONValue
  {
    switch value.type {
    case .bool: return value.bool.map(JSONValue.bool) ?? .null
    case .int: return value.int.map(JSONValue.int) ?? .null
    case .double: return value.double.map(JSONValue.double) ?? .null
    case .string: return value.string.map(JSONValue.string) ?? .null
    case .table:
      guard let table = value.table else { return .null }
      return try json(table, file: file, path: path)
    case .array:
      var values: [JSONValue] = []
      if let array = value.array {
        for index in 0..<array.count {
          values.append(try json(array[index], file: file, path: "\(path)[\(index)]"))
        }
      }
      return .array(values)
    case .date, .time, .dateTime:
      throw LabError(.configuration, "\(file): \(path) is a date or time; no setting is one")
    }
  }
}
