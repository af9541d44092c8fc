import Records

/// A figure's specification as the page has it.
enum ThemedSpec {
  /// Colours are the page's, which change with light and dark by themselves, and the legend is left to the page, whose
  /// buttons can be reached with the keyboard and whose names break into lines.
  static func page(_ figure: Figure) -> JSONValue {
    var spec = themed(figure.spec)
    var config = spec["config"] ?? [:]
    config["legend"] = (config["legend"] ?? [:]).with("disable", true)
    spec["config"] = config
    return spec
  }

  /// SVG is XML, which has no place for control characters, and vl-convert ends on one; and Vega-Lite writes titles into
  /// expressions without minding the separators of lines and paragraphs, which end a string there.
  private static func drawable(_ text: String) -> String {
    func isLost(_ scalar: Unicode.Scalar) -> Bool {
      (scalar.value < 0x20 && scalar != "\t" && scalar != "\n" && scalar != "\r")
        || scalar.value == 0xFFFE || scalar.value == 0xFFFF || scalar.value == 0x2028 || scalar.value == 0x2029
    }
    guard text.unicodeScalars.contains(where: isLost) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isLost($0) ? "\u{FFFD}" : $0 }))
  }

  /// The same value without what cannot be drawn in any of its texts.
  static func drawable(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(drawable(text))
    case .array(let values): .array(values.map { drawable($0) })
    case .object(let members): .object(members.map { .init($0.key, drawable($0.value)) })
    default: value
    }
  }

  private static let variables = Dictionary(
    Palette.all.map { ($0.published, "var(--\($0.name), \($0.published))") }, uniquingKeysWith: { first, _ in first })

  /// Data keep their text, but for the colours that reference lines carry (`color` of a row).
  private static func themed(_ value: JSONValue, isData: Bool = false) -> JSONValue {
    switch value {
    case .string(let text): return .string(isData ? drawable(text) : variables[text] ?? drawable(text))
    case .array(let values): return .array(values.map { themed($0, isData: isData) })
    case .object(let members):
      return .object(
        members.map { member in
          if isData && member.key == "color" { return .init("color", themed(member.value)) }
          return .init(member.key, themed(member.value, isData: isData || member.key == "data"))
        })
    default: return value
    }
  }
}
