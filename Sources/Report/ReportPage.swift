import Records

/// A page of results: what one HTML file shows, as plain values.
///
/// The page is made of these values alone: the same page gives the same bytes, today and tomorrow. So the date is one
/// of them, and nothing is read from the machine on which the page is made.
public struct ReportPage {
  /// The page's only first-level heading, and the window's title.
  public var title: String
  /// A sentence under the title; empty for none.
  public var subtitle: String
  /// When the results were made, as it is to be read ("25 November 2026"); nil for none.
  public var date: String?
  /// The experiments, in the order in which they are shown.
  public var sections: [ReportSection]
  /// What the experiments ran on, a line each.
  public var environment: [ReportFact]
  /// The commands that make the results again, as they are typed.
  public var commands: [String]

  /// A page of these parts.
  public init(
    title: String, subtitle: String = "", date: String? = nil, sections: [ReportSection] = [],
    environment: [ReportFact] = [], commands: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.date = date
    self.sections = sections
    self.environment = environment
    self.commands = commands
  }

  /// Every figure, in the order of the page.
  public var figures: [Figure] { sections.flatMap(\.figures) }
}

/// A name with what is to be said under it: "processor", "AMD EPYC".
public struct ReportFact: Sendable, Hashable {
  /// What is told of.
  public var name: String
  /// What is told.
  public var value: String

  /// A name with what is to be said under it.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
