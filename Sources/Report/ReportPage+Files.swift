import Records

/// Files beside the page, for those who go on from it.
extension ReportPage {
  /// A file for plotting elsewhere.
  public struct TableFile: Sendable, Hashable {
    /// Letters, digits and hyphens, and `.csv`; no two files of a page have the same.
    public var name: String
    /// Its content, as CSV.
    public var text: String
  }

  /// Every table of the page as CSV: of each section its results, its plan, and the numbers of its figures.
  public var tables: [TableFile] {
    var names = PageEscaping.Names()
    return sections.flatMap { section -> [TableFile] in
      let id = Self.name(section)
      let tables =
        [("results", section.table?.csv), ("plan", section.plan?.csv)]
        + section.figures.map { ($0.id, $0.plot.data.csv) }
      return tables.compactMap { name, text in
        text.map { TableFile(name: names.name("\(id)-\(name)", prefix: "") + ".csv", text: $0) }
      }
    }
  }

  /// The names of files for the pictures of ``figures``, in their order: `table8-testAccuracy.svg`.
  public var pictureNames: [String] {
    var names = PageEscaping.Names()
    return sections.flatMap { section in
      section.figures.map { names.name("\(Self.name(section))-\($0.id)", prefix: "") + ".svg" }
    }
  }

  private static func name(_ section: ReportSection) -> String { section.id.isEmpty ? "section" : section.id }
}
