import Foundation

/// Rows of results with the columns that people are shown; the rows themselves hold more, and go to CSV whole.
public struct ResultTable {
  /// A column that people are shown: its title, and its text for each row.
  public struct Column {
    /// The title.
    public var title: String
    /// Whether it is set to the right.
    public var isNumber: Bool
    /// What stands in it.
    public var text: (Row) -> String

    /// A column whose text is made of a whole row.
    public init(_ title: String, isNumber: Bool = false, text: @escaping (Row) -> String) {
      self.title = title
      self.isNumber = isNumber
      self.text = text
    }

    /// A column of a cell's text.
    public static func text(_ title: String, _ cell: String) -> Column {
      Column(title) { row in row[cell].map { $0.text ?? $0.line } ?? "" }
    }

    /// A column of a cell's number; `–` where there is none.
    public static func number(_ title: String, _ cell: String, _ format: @escaping (Double) -> String) -> Column {
      Column(title, isNumber: true) { row in row.number(cell).map(format) ?? "–" }
    }
  }

  /// The title.
  public var title: String
  /// What people are shown.
  public var columns: [Column]
  /// Everything, with what no column shows.
  public var rows: [Row]
  /// Sentences to put under the table.
  public var notes: [String]

  /// A table of these parts.
  public init(title: String, columns: [Column], rows: [Row], notes: [String] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }

  /// The text of every cell, a row each.
  public var cells: [[String]] { rows.map { row in columns.map { $0.text(row) } } }

  /// The rows as CSV (RFC 4180, but with `\n`), with every cell that any row has.
  public var csv: String {
    var names: [String] = []
    for row in rows { for name in row.names where !names.contains(name) { names.append(name) } }
    return CSV.text(header: names, rows: rows.map { row in names.map { row[$0] ?? .null } })
  }
}

/// Comma-separated values, for reading elsewhere.
public enum CSV {
  /// A header and rows as text (RFC 4180, but with bare newlines); `null` is an empty field.
  public static func text(header: [String], rows: [[JSONValue]]) -> String {
    ([header.map(field)] + rows.map { $0.map(field) }).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private static func field(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): field(text)
    case .double(let number) where !number.isFinite: number.isNaN ? "nan" : number > 0 ? "inf" : "-inf"
    default: field(value.line)
    }
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }) else {
      return text
    }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
