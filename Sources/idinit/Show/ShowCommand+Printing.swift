import IDInit
import ModelFiles

/// The numbers of the cells that are drawn, found by their row-major offset.
struct CellValues {
  /// Ascending.
  var offsets: [Int]
  var values: [Double]

  subscript(offset: Int) -> Double {
    var (low, high) = (0, offsets.count)
    while low < high {
      let middle = (low + high) / 2
      if offsets[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low < offsets.count && offsets[low] == offset ? values[low] : 0
  }
}

extension ShowCommand {
  /// `{"rule","shape","dtype","values"}` on one line. Numbers have as many digits as give the stored value exactly
  /// when they are read as doubles, as Python and JavaScript do.
  func printJSON(_ weight: ShownWeight, _ name: Rule.Name, to out: Output) throws {
    let shape = weight.geometry.shape.map(String.init).joined(separator: ",")
    try out.write(#"{"rule":"\#(name.rawValue)","shape":[\#(shape)],"dtype":"\#(weight.type.rawValue)","values":["#)
    try weight.forEachPiece { range, _, values in
      for (index, value) in values.enumerated() {
        if range.lowerBound + index > 0 { try out.write(",") }
        try out.write(value.description)
      }
    }
    try out.line("]}")
  }

  func printDrawing(
    _ weight: ShownWeight, _ drawing: WeightDrawing, _ cells: CellValues, _ statistics: WeightStatistics,
    _ terminal: Terminal, to out: Output
  ) throws {
    let legend = Legend(weight.rule, geometry: weight.geometry, seed: weight.seed)
    let shape = weight.geometry.shape.map(String.init).joined(separator: "×")
    let (lines, unit) = drawing.lines(value: { cells[$0] }, colour: terminal.hasColour)

    let title = Style.strong.applied(to: legend.title, colour: terminal.hasColour)
    try out.line()
    let size = "\(shape)  \(weight.type.rawValue)"
    // A narrow terminal has the size on a line of its own.
    let isWide = legend.title.count + 2 + size.count <= terminal.width
    try out.line(isWide ? "\(title)  \(size)" : "\(title)\n\(size)")
    try out.line()
    for line in lines { try out.line(line) }
    try out.line()

    var notes = [("formula", legend.formula)]
    if let numbers = legend.numbers { notes.append(("numbers", numbers)) }
    if let layout = Legend.layout(weight.geometry) { notes.append(("drawing", layout)) }
    if let unit { notes.append(("unit", "cells × \(unit)")) }
    notes.append(("values", summary(statistics)))
    if let note = roundedAway(weight, statistics) { notes.append(("note", note)) }
    notes.append(("source", legend.source))
    if let output { notes.append(("file", "\(output): \"\(ShownWeight.name)\", \(weight.type.rawValue)")) }
    for (key, text) in notes {
      for (index, line) in wrapped(text, width: max(20, terminal.width - 9)).enumerated() {
        let label = index == 0 ? key + String(repeating: " ", count: 9 - key.count) : String(repeating: " ", count: 9)
        try out.line(Style.faint.applied(to: label, colour: terminal.hasColour) + line)
      }
    }
    try out.line()
  }

  /// How many values are not zero, their bounds, and all values' mean and standard deviation.
  private func summary(_ statistics: WeightStatistics) -> String {
    let (count, nonZero) = (statistics.count, statistics.nonZeroCount)
    var text = nonZero == count ? "all \(grouped(count)) not zero" : "\(grouped(nonZero)) of \(grouped(count)) not zero"
    if nonZero == 0 { return "all \(grouped(count)) zero" }
    let bounds = [statistics.nonZeroMinimum, statistics.nonZeroMaximum].map { short($0, digits: 7) }
    text += bounds[0] == bounds[1] ? ", each \(bounds[0])" : ", from \(bounds[0]) to \(bounds[1])"
    text += "; mean \(short(statistics.mean))"
    if let std = statistics.std { text += ", std \(short(std))" }
    return text
  }

  /// Says so where the type is too coarse for the noise that was asked for.
  private func roundedAway(_ weight: ShownWeight, _ statistics: WeightStatistics) -> String? {
    guard let looseness = weight.rule.options.looseness, looseness > 0, statistics.nonZeroCount > 1,
      statistics.nonZeroMinimum == statistics.nonZeroMaximum
    else { return nil }
    return "the noise is below the spacing of \(weight.type.rawValue) here and rounds away"
  }
}

/// The words of `text` on lines of at most `width` characters; a longer word has a line of its own.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines = [""]
  for word in text.split(separator: " ") {
    let line = lines[lines.count - 1]
    if line.isEmpty {
      lines[lines.count - 1] = String(word)
    } else if line.count + 1 + word.count <= width {
      lines[lines.count - 1] = "\(line) \(word)"
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
