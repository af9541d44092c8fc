/// A text broken into lines, at spaces where there are any.
struct TextLines {
  let lines: [String]

  /// Lines of at most `width` characters.
  init(_ text: String, width: Int) {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      var word = word
      if !line.isEmpty && line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      while word.count > width {
        lines.append(String(word.prefix(width)))
        word = word.dropFirst(width)
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    if !line.isEmpty { lines.append(line) }
    self.lines = lines.isEmpty ? [""] : lines
  }
}
