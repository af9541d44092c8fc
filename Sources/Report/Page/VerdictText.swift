/// A verdict's reason as the page shows it: one that lists what was found for many starts becomes a list.
struct VerdictText {
  /// What stands before the list: all of a short reason, or what a long one says of all its items.
  let lead: String
  /// The items; empty for a short reason.
  let items: [String]

  /// Characters that are read in one go.
  private static let short = 200
  /// What ends sooner at a colon is the first item's own beginning: "relu: …".
  private static let shortestLead = 60

  /// - Parameters:
  ///   - reason: The verdict's.
  ///   - points: What it has as a list already; a reason with points is not parted.
  init(_ reason: String, points: [String] = []) {
    guard points.isEmpty else {
      (lead, items) = (reason, points)
      return
    }
    var rest = reason[...]
    var lead = ""
    if let colon = reason.firstRange(of: ": "),
      reason.distance(from: reason.startIndex, to: colon.lowerBound) >= Self.shortestLead,
      !reason[..<colon.lowerBound].contains(";")
    {
      lead = String(reason[..<colon.lowerBound]) + ":"
      rest = reason[colon.upperBound...]
    }
    let items = Self.parts(rest)
    if reason.count <= Self.short || items.count < 2 {
      (self.lead, self.items) = (reason, [])
    } else {
      (self.lead, self.items) = (lead, items)
    }
  }

  /// Parted at semicolons and between sentences, but not within parentheses.
  private static func parts(_ text: Substring) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    var before: Character?
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == " ", depth == 0, before == ";" || before == ".", part.count > 1 {
        if before == ";" { part.removeLast() }
        parts.append(part)
        part = ""
      } else {
        part.append(character)
      }
      before = character
    }
    return part.isEmpty ? parts : parts + [part]
  }
}
