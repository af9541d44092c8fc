import Lab

/// One table or figure of the paper as a typed value: where it stands in the paper, what was measured there, every
/// setting at every scale, what differs and why, and the claim that results are checked against.
///
/// A recipe turns settings into *runs*. A run is the unit of everything that happens on disk: it has a folder of its
/// own (`RunRecord`), is finished, resumed or repeated by itself, and ends with one row of results. A grid of
/// trainings has a run for every variant, method and seed; an analysis has as many as it has parts.
///
/// A new recipe is one file and one line in ``RecipeRegistry``.
public protocol Recipe: Sendable {
  /// Everything that can be changed.
  associatedtype Settings: RecipeSettings

  /// What the recipe says about itself.
  static var card: RecipeCard { get }

  /// What it makes use of: an option of `idinit-lab run` that serves something else is an error.
  static var needs: Set<Need> { get }

  /// The settings that its runs have one value each of, by dotted key; all others make another experiment. In the order in
  /// which they sort the rows of the table.
  static var ofRuns: [String] { get }

  /// The settings at a scale, before anybody has changed any.
  static func settings(at scale: Scale) -> Settings

  /// What is run, in a line: the card's title, with what the settings change of it.
  static func title(of settings: JSONValue) -> String

  /// The runs that the settings ask for, in the order in which they are done. Settings have been validated.
  static func runs(_ settings: Settings) throws -> [PlannedRun]

  /// The networks that the settings ask for as they start, each once, with a batch of the recipe's data: what
  /// `idinit-lab probe RECIPE` measures.
  ///
  /// - Throws: `LabError` (`.usage`) with the reason for a recipe that has no such networks.
  static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe

  /// The rows of the recipe's table from what its runs ended with.
  static func table(_ runs: [FinishedRun]) -> ResultTable

  /// What the results say about the paper's claim.
  static func verdict(_ runs: [FinishedRun]) -> Verdict
}

/// What a recipe makes use of.
public enum Need: Sendable {
  /// A data set on disk.
  case data
  /// The tensor engine: threads, devices.
  case engine
  /// Runs long enough to be saved half-way.
  case checkpoints

  /// For errors: "it …".
  public var absence: String {
    switch self {
    case .data: "needs no data"
    case .engine: "is computed without the engine"
    case .checkpoints: "starts a stopped run again, since its runs are short"
    }
  }
}

/// How large an experiment is.
public enum Scale: String, CaseIterable, Sendable {
  /// Under five seconds, for tests: shows that everything works, says nothing about the claim.
  case smoke
  /// Minutes on two cores.
  case small
  /// As the paper describes it.
  case paper
}

/// What a recipe says about itself.
public struct RecipeCard: Sendable {
  /// The name on the command line and of the folder in `Results`: `table8`.
  public var id: String
  /// One line.
  public var title: String
  /// The table or figure: "Table 8".
  public var locus: String
  /// Where the text describes it: "Appendix C.1".
  public var section: String
  /// What the paper measured.
  public var paper: [PaperFigure]
  /// What results are checked against, as a sentence that can be true or false.
  public var claim: String
  /// What differs from the paper, or is not in it, and why.
  public var deviations: [String]

  /// A card of these parts.
  public init(
    id: String, title: String, locus: String, section: String, paper: [PaperFigure], claim: String,
    deviations: [String]
  ) {
    self.id = id
    self.title = title
    self.locus = locus
    self.section = section
    self.paper = paper
    self.claim = claim
    self.deviations = deviations
  }
}

/// A number printed in the paper.
public struct PaperFigure: Sendable, Hashable {
  /// What it is the number of: the labels of the runs it belongs to.
  public var labels: [String]
  /// The number.
  public var value: Double
  /// The number as the paper prints it, with its unit.
  public var text: String

  /// A number of the runs with these labels, and how it is printed.
  public init(_ labels: [String], _ value: Double, _ text: String) {
    self.labels = labels
    self.value = value
    self.text = text
  }
}

extension Recipe {
  /// The name on the command line.
  public static var id: String { card.id }

  public static func title(of settings: JSONValue) -> String { card.title }

  public static var ofRuns: [String] { ["variants", "methods", "seeds"] }

  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    throw RecipeProbe.absence(of: card.id, "no part of it is a network that could be taken out with a batch of data")
  }

  /// The number that the paper gives for these labels.
  public static func paperFigure(_ labels: String...) -> PaperFigure? {
    card.paper.first { $0.labels == labels }
  }
}
