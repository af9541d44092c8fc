/// One line of results: named cells in order. Metrics, summaries and tables are all made of rows.
public struct Row: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  public var cells: [JSONValue.Member]

  public init(_ cells: [JSONValue.Member] = []) { self.cells = cells }

  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    cells = elements.map { JSONValue.Member($0.0, $0.1) }
  }

  /// The row of a JSON object; empty for anything else.
  public init(_ value: JSONValue?) { cells = value?.members ?? [] }

  public var json: JSONValue { .object(cells) }
  public var names: [String] { cells.map(\.key) }

  public subscript(name: String) -> JSONValue? {
    get { json[name] }
    set {
      var value = json
      value[name] = newValue
      cells = value.members ?? []
    }
  }

  public func number(_ name: String) -> Double? { self[name]?.number }
  public func text(_ name: String) -> String? { self[name]?.text }

  /// This row with the cells of `other` after its own.
  public func appending(_ other: Row) -> Row { Row(cells + other.cells) }
}

extension JSONValue {
  public init(_ value: Double) { self = .double(value) }
  public init(_ value: Int) { self = .int(value) }
  public init(_ value: String) { self = .string(value) }
}
