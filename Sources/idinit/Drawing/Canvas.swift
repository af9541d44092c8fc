/// A sheet of characters with box lines that join where they meet.
struct Canvas {
  private struct Spot {
    var character: Character = " "
    var style = Style.plain
    /// Which neighbours a line leads to.
    var lines: Directions = []
  }

  private struct Directions: OptionSet {
    var rawValue: UInt8
    static let up = Directions(rawValue: 1), down = Directions(rawValue: 2)
    static let left = Directions(rawValue: 4), right = Directions(rawValue: 8)
  }

  private var spots = [[Spot]]()

  /// Puts single-width characters from (`x`, `y`) on.
  mutating func put(_ text: String, x: Int, y: Int, style: Style = .plain) {
    for (offset, character) in text.enumerated() {
      at(x + offset, y) { spot in
        spot.character = character
        spot.style = style
      }
    }
  }

  /// A line between two points of one row or one column.
  mutating func line(from a: (x: Int, y: Int), to b: (x: Int, y: Int)) {
    if a.y == b.y {
      for x in a.x..<b.x {
        at(x, a.y) { $0.lines.insert(.right) }
        at(x + 1, a.y) { $0.lines.insert(.left) }
      }
    } else {
      for y in a.y..<b.y {
        at(a.x, y) { $0.lines.insert(.down) }
        at(a.x, y + 1) { $0.lines.insert(.up) }
      }
    }
  }

  /// The sheet's lines, without spaces at their ends.
  func rendered(colour: Bool) -> [String] {
    spots.map { row in
      var text = ""
      var run = ""
      var runStyle = Style.plain
      let end = (row.lastIndex { $0.character != " " || !$0.lines.isEmpty } ?? -1) + 1
      for spot in row[..<end] {
        let style = spot.lines.isEmpty ? (spot.character == " " ? runStyle : spot.style) : .faint
        if style != runStyle {
          text += runStyle.applied(to: run, colour: colour)
          (run, runStyle) = ("", style)
        }
        run.append(spot.lines.isEmpty ? spot.character : Self.boxes[spot.lines.rawValue, default: "?"])
      }
      return text + runStyle.applied(to: run, colour: colour)
    }
  }

  private mutating func at(_ x: Int, _ y: Int, _ change: (inout Spot) -> Void) {
    while spots.count <= y { spots.append([]) }
    while spots[y].count <= x { spots[y].append(Spot()) }
    change(&spots[y][x])
  }

  private static let boxes: [UInt8: Character] = [
    1: "│", 2: "│", 3: "│", 4: "─", 8: "─", 12: "─",
    10: "┌", 6: "┐", 9: "└", 5: "┘", 11: "├", 7: "┤", 14: "┬", 13: "┴", 15: "┼",
  ]
}
