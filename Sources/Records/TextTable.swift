extension ResultTable {
  /// The table for people, in columns.
  ///
  /// Where the columns do not fit with each title on one line, what follows is done, in this order, until they do:
  /// titles take up to three lines; a unit that all cells of a column have moves into its title; rows stand below the
  /// first label that they have in common; the columns are parted into several blocks, each with the labels that tell
  /// the rows apart. Where not even one column has room beside those, every row becomes a list.
  ///
  /// - Parameter width: The most characters of a line. A word that is longer than that stays whole.
  /// - Returns: Lines, each with its end; `no results` where there is no row.
  public func text(width: Int) -> String {
    let cells = cells
    let columns = columns.enumerated().map { index, column in
      TextColumn(title: column.title, isNumber: column.isNumber, cells: cells.map { $0[index] })
    }
    return TextTable(columns, width: width).lines.map { $0 + "\n" }.joined()
  }
}

/// A table's text, laid out for a width.
struct TextTable {
  private let columns: [TextColumn]
  private let width: Int

  private static let gap = "  "
  private static let mostTitleLines = 3

  init(_ columns: [TextColumn], width: Int) {
    self.columns = columns
    self.width = max(width, 20)
  }

  var lines: [String] {
    guard let first = columns.first, !first.cells.isEmpty else { return ["no results"] }
    if let block = block(columns, titleLines: 1) ?? block(columns) { return block.lines }
    let plain = columns.map(\.withUnitInTitle)
    if let block = block(plain) { return block.lines }
    return grouped(plain) ?? parted(plain) ?? lists(plain)
  }

  // MARK: One block

  /// Columns side by side.
  private struct Block {
    var heading: [String]
    var rows: [String]
    var lines: [String] { heading + rows }
  }

  /// Nil where the columns have no room beside each other.
  private func block(_ columns: [TextColumn], titleLines most: Int = mostTitleLines) -> Block? {
    for titleLines in 1...most {
      let widths = columns.map { $0.width(titleLines: titleLines) }
      guard widths.reduce(0, +) + Self.gap.count * (widths.count - 1) <= width else { continue }
      let titles = zip(columns, widths).map { $0.titleLines(width: $1) }
      let height = titles.map(\.count).max() ?? 1
      let heading = (0..<height).map { line in
        Self.line(
          zip(columns, zip(titles, widths)).map { column, title in
            // Titles stand on the line below, as what they name does.
            let index = line - (height - title.0.count)
            return column.padded(index < 0 ? "" : title.0[index], title.1)
          })
      }
      let rule = Self.line(widths.map { String(repeating: "-", count: $0) })
      let rows = columns[0].cells.indices.map { row in
        Self.line(zip(columns, widths).map { $0.padded($0.cells[row], $1) })
      }
      return Block(heading: heading + [rule], rows: rows)
    }
    return nil
  }

  private static func line(_ cells: [String]) -> String {
    var line = cells.joined(separator: gap)
    while line.last == " " { line.removeLast() }
    return line
  }

  // MARK: Below the first label

  /// Nil where few rows have a first label in common, or it does not help.
  private func grouped(_ columns: [TextColumn]) -> [String]? {
    guard labelCount(columns) > 1, let block = block(Array(columns.dropFirst())) else { return nil }
    let label = columns[0]
    var starts: [Int] = []
    for row in label.cells.indices where row == 0 || label.cells[row] != label.cells[row - 1] { starts.append(row) }
    if starts.count == 1 { return ["\(label.title): \(label.cells[0])"] + block.lines }
    guard starts.count * 2 <= label.cells.count else { return nil }
    var lines = block.heading
    for (start, end) in zip(starts, starts.dropFirst() + [label.cells.count]) {
      lines += (start == 0 ? [] : [""]) + ["\(label.title): \(label.cells[start])"] + block.rows[start..<end]
    }
    return lines
  }

  // MARK: Several blocks

  /// How many columns at the left say which row it is.
  private func labelCount(_ columns: [TextColumn]) -> Int { columns.prefix { !$0.isNumber }.count }

  /// Nil where a column has no room beside the labels.
  private func parted(_ columns: [TextColumn]) -> [String]? {
    var labels = Array(columns.prefix(max(1, labelCount(columns))))
    // A number may be what tells rows apart, as a seed.
    if !Self.areTelling(labels), let next = columns.dropFirst(labels.count).first, Self.areTelling(labels + [next]) {
      labels.append(next)
    }
    let telling = labels.first { Self.areTelling([$0]) }.map { [$0] } ?? labels
    var rest = columns.dropFirst(labels.count)
    var lines: [String] = []
    while !rest.isEmpty {
      let start = lines.isEmpty && block(labels + rest.prefix(1)) != nil ? labels : telling
      guard let count = (1...rest.count).last(where: { block(start + rest.prefix($0)) != nil }),
        let block = block(start + rest.prefix(count))
      else { return nil }
      lines += (lines.isEmpty ? [] : [""]) + block.lines
      rest = rest.dropFirst(count)
    }
    return lines
  }

  /// Whether no two rows have the same cells in these columns.
  private static func areTelling(_ columns: [TextColumn]) -> Bool {
    guard let first = columns.first else { return false }
    return Set(first.cells.indices.map { row in columns.map { $0.cells[row] } }).count == first.cells.count
  }

  // MARK: Lists

  private func lists(_ columns: [TextColumn]) -> [String] {
    columns[0].cells.indices.flatMap { row -> [String] in
      let lines = columns.enumerated().flatMap { index, column in
        Wrapped.lines(
          column.title.isEmpty ? column.cells[row] : "\(column.title): \(column.cells[row])", width: width - 4
        )
        .enumerated().map { (index == 0 ? "" : "  ") + ($0 == 0 ? "" : "  ") + $1 }
      }
      return (row == 0 ? [] : [""]) + lines
    }
  }
}

/// A column of texts.
struct TextColumn {
  var title: String
  var isNumber: Bool
  var cells: [String]

  /// The title's words; a unit stays with what it is of: "to", "40 %".
  private var words: [String] {
    title.split(separator: " ").reduce(into: []) { words, word in
      if word == "%", let last = words.popLast() { words.append("\(last) %") } else { words.append(String(word)) }
    }
  }

  /// The title over lines of `width`.
  func titleLines(width: Int) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
    return lines.isEmpty ? [""] : lines
  }

  /// The least width with room for the cells, and for the title over so many lines.
  func width(titleLines most: Int) -> Int {
    let least = max(cells.map(\.count).max() ?? 0, words.map(\.count).max() ?? 0)
    return (least...max(least, title.count)).first { titleLines(width: $0).count <= most } ?? least
  }

  func padded(_ text: String, _ width: Int) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return isNumber ? space + text : text + space
  }

  /// With "93.4 %" in all cells that have something, 93.4 and the unit in the title.
  var withUnitInTitle: TextColumn {
    let unit = " %"
    let full = cells.filter { !$0.isEmpty && $0 != "–" }
    guard isNumber, !full.isEmpty, full.allSatisfy({ $0.hasSuffix(unit) && !$0.hasPrefix(">") }) else { return self }
    var column = self
    column.title += ",\(unit)"
    column.cells = cells.map { $0.hasSuffix(unit) ? String($0.dropLast(unit.count)) : $0 }
    return column
  }
}
