import Records

/// A plot with all that surrounds it on a page.
public struct Figure: Sendable {
  /// How much of the page's width a figure takes. Two halves that follow each other stand side by side where there is
  /// room: ours and the paper's.
  public enum Width: String, Sendable { case full, half }

  /// Names the figure in the page's address, as a section's `id` does.
  public var id: String
  public var title: String
  /// What is to be seen, and how it was measured.
  public var caption: String
  /// What the plot shows, in words, for those who do not see it: the finding, not "a line chart".
  public var altText: String
  public var plot: any Plot
  public var width: Width

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
  public var columns: [String]
  public var rows: [[JSONValue]]

  public init(columns: [String], rows: [[JSONValue]]) {
    self.columns = columns
    self.rows = rows
  }

  public var csv: String { CSV.text(header: columns, rows: rows) }
}
