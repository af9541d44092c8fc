/// A plan's rows as lines of text that are no wider than the terminal.
///
/// Where it has room, the reason is a column; else it stands below its row. On a very narrow terminal everything
/// stands below the name.
struct TableLayout {
  private enum Arrangement {
    case columns(why: Int)
    case whyBelow
    case stacked
  }

  private let rows: [PlanRow]
  private let width: Int
  private let colour: Bool
  private let cutsFront: Bool
  private let arrangement: Arrangement
  private let nameWidth: Int
  private let shapeWidth: Int
  private let roleWidth: Int
  private let ruleWidth: Int

  private static let gap = 2
  /// Reasons are a column if there is room for this many characters a line, the more the better.
  private static let whyWidths = [40, 32, 26]
  private static let narrowestName = 20
  /// Names of this length are not shortened to make room for a column of reasons.
  private static let fairName = 36

  /// - Parameters:
  ///   - rows: What to lay out.
  ///   - width: The most characters of a line; nil for lines of any length, one a row.
  ///   - colour: Whether to use it.
  ///   - cutsFront: Whether names that are too long lose their front, which many have in common, or their middle.
  init(_ rows: [PlanRow], width: Int?, colour: Bool, cutsFront: Bool = false) {
    self.rows = rows
    self.width = max(width ?? 1 << 20, 20)
    self.colour = colour
    self.cutsFront = cutsFront
    let lines = rows.compactMap { row in if case .line(let line) = row { line } else { nil } }
    func widest(_ heading: String, _ text: (PlanRow.Line) -> String) -> Int {
      lines.reduce(heading.count) { max($0, text($1).count) }
    }
    shapeWidth = widest("shape") { $0.shape }
    roleWidth = widest("role") { $0.role }
    ruleWidth = widest("rule") { $0.rule.text }
    let longestName = lines.reduce("parameter".count) { max($0, $1.indent + $1.name.count) }
    let longestWhy = widest("why") { $0.why }

    let free = self.width - shapeWidth - roleWidth - ruleWidth - 3 * Self.gap
    // A little off the longest names may make room for the reasons.
    let room = Self.whyWidths.map { min(longestWhy, $0) + Self.gap }.first {
      free - $0 >= min(longestName, Self.fairName)
    }
    if let room {
      nameWidth = min(longestName, free - room)
      arrangement = .columns(why: free - nameWidth - Self.gap)
    } else if free >= min(longestName, Self.narrowestName) {
      nameWidth = min(longestName, free)
      arrangement = .whyBelow
    } else {
      nameWidth = self.width
      arrangement = .stacked
    }
  }

  var lines: [String] { heading + rows.flatMap(lines(of:)) }

  private var heading: [String] {
    switch arrangement {
    case .columns: [faint(columns("parameter", "shape", "role", "rule") + gapped("why"))]
    case .whyBelow: [faint(columns("parameter", "shape", "role", "rule"))]
    case .stacked: []
    }
  }

  private func lines(of row: PlanRow) -> [String] {
    switch row {
    case .module(let name): return [Style.strong.applied(to: shortened(name, to: width), colour: colour)]
    case .repetition(let name, let shortName, let text, let indent):
      return repetition(name, shortName, text, indent: indent)
    case .line(let line): return lines(of: line)
    }
  }

  private func lines(of line: PlanRow.Line) -> [String] {
    let name = String(repeating: " ", count: line.indent) + cutName(line.name, to: nameWidth - line.indent)
    let rule = line.rule.style.applied(to: line.rule.text, colour: colour)
    // Colour codes take no room: what is padded is the text.
    let rulePadding = String(repeating: " ", count: max(0, ruleWidth - line.rule.text.count))
    let below = String(repeating: " ", count: line.indent + 4)
    switch arrangement {
    case .columns(let whyWidth):
      var whys = cut(line.why, width: whyWidth)
      let first = whys.isEmpty ? "" : whys.removeFirst()
      let start = columns(name, line.shape, line.role, "", trims: false)
      let indent = String(repeating: " ", count: start.count + ruleWidth)
      return [trimmed(start + rule + (first.isEmpty ? "" : rulePadding + gapped(first)))]
        + whys.map { indent + gapped($0) }
    case .whyBelow:
      return [trimmed(columns(name, line.shape, line.role, "", trims: false) + rule)]
        + cut(line.why, width: width - below.count).map { below + faint($0) }
    case .stacked:
      let facts = [line.shape, line.role, line.rule.text].filter { !$0.isEmpty }.joined(separator: "  ")
      return [name]
        + (cut(facts, width: width - below.count) + cut(line.why, width: width - below.count)).map { below + faint($0) }
    }
  }

  /// The names, then the text in the shapes' column or right behind the names; below them where there is no room.
  private func repetition(_ name: String, _ shortName: String, _ text: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let column = nameWidth + Self.gap
    for candidate in [name, shortName] {
      let start = margin + candidate
      let position = max(column, start.count + Self.gap)
      if position + text.count <= width {
        return [start + String(repeating: " ", count: position - start.count) + faint(text)]
      }
    }
    let start = margin + shortened(shortName, to: width - indent)
    if start.count + Self.gap + text.count <= width { return [start + "  " + faint(text)] }
    let below = margin + "    "
    return [start] + cut(text, width: width - below.count).map { below + faint($0) }
  }

  private func columns(_ name: String, _ shape: String, _ role: String, _ rule: String, trims: Bool = true) -> String {
    let text =
      padded(name, nameWidth) + gapped(padded(shape, shapeWidth)) + gapped(padded(role, roleWidth))
      + gapped(trims ? padded(rule, ruleWidth) : rule)
    return text
  }

  private func cutName(_ name: String, to width: Int) -> String {
    guard cutsFront, name.count > width, width > 2 else { return shortened(name, to: width) }
    return "…\(name.suffix(width - 1))"
  }

  private func gapped(_ text: String) -> String { String(repeating: " ", count: Self.gap) + text }
  private func faint(_ text: String) -> String { Style.faint.applied(to: trimmed(text), colour: colour) }

  /// `wrapped`, with words that are longer than a line cut.
  private func cut(_ text: String, width: Int) -> [String] {
    guard !text.isEmpty else { return [] }
    return wrapped(text, width: max(width, 8)).map { shortened($0, to: max(width, 8)) }
  }
}

private func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

private func trimmed(_ text: String) -> String {
  var text = text
  while text.last == " " { text.removeLast() }
  return text
}

/// The text with dots in place of its middle, if it is longer than that.
func shortened(_ text: String, to width: Int) -> String {
  guard text.count > width, width > 2 else { return text }
  // The end of a name says more than its start.
  let head = (width - 1) / 3
  return "\(text.prefix(head))…\(text.suffix(width - 1 - head))"
}
