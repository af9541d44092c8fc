/// What is wrong with a data set: the file, the place in it, what was found, what was expected, what to do.
///
/// `description` is one line, made to be shown to a person as it is.
public struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of problem it is.
  public enum Kind: String, Sendable {
    /// Nothing is there, or not where it was looked for.
    case notFound
    /// Something is there, but it cannot be opened or read, or it is not a file.
    case unreadable
    /// A header, count or value contradicts the format or the rest of the file.
    case malformed
    /// The file stops before its own header says that it ends.
    case truncated
    /// A checksum does not agree with the bytes.
    case corrupt
    /// Files that belong together contradict each other.
    case mismatch
    /// A download failed at every mirror, or was stopped.
    case download
  }

  /// What kind of problem it is.
  public let kind: Kind
  /// The file or folder that the error is about.
  public let file: String
  /// Where in the file, for example `byte 4` or `line 17`; `nil` when the whole file is meant.
  public let place: String?
  /// What is wrong there.
  public let problem: String
  /// What should be there instead; nil where that says nothing more.
  public let expected: String?
  /// What to do about it, when there is something better than repairing the file.
  public let advice: String?

  /// An error of these parts.
  public init(
    _ kind: Kind, file: String, place: String? = nil, problem: String, expected: String? = nil, advice: String? = nil
  ) {
    self.kind = kind
    self.file = file
    self.place = place
    self.problem = problem
    self.expected = expected
    self.advice = advice
  }

  public var description: String {
    var line = file
    if let place { line += ", \(place)" }
    line += ": \(problem)"
    if let expected { line += "; expected \(expected)" }
    if let advice { line += ". \(advice)" }
    return Self.printable(line)
  }

  /// A text with its control characters, which may come from the file, as Swift writes them: they would break the line,
  /// or steer the terminal.
  private static func printable(_ text: String) -> String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.map { isControl($0) ? $0.escaped(asASCII: true) : String($0) }.joined()
  }
}
