/// Draws one weight in a terminal of some width, leaving out what does not fit.
///
/// Matrices are drawn as one table with the rule's blocks parted by lines. Kernels are drawn as a grid of windows,
/// one row an output channel and one column an input channel, in panels beside each other where that keeps the
/// drawing short; the slices of a 3-D window stand side by side.
struct WeightDrawing {
  /// Sizes in PyTorch's layout: outputs, inputs, then the window. One axis is drawn as a row.
  var shape: [Int]
  var blocks = BlockStructure()
  var terminalWidth: Int

  /// The lines of a table before rows are left out, and how many rows are drawn then.
  private let maximumRows = 32
  private let rowsOfMany = 16
  /// Positions drawn of one axis of a window.
  private let maximumWindow = 16

  /// Where a new block starts: worth seeing in a weight too large to be drawn whole.
  private var columnPlace: Int? {
    guard let cut = blocks.columnCuts.first else { return nil }
    return shape.count > 2 ? cut / shape[2...].reduce(1, *) : cut
  }
  private var rowPlace: Int? { blocks.rowCuts.first?.row }

  /// The most that could be drawn, whatever the numbers look like: for each axis, the indices that the drawing may
  /// ask for. Of a longer axis these are its beginning and its end.
  private var candidates: [[Int]] {
    shape.enumerated().map { axis, size in
      let isColumn = axis == 1 || shape.count == 1
      if shape.count > 2, axis > 1 { return picks(size, room: maximumWindow).compactMap { $0 } }
      let place = isColumn ? columnPlace : rowPlace
      let room = isColumn ? max(12, terminalWidth / (shape.count > 2 ? 4 : 2)) : maximumRows
      // What a smaller room shows of the place of interest is not always what a larger one does.
      return Set((0...room).flatMap { picks(size, room: $0, around: place).compactMap { $0 } }).sorted()
    }
  }

  /// The row-major offsets whose values the drawing may ask for, ascending.
  var offsets: [Int] {
    var offsets = [0]
    for (axis, indices) in candidates.enumerated() {
      offsets = offsets.flatMap { base in indices.map { base * shape[axis] + $0 } }
    }
    return offsets
  }

  /// The drawing's lines. `value` gives the number at one of `offsets`.
  func lines(value: @escaping (Int) -> Double, colour: Bool) -> (lines: [String], unit: String?) {
    let shown = offsets.map(value)
    if shape.count <= 2 {
      // As many digits as let all columns stand; if two are still too many, columns are left out at three.
      let formats = [4, 3, 2].map { CellFormat(shown, digits: $0) }
      let format =
        formats.first { matrix($0, value).width <= terminalWidth && matrix($0, value).isComplete } ?? formats[1]
      return (drawn([matrix(format, value).sheet], colour: colour), format.unit)
    }
    let format = CellFormat(shown, digits: 3)
    return (drawn(kernel(format, value), colour: colour), format.unit)
  }

  private func drawn(_ sheets: [Sheet], colour: Bool) -> [String] {
    var canvas = Canvas()
    var x = 0
    for sheet in sheets {
      sheet.draw(on: &canvas, x: x)
      x += sheet.width + Self.panelGap
    }
    return canvas.rendered(colour: colour)
  }

  private static let panelGap = 3

  /// The position in the middle of those that are drawn.
  private static func middle(_ picks: Picks) -> Int {
    let drawn = picks.indices.filter { picks[$0] != nil }
    return drawn[drawn.count / 2]
  }

  // MARK: Matrices

  private func matrix(
    _ format: CellFormat, _ value: @escaping (Int) -> Double
  ) -> (sheet: Sheet, width: Int, isComplete: Bool) {
    let rowCount = shape.count == 2 ? shape[0] : 1
    let columnCount = shape[shape.count - 1]
    let rowPicks = rowCount <= maximumRows ? Array(0..<rowCount) : picks(rowCount, room: rowsOfMany, around: rowPlace)
    let labelWidth = shape.count == 2 ? String(rowCount - 1).count : 0
    let cellWidth = max(format.width, String(columnCount - 1).count)
    let cutWidth = blocks.columnCuts.count <= 8 ? 2 * blocks.columnCuts.count : 0
    let room = (terminalWidth - labelWidth - 4 - cutWidth) / (cellWidth + 1)
    let columnPicks = picks(columnCount, room: max(room, 1), around: columnPlace)

    var columns = [Sheet.Column]()
    var bandOfColumn = [0: 0]
    for (position, pick) in columnPicks.enumerated() {
      guard let pick else {
        columns.append(.ellipsis)
        continue
      }
      if blocks.columnCuts.contains(pick), position > 0, columnPicks[position - 1] != nil {
        bandOfColumn[pick] = columns.count
        columns.append(.rule)
      }
      columns.append(.cells(pick, label: String(pick)))
    }
    var rows = [Sheet.Row]()
    for (position, pick) in rowPicks.enumerated() {
      guard let pick else {
        rows.append(.ellipsis)
        continue
      }
      if position > 0, rowPicks[position - 1] != nil {
        for cut in blocks.rowCuts where cut.row == pick {
          // A line that starts at a column which is not drawn has no place to start.
          if let band = bandOfColumn[cut.fromColumn] { rows.append(.rule(from: band)) }
        }
      }
      rows.append(.cells(pick, label: shape.count == 2 ? String(pick) : ""))
    }
    let sheet = Sheet(rows: rows, columns: columns, cellWidth: cellWidth) { row, column in
      let number = value(row * columnCount + column)
      return (format.text(number), format.style(number))
    }
    return (sheet, sheet.width, !columnPicks.contains(nil))
  }

  // MARK: Kernels

  private func kernel(_ format: CellFormat, _ value: @escaping (Int) -> Double) -> [Sheet] {
    let window = [Int](repeating: 1, count: 5 - shape.count) + shape[2...]
    let (depth, height, width) = (window[0], window[1], window[2])
    let cellWidth = max(format.width, shape[1] > 10 ? 2 : 1)
    let labelWidth = String(shape[0] - 1).count
    let room = terminalWidth - labelWidth - 4

    let xPicks = picks(width, room: max(1, min(maximumWindow, room / (cellWidth + 1))))
    let sliceWidth = xPicks.reduce(0) { $0 + ($1 == nil ? 2 : cellWidth + 1) }
    let depthPicks = picks(depth, room: max(1, min(maximumWindow, (room + 2) / (sliceWidth + 2))))
    let windowWidth = depthPicks.reduce(-2) { $0 + 2 + ($1 == nil ? 0 : sliceWidth) }
    let inPicks = picks(shape[1], room: max(1, (room + 2) / (windowWidth + 2)), around: columnPlace)
    let yPicks = picks(height, room: maximumWindow)

    var columns = [Sheet.Column]()
    // A column of cells stands for (input channel, depth, x).
    func code(_ channel: Int, _ slice: Int, _ x: Int) -> Int { (channel * depth + slice) * width + x }
    for (position, channel) in inPicks.enumerated() {
      if position > 0, channel != nil, inPicks[position - 1] != nil { columns.append(.rule) }
      guard let channel else {
        columns.append(.ellipsis)
        continue
      }
      for (slicePosition, slice) in depthPicks.enumerated() {
        if slicePosition > 0 { columns.append(slice == nil ? .ellipsis : .gap) }
        guard let slice else { continue }
        let middle = slicePosition == Self.middle(depthPicks) ? Self.middle(xPicks) : -1
        for (xPosition, x) in xPicks.enumerated() {
          guard let x else {
            columns.append(.ellipsis)
            continue
          }
          columns.append(.cells(code(channel, slice, x), label: xPosition == middle ? String(channel) : ""))
        }
      }
    }
    func cell(_ row: Int, _ column: Int) -> (String, Style) {
      let (out, y) = row.quotientAndRemainder(dividingBy: height)
      let (channelAndSlice, x) = column.quotientAndRemainder(dividingBy: width)
      let (channel, slice) = channelAndSlice.quotientAndRemainder(dividingBy: depth)
      let number = value((((out * shape[1] + channel) * depth + slice) * height + y) * width + x)
      return (format.text(number), format.style(number))
    }
    func sheet(_ outs: [Int?]) -> Sheet {
      var rows = [Sheet.Row]()
      for (position, out) in outs.enumerated() {
        // Windows of one row stand close together.
        if position > 0, out != nil, outs[position - 1] != nil, height > 1 { rows.append(.rule(from: 0)) }
        guard let out else {
          rows.append(.ellipsis)
          continue
        }
        for (yPosition, y) in yPicks.enumerated() {
          guard let y else {
            rows.append(.ellipsis)
            continue
          }
          rows.append(.cells(out * height + y, label: yPosition == Self.middle(yPicks) ? String(out) : ""))
        }
      }
      return Sheet(rows: rows, columns: columns, cellWidth: cellWidth, minimumLabelWidth: labelWidth, cell: cell)
    }

    // Panels beside each other, as many as fit and as are worth it.
    let windowHeight = yPicks.count + (height > 1 ? 1 : 0)
    let outsInOnePanel = max(1, maximumRows / windowHeight)
    let panelWidth = sheet([0]).width
    let panelRoom = max(1, (terminalWidth + Self.panelGap) / (panelWidth + Self.panelGap))
    let outPicks = picks(shape[0], room: min(maximumRows, outsInOnePanel * panelRoom))
    let wanted = (outPicks.count * windowHeight + 17) / 18
    let panelCount = max(1, min(panelRoom, wanted))
    let size = (outPicks.count + panelCount - 1) / panelCount
    return stride(from: 0, to: outPicks.count, by: size).map { start in
      sheet(Array(outPicks[start..<min(start + size, outPicks.count)]))
    }
  }
}

/// How a rule parts a matrix into blocks.
struct BlockStructure: Equatable {
  /// A line above a row, from a column on to the right edge.
  struct RowCut: Equatable {
    var row: Int
    var fromColumn = 0
  }

  /// Lines before these columns, from top to bottom.
  var columnCuts: [Int] = []
  var rowCuts: [RowCut] = []
}

/// The positions of an axis that are drawn; nil for those left out.
typealias Picks = [Int?]

/// The indices of an axis that are drawn in the place that there is: all, or the first ones, nil for what is left
/// out, those around a place of interest, and the last ones.
func picks(_ count: Int, room: Int, around place: Int? = nil) -> Picks {
  if count <= room { return Array(0..<count) }
  // Two or three from the end show how the pattern closes.
  let tail = room >= 12 ? 3 : room >= 5 ? 2 : room >= 3 ? 1 : 0
  let head = max(1, room - 1 - tail)
  let first = Array(0..<head), last = Array(count - tail..<count)
  guard let place, place >= head, place < count - tail, room >= 3 else { return first + [nil] + last }
  // The place takes some of the head's room, or what there is.
  let shown = room >= 11 ? [place - 1, place, place + 1] : [place]
  let kept = max(1, head - shown.count - 1)
  let end = room >= 5 ? last : []
  var result: Picks = Array(0..<kept)
  for index in shown + end where index >= kept {
    if let previous = result[result.count - 1], index > previous + 1 { result.append(nil) }
    result.append(index)
  }
  return end.isEmpty ? result + [nil] : result
}
