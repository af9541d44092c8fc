/// One line of results: named cells in order. Metrics, summaries and tables are all made of rows.
public struct Row: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// The cells, in order.
  public var cells: [JSONValue.Member]

  /// A row of these cells.
  public init(_ cells: [JSONValue.Member] = []) { self.cells = cells }

  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    cells = elements.map { JSONValue.Member($0.0, $0.1) }
  }

  /// The row of a JSON object; empty for anything else.
  public init(_ value: JSONValue?) { cells = value?.members ?? [] }

  /// The row as an object.
  public var json: JSONValue { .object(cells) }
  /// The cells' names, in order.
  public var names: [String] { cells.map(\.key) }

  /// The cell of that name; nil where there is none, and setting nil removes it.
  public subscript(name: String) -> JSONValue? {
    get { json[name] }
    set {
      var value = json
      value[name] = newValue
      cells = value.members ?? []
    }
  }

  /// The number in the cell of that name, whole or not; nil where there is none.
  public func number(_ name: String) -> Double? { self[name]?.number }
  /// The text in the cell of that name; nil where there is none.
  public func text(_ name: String) -> String? { self[name]?.text }

  /// This row with the cells of `other` after its own.
  public func appending(_ other: Row) -> Row { Row(cells + other.cells) }
}

extension JSONValue {
  /// A number.
  public init(_ value: Double) { self = .double(value) }
  /// A whole number.
  public init(_ value: Int) { self = .int(value) }
  /// Text.
  public init(_ value: String) { self = .string(value) }
}
