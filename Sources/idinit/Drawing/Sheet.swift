/// A table of cells in a frame, with lines that part its blocks.
struct Sheet {
  enum Row {
    /// A row of cells, with the label that stands before it.
    case cells(Int, label: String)
    /// A line across, from the column band at this position of `columns` (0: all the way).
    case rule(from: Int)
    case ellipsis
  }

  enum Column {
    case cells(Int, label: String)
    case rule
    /// White space between the slices of a three-dimensional window.
    case gap
    case ellipsis
  }

  var rows: [Row]
  var columns: [Column]
  /// Characters of the widest cell.
  var cellWidth: Int
  var minimumLabelWidth = 0
  var cell: (_ row: Int, _ column: Int) -> (text: String, style: Style)

  var labelWidth: Int {
    rows.reduce(minimumLabelWidth) { widest, row in
      if case .cells(_, let label) = row { max(widest, label.count) } else { widest }
    }
  }

  /// Characters from the left edge of the labels to the right edge of the frame.
  var width: Int { labelWidth + 1 + columns.reduce(3) { $0 + width(of: $1) } }

  /// Lines from the column labels to the lower edge of the frame.
  var height: Int { rows.count + 3 }

  private func width(of column: Column) -> Int {
    switch column {
    case .cells: cellWidth + 1
    case .rule: 2
    case .gap: 2
    case .ellipsis: 2
    }
  }

  /// What stands to the right of a text in its column: numbers end at the edge, a lone character (a dot, a short
  /// index) stands in the middle.
  private func margin(_ text: String) -> Int { text.count == 1 ? (cellWidth - 1) / 2 : 0 }

  func draw(on canvas: inout Canvas, x left: Int) {
    let frame = left + labelWidth + 1
    let right = left + width - 1
    let (top, bottom) = (1, rows.count + 2)
    canvas.line(from: (frame, top), to: (right, top))
    canvas.line(from: (frame, bottom), to: (right, bottom))
    canvas.line(from: (frame, top), to: (frame, bottom))
    canvas.line(from: (right, top), to: (right, bottom))

    // Where each column band starts, and where the line before it stands.
    var starts = [Int]()
    var x = frame + 1
    for column in columns {
      starts.append(x)
      switch column {
      case .rule: canvas.line(from: (x + 1, top), to: (x + 1, bottom))
      case .cells(_, let label):
        canvas.put(label, x: x + width(of: column) - label.count - margin(label), y: 0, style: .faint)
      case .gap: break
      case .ellipsis: canvas.put("…", x: x + 1, y: 0, style: .faint)
      }
      x += width(of: column)
    }

    for (index, row) in rows.enumerated() {
      let y = top + 1 + index
      switch row {
      case .rule(let from): canvas.line(from: (from == 0 ? frame : starts[from] + 1, y), to: (right, y))
      case .cells(let rowIndex, let label):
        canvas.put(label, x: left + labelWidth - label.count, y: y, style: .faint)
        for (column, start) in zip(columns, starts) {
          switch column {
          case .cells(let columnIndex, _):
            let (text, style) = cell(rowIndex, columnIndex)
            canvas.put(text, x: start + width(of: column) - text.count - margin(text), y: y, style: style)
          case .ellipsis: canvas.put("…", x: start + 1, y: y, style: .faint)
          case .rule, .gap: break
          }
        }
      case .ellipsis:
        canvas.put("⋮", x: left + labelWidth - 1, y: y, style: .faint)
        for (column, start) in zip(columns, starts) {
          switch column {
          case .cells: canvas.put("⋮", x: start + width(of: column) - 1 - margin("⋮"), y: y, style: .faint)
          case .ellipsis: canvas.put("⋱", x: start + 1, y: y, style: .faint)
          case .rule, .gap: break
          }
        }
      }
    }
  }
}
