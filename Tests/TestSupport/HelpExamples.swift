/// The examples in a command's help, as words.
///
/// - Parameters:
///   - text: The help: an example is a line that begins with the tool's name.
///   - tool: `idinit`.
/// - Returns: The words of each after the tool's name, without redirections and comments.
public func examples(in text: String, of tool: String) -> [[String]] {
  joined(text).split(separator: "\n").compactMap { line in
    let words = shellWords(line)
    guard words.first == tool else { return nil }
    return words.dropFirst().prefix { $0 != ">" && $0 != "#" }.map { $0 }
  }
}

/// The text with lines that end with a backslash put together with those that follow, as a shell does.
private func joined(_ text: String) -> String {
  text.split(separator: "\\\n", omittingEmptySubsequences: false).joined(separator: " ")
}

/// The words of a line as a shell takes them apart; quotes keep what is in them together.
private func shellWords(_ line: Substring) -> [String] {
  var words: [String] = []
  var word: String?
  var quote: Character?
  for character in line {
    if let open = quote {
      if character == open { quote = nil } else { word = (word ?? "") + String(character) }
    } else if character == "'" || character == "\"" {
      quote = character
      word = word ?? ""
    } else if character == " " {
      if let whole = word { words.append(whole) }
      word = nil
    } else {
      word = (word ?? "") + String(character)
    }
  }
  if let whole = word { words.append(whole) }
  return words
}
