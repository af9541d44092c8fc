import ArgumentParser

/// How a command prints what it found: what those that print a line for each tensor have in common.
struct TableFormat: ParsableArguments {
  @Flag(help: "Print one JSON object instead.")
  var json = false
  @Flag(help: "Print CSV instead.")
  var csv = false

  func validate() throws {
    if json, csv { throw ValidationError("--json and --csv are two forms of one output; expected one of them") }
  }
}

extension CompletionKind {
  /// Models as torch.export saves them.
  static var models: CompletionKind { .file(extensions: ["pt2"]) }
  /// Checkpoints, or the indices of several files.
  static var checkpoints: CompletionKind { .file(extensions: ["safetensors", "json"]) }
}

extension Output {
  /// A line of comma-separated values (RFC 4180, but with `\n`); nil is an empty field.
  func row(_ fields: [String?]) throws {
    try line(
      fields.map { field in
        guard let field, field.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else {
          return field ?? ""
        }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
      }.joined(separator: ","))
  }

  /// A sentence: wrapped, with what is left indented, where somebody says how wide lines may be; else one line, for
  /// programs that read lines.
  func prose(_ text: String, _ terminal: Terminal) throws {
    guard terminal.hasWidth else { return try line(text) }
    for (index, part) in wrapped(text, width: max(20, terminal.width - 4)).enumerated() {
      try line(index == 0 ? part : "    \(part)")
    }
  }
}
