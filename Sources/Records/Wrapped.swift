/// Text in lines of a width.
public enum Wrapped {
  /// `text` broken at spaces. Leading spaces and a leading dash stay; the lines after the first are indented by as
  /// much.
  public static func lines(_ text: String, width: Int) -> [String] {
    let lead = text.prefix { $0 == " " || $0 == "-" }
    var lines: [String] = []
    var line = String(lead)
    var isFresh = true
    for word in text.dropFirst(lead.count).split(separator: " ") {
      if !isFresh, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: lead.count)
        isFresh = true
      }
      line += isFresh ? String(word) : " \(word)"
      isFresh = false
    }
    return lines + [line]
  }
}
