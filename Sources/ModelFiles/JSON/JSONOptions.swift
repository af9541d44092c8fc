/// A value of a flat JSON object of options.
package enum JSONOption: Equatable, Sendable {
  case text(String)
  case texts([String])
  case number(Double)
}

/// Reads a flat JSON object whose values are strings, lists of strings, and numbers.
///
/// - Parameter text: JSON, from a file's metadata.
/// - Returns: The values by their keys; nil for what is not such an object.
package func jsonOptions(_ text: String) -> [String: JSONOption]? {
  let bytes = Array(text.utf8)
  return try? bytes.withUnsafeBytesKeepingError { (raw) throws(JSONScanner.Problem) in
    var options = [String: JSONOption]()
    var scanner = JSONScanner(raw)
    try scanner.object { (scanner, key) throws(JSONScanner.Problem) in
      var probe = scanner
      if let text = try? probe.string() {
        options[key] = .text(text)
        scanner = probe
        return
      }
      var texts = [String]()
      probe = scanner
      if (try? probe.array { (element) throws(JSONScanner.Problem) in texts.append(try element.string()) }) != nil {
        options[key] = .texts(texts)
        scanner = probe
        return
      }
      let start = scanner.position
      try scanner.skipValue()
      let digits = String(decoding: raw[start..<scanner.position], as: UTF8.self)
      guard let number = Double(digits.drop { $0 == " " }) else {
        throw JSONScanner.Problem(position: start, message: "'\(digits)' is no number")
      }
      options[key] = .number(number)
    }
    try scanner.end()
    return options
  }
}
