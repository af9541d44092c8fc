extension CSV {
  /// The rows of a text as ``text(header:rows:)`` writes it: a cell for every field, by the header's names.
  ///
  /// An empty field is `null`, what reads as a number is one (`inf` and `nan` too), and all else is text. Fields beyond the
  /// header's are left out.
  public static func rows(_ text: String) -> [Row] {
    var lines = lines(text)
    guard !lines.isEmpty else { return [] }
    let header = lines.removeFirst()
    return lines.map { line in
      Row(zip(header, line).map { name, field in JSONValue.Member(name, value(field)) })
    }
  }

  private static func value(_ field: String) -> JSONValue {
    if field.isEmpty { return .null }
    if let whole = Int(field) { return .int(whole) }
    return Double(field).map(JSONValue.double) ?? .string(field)
  }

  /// Fields line by line. Within quotes commas and ends of lines are text, and two quotes are one.
  private static func lines(_ text: String) -> [[String]] {
    var lines: [[String]] = []
    var line: [String] = []
    var field = String.UnicodeScalarView()
    var isQuoted = false
    var before: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"":
        // The second of two within quotes.
        if !isQuoted, before == "\"" { field.append(scalar) }
        isQuoted.toggle()
      case _ where isQuoted: field.append(scalar)
      case ",":
        line.append(String(field))
        field = .init()
      case "\n", "\r":
        if scalar == "\n", before == "\r" { break }
        line.append(String(field))
        lines.append(line)
        (line, field) = ([], .init())
      default: field.append(scalar)
      }
      before = scalar
    }
    if !line.isEmpty || !field.isEmpty { lines.append(line + [String(field)]) }
    return lines
  }
}
