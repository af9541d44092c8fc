import Records

/// A file that is not what `idinit-lab probe NETWORK --json` prints.
public struct ProbeFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where in the file: `methods[0].probes.signal.rows[3].rms`; empty for the whole of it.
  public var path: String
  /// What is wrong in it, and what was expected.
  public var problem: String

  /// A problem of a file.
  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
  }

  public var description: String { path.isEmpty ? problem : "\(path): \(problem)" }
}

/// A JSON value with its place, which is all that an error needs.
struct PlacedJSON {
  let value: JSONValue
  let path: String

  subscript(key: String) -> PlacedJSON {
    get throws(ProbeFileError) {
      guard value.members != nil else { throw error("an object") }
      guard let member = value[key] else { throw error("a member \(key)") }
      return PlacedJSON(value: member, path: path.isEmpty ? key : "\(path).\(key)")
    }
  }

  var text: String {
    get throws(ProbeFileError) {
      guard let text = value.text else { throw error("a string") }
      return text
    }
  }

  var whole: Int {
    get throws(ProbeFileError) {
      guard let whole = value.integer else { throw error("a whole number") }
      return whole
    }
  }

  /// Also NaN and infinities, which JSON has as strings.
  var number: Double {
    get throws(ProbeFileError) {
      guard let number = value.number else { throw error("a number") }
      return number
    }
  }

  var elements: [PlacedJSON] {
    get throws(ProbeFileError) {
      guard let elements = value.elements else { throw error("a list") }
      return elements.enumerated().map { PlacedJSON(value: $1, path: "\(path)[\($0)]") }
    }
  }

  var members: [(key: String, value: PlacedJSON)] {
    get throws(ProbeFileError) {
      guard let members = value.members else { throw error("an object") }
      return members.map { ($0.key, PlacedJSON(value: $0.value, path: "\(path).\($0.key)")) }
    }
  }

  func error(_ expected: String) -> ProbeFileError {
    let kind =
      switch value {
      case .null: "null"
      case .bool(let value): "\(value)"
      case .int, .double: value.line
      case .string(let text): JSONValue.quoted(String(text.prefix(40)))
      case .array(let values): "a list of \(values.count)"
      case .object(let members):
        "an object with \(members.isEmpty ? "nothing" : members.map(\.key).prefix(6).joined(separator: ", "))"
      }
    return ProbeFileError(path: path, problem: "expected \(expected), found \(kind)")
  }
}
