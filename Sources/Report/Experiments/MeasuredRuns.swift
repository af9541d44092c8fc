import Records

/// What the runs of one experiment measured, as its figures see it: nothing of how or where they were made.
public struct MeasuredRuns: Sendable {
  /// One run.
  public struct Run: Sendable {
    /// A row an epoch or step, in order.
    public var metrics: [Row]
    /// What it ended with.
    public var results: Row
    /// Whether it ran to its end; one that diverged has no last value that means anything.
    public var isFinished: Bool
    /// The tables that it wrote beside its results, by the name of the file: `contour.csv`.
    public var tables: [String: [Row]]

    /// A run with these measurements.
    public init(metrics: [Row], results: Row = [:], isFinished: Bool = true, tables: [String: [Row]] = [:]) {
      (self.metrics, self.results, self.isFinished, self.tables) = (metrics, results, isFinished, tables)
    }
  }

  /// Runs that differ in their seeds alone.
  public struct Group: Sendable {
    /// What they have in common: method, variant, learning rate.
    public var labels: Row
    /// The runs, one a seed.
    public var runs: [Run]
    /// The settings of the first.
    public var settings: JSONValue

    /// Runs with these labels.
    public init(labels: Row, runs: [Run], settings: JSONValue = .object([])) {
      (self.labels, self.runs, self.settings) = (labels, runs, settings)
    }

    /// A label as text; empty where there is none.
    func label(_ name: String) -> String { labels[name].map { $0.text ?? $0.line } ?? "" }

    var finished: [Run] { runs.filter(\.isFinished) }

    /// A number that the finished runs ended with, a value a seed.
    func values(_ cell: String) -> [Double] { finished.compactMap { $0.results.number(cell) } }
  }

  /// A number that the paper prints.
  public struct PaperNumber: Sendable, Hashable {
    /// The labels of the runs that it belongs to.
    public var labels: [String]
    /// The number.
    public var value: Double
    /// As it stands in the paper.
    public var text: String

    /// A number of the paper.
    public init(_ labels: [String], _ value: Double, _ text: String) {
      (self.labels, self.value, self.text) = (labels, value, text)
    }
  }

  /// The recipe's id, `table8`.
  public var recipe: String
  /// The runs, gathered by what they share.
  public var groups: [Group]
  /// What the paper has.
  public var paper: [PaperNumber]

  /// The runs of a recipe.
  public init(recipe: String, groups: [Group], paper: [PaperNumber] = []) {
    (self.recipe, self.groups, self.paper) = (recipe, groups, paper)
  }

  // MARK: Names

  /// The labels in which groups differ, in the order of the first one's.
  static func distinguishing(_ rows: [Row]) -> [String] {
    (rows.first?.names ?? []).filter { key in Set(rows.map { $0[key]?.line ?? "" }).count > 1 }
  }

  /// What tells each of these from the others: "relu, idinit", "noise 0.1, idinit". All labels where there is nothing to
  /// tell.
  static func names(_ rows: [Row]) -> [String] {
    let keys = distinguishing(rows)
    return rows.map { row in
      (keys.isEmpty ? row.names : keys).compactMap { key in row[key].map { text(key, $0) } }.joined(separator: ", ")
    }
  }

  /// A label as a part of a name: a number says nothing without its key's.
  static func text(_ key: String, _ value: JSONValue) -> String {
    switch value {
    case .int, .double: "\(words(key)) \(NumberFormat.automatic.text(value.number ?? .nan))"
    default: value.text ?? value.line
    }
  }

  /// "learningRate" as words.
  static func words(_ key: String) -> String {
    key.reduce(into: "") { text, letter in text += letter.isUppercase ? " " + letter.lowercased() : String(letter) }
  }

  var names: [String] { Self.names(groups.map(\.labels)) }

  /// The experiment with these groups alone.
  func with(_ groups: [Group]) -> MeasuredRuns { MeasuredRuns(recipe: recipe, groups: groups, paper: paper) }

  // MARK: Sentences of captions

  /// "One seed."; "Mean over 3 seeds; the bar is their range."
  func seedSentence(_ mark: String, _ spread: BarChart.Spread = .range) -> String {
    let most = groups.map(\.runs.count).max() ?? 1
    guard most > 1 else { return "One seed." }
    let least = groups.map(\.runs.count).min() ?? 1
    return "Mean over \(least < most ? "\(least) to \(most)" : "\(most)") seeds; the \(mark) is "
      + (spread == .range ? "their range." : "one standard deviation to both sides.")
  }

  /// "Diverged, left out: 1 of 3 seeds of relu, default."; empty where none did.
  var divergedSentence: String { lost.map { "Diverged, left out: \($0)." } ?? "" }

  /// "Diverged: 1 of 3 seeds of relu, default; their values end there."; empty where none did.
  var endedSentence: String { lost.map { "Diverged: \($0); their values end there." } ?? "" }

  private var lost: String? {
    let lost = zip(names, groups).compactMap { name, group -> String? in
      let count = group.runs.count - group.finished.count
      return count == 0 ? nil : "\(count) of \(group.runs.count) \(group.runs.count == 1 ? "seed" : "seeds") of \(name)"
    }
    return lost.isEmpty ? nil : lost.joined(separator: "; ")
  }
}
