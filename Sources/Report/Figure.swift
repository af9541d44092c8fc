import Records

/// A plot with all that surrounds it on a page.
public struct Figure: Sendable {
  /// How much of the page's width a figure takes. Two halves that follow each other stand side by side where there is
  /// room: ours and the paper's.
  public enum Width: String, Sendable {
    /// The whole width, or half of it.
    case full, half
  }

  /// Names the figure in the page's address, as a section's `id` does.
  public var id: String
  /// The heading above it.
  public var title: String
  /// What is to be seen, and how it was measured.
  public var caption: String
  /// What the plot shows, in words, for those who do not see it: the finding, not "a line chart".
  public var altText: String
  /// The plot.
  public var plot: any Plot
  /// How much of the page's width it takes.
  public var width: Width

  /// A figure of these parts.
  public init(
    id: String, title: String, caption: String = "", altText: String, plot: any Plot, width: Width = .full
  ) {
    self.id = id
    self.title = title
    self.caption = caption
    self.altText = altText
    self.plot = plot
    self.width = width
  }

  /// The plot's specification, with the alternative text as its description.
  public var spec: JSONValue {
    var members = plot.spec.members ?? []
    let place = members.firstIndex { $0.key == "$schema" }.map { $0 + 1 } ?? 0
    members.insert(.init("description", .string(altText)), at: place)
    return .object(members)
  }
}

/// The numbers behind a plot, as a table: a row each, a cell for every column.
public struct FigureData: Sendable, Hashable {
  /// The columns' names.
  public var columns: [String]
  /// A list a row, a cell for every column.
  public var rows: [[JSONValue]]

  /// A table of these cells.
  public init(columns: [String], rows: [[JSONValue]]) {
    self.columns = columns
    self.rows = rows
  }

  /// The table as CSV.
  public var csv: String { CSV.text(header: columns, rows: rows) }
}
