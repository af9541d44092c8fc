/// What the argument parser of the two tools says, made to help where its own words do not.
package enum ParserMessage {
  /// - Parameters:
  ///   - message: The parser's: `Unknown option '--foo'. Did you mean '--set'?`.
  ///   - help: The command's help, which has a line for every option.
  /// - Returns: The message. An unknown option gets the nearest one, if there is one that is near, else all that there
  ///   are; everything else stays as it is.
  package static func helpful(_ message: String, help: String) -> String {
    let start = "Unknown option '--"
    guard message.hasPrefix(start) else { return message }
    let name = String(message.dropFirst(start.count).prefix { $0 != "'" && $0 != "=" })
    let known = options(in: help)
    // The dashes, which all of them have, are no likeness.
    let nearest = nearestName(to: name, among: known)
    let hint = nearest.map { didYouMean("--\($0)") } ?? "there are \(known.map { "--\($0)" }.joined(separator: ", "))"
    return "Unknown option '--\(name)'; \(hint)"
  }

  /// The long names of all options: the help has them at the beginnings of lines, `-o, --output <output>`.
  private static func options(in help: String) -> [String] {
    help.split(separator: "\n").flatMap { line -> [String] in
      guard line.hasPrefix("  -") else { return [] }
      let names = line.drop { $0 == " " }.split { $0 == " " || $0 == "," || $0 == "/" }.prefix { $0.hasPrefix("-") }
      return names.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
    }
  }
}
