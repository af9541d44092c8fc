import Records

/// One experiment: what the paper claims, what was found, and everything that one needs to judge it.
public struct ReportSection {
  /// Names the section in the page's address (`#table8`). Characters that do not belong there are replaced, and of two
  /// equal ones the second gets a number.
  public var id: String
  /// The heading.
  public var heading: String
  /// Where it stands in the paper: "Table 8, Appendix C.1"; empty for what is not in it.
  public var locus: String
  /// The paper's claim, as a sentence; empty for none.
  public var claim: String
  /// What the results say about the claim; nil where there is none to judge.
  public var verdict: Verdict?
  /// Plots, each with its data in a table beneath.
  public var figures: [Figure]
  /// The results, a row each; nil for none.
  public var table: ResultTable?
  /// More sentences about the results; the table's own notes stand under the table.
  public var notes: [String]
  /// What differs from the paper, and why.
  public var deviations: [String]
  /// What the parameters start from (`ResultTable.plans(_:)`), shown on demand; nil for none.
  public var plan: ResultTable?
  /// The commands that make this experiment's results again.
  public var commands: [String]

  /// A section of these parts.
  public init(
    id: String, heading: String, locus: String = "", claim: String = "", verdict: Verdict? = nil,
    figures: [Figure] = [], table: ResultTable? = nil, notes: [String] = [], deviations: [String] = [],
    plan: ResultTable? = nil, commands: [String] = []
  ) {
    self.id = id
    self.heading = heading
    self.locus = locus
    self.claim = claim
    self.verdict = verdict
    self.figures = figures
    self.table = table
    self.notes = notes
    self.deviations = deviations
    self.plan = plan
    self.commands = commands
  }
}
