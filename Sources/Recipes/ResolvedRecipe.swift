import IDInit
import Lab

/// A recipe with every setting fixed: what `show` prints, `run` does and a record keeps.
public struct ResolvedRecipe: Sendable {
  /// The recipe.
  public let recipe: any Recipe.Type
  /// The scale that its settings began with.
  public let scale: Scale
  /// All settings, in the order of their declaration; always those of a validated value.
  public private(set) var settings: JSONValue
  /// The folder of its runs under `--out`: `table8-small`, or the name of the TOML file.
  public let name: String

  /// What the recipe says about itself.
  public var card: RecipeCard { recipe.card }
  /// What is run, in a line.
  public var title: String { recipe.title(of: settings) }
  /// What the recipe makes use of.
  public var needs: Set<Need> { recipe.needs }

  // MARK: Where it comes from

  /// The recipe `id` at `scale`.
  public init(_ id: String, at scale: Scale) throws(LabError) {
    guard let recipe = RecipeRegistry.recipe(id) else { throw LabError(.usage, Self.unknown(id)) }
    self.recipe = recipe
    self.scale = scale
    settings = Self.base(recipe, scale)
    name = "\(id)-\(scale.rawValue)"
  }

  /// The recipe of a TOML text (see `RecipeTOML`); `file` is its path, for errors and the name.
  /// - Throws: `LabError` (`.configuration`) saying what is wrong, and where.
  public init(toml text: String, file: String) throws(LabError) {
    let parsed = try RecipeTOML.parse(text, file: file)
    guard let recipe = RecipeRegistry.recipe(parsed.recipe) else {
      throw LabError(.configuration, "\(file): \(Self.unknown(parsed.recipe))")
    }
    self.recipe = recipe
    scale = parsed.scale
    let last = file.split(separator: "/").last.map(String.init) ?? file
    name = last.hasSuffix(".toml") ? String(last.dropLast(5)) : last
    do {
      settings = try Self.validated(
        recipe, try SettingsTree.overlay(parsed.settings, on: Self.base(recipe, parsed.scale)))
    } catch {
      throw LabError(.configuration, "\(file): \(error)")
    }
  }

  private static func unknown(_ id: String) -> String {
    let known = RecipeRegistry.ids
    return "there is no recipe \(id); \(didYouMean(id, among: known) ?? "known: \(known.joined(separator: ", "))")"
  }

  /// The recipe of a record's `recipe.json`, to look at its results with.
  public init(record: FinishedRun) throws(LabError) {
    guard let recipe = RecipeRegistry.recipe(record.recipe) else {
      throw LabError(.data, "\(record.place) is a record of \(record.recipe), which is no recipe here")
    }
    self.recipe = recipe
    scale = Scale(rawValue: record.scale) ?? .paper
    settings = record.settings
    name = record.recipe
  }

  /// Adds a run's values to the lists of which runs have one value each, so that the settings ask for it too.
  mutating func include(_ run: FinishedRun) {
    for key in recipe.ofRuns {
      settings = Self.union(settings, run.settings, key.split(separator: ".").map(String.init)[...])
    }
  }

  private static func union(_ here: JSONValue, _ there: JSONValue, _ path: ArraySlice<String>) -> JSONValue {
    guard let key = path.first else {
      guard let values = here.elements, let others = there.elements else { return here }
      return .array(others.reduce(into: values) { all, value in if !all.contains(value) { all.append(value) } })
    }
    guard let inner = here[key], let other = there[key] else { return here }
    var here = here
    here[key] = union(inner, other, path.dropFirst())
    return here
  }

  // MARK: Overrides

  /// Sets several settings by their dotted keys from text, then checks the whole.
  /// - Throws: `LabError` (`.usage`) saying what is unknown, of the wrong type or impossible, and what was expected.
  public mutating func set(_ changes: [(key: String, text: String)]) throws(LabError) {
    do {
      var tree = settings
      for change in changes { tree = try SettingsTree.setting(change.key, to: change.text, in: tree) }
      settings = try Self.validated(recipe, tree)
    } catch {
      throw LabError(.usage, "\(card.id): \(error)")
    }
  }

  /// Whether the recipe has a setting of this dotted key.
  public func has(_ key: String) -> Bool { SettingsTree.keys(of: settings).contains(key) }

  /// The dotted keys of all settings, in the order of their declaration.
  public var keys: [String] { SettingsTree.keys(of: settings) }

  /// The words that the setting at a dotted key can be, or a list of it can have; none where it takes other values.
  public func words(for key: String) -> [String] {
    let words = SettingsTree.words(for: key, in: Self.typed(recipe, scale))
    return words.isEmpty && key == "methods" && has(key) ? Schemes.names : words
  }

  private static func typed<R: Recipe>(_ recipe: R.Type, _ scale: Scale) -> Any { R.settings(at: scale) }

  // MARK: What it gives

  /// The runs that the settings ask for, in the order in which they are done.
  public func runs() throws -> [PlannedRun] { try Self.runs(recipe, settings) }

  /// The networks that the settings ask for as they start, with a batch of the recipe's data.
  /// - Throws: `LabError` (`.usage`) with the reason for a recipe that has no such networks; what is wrong with its data.
  public func probed(on bench: ProbeBench) throws -> RecipeProbe { try Self.probed(recipe, settings, bench) }

  /// The table; results on other data than the paper's are marked.
  public func table(_ runs: [FinishedRun]) -> ResultTable {
    var table = recipe.table(runs)
    if let otherData = otherData(runs) {
      table.notes.append("\(otherData): the paper's figures are no measure for these.")
    }
    return table
  }

  /// "On mnist-5k, not on the paper's mnist", on fewer images, or on images of other files than the official ones, where
  /// that is so.
  private func otherData(_ runs: [FinishedRun]) -> String? {
    let (data, paper) = (settings["data"], Self.base(recipe, .paper)["data"])
    guard let here = data?["name"]?.text, let name = paper?["name"]?.text else { return nil }
    if here != name { return "On \(here), not on the paper's \(name)" }
    if let files = Self.files(data) {
      guard let others = Self.files(paper), files != others else { return nil }
      return "On \(files), not on the paper's \(others)"
    }
    if let width = data?["dimension"]?.integer, let theirs = paper?["dimension"]?.integer, width != theirs {
      return "With word vectors of \(width) numbers, not of \(theirs)"
    }
    let count = data?["trainCount"]?.number, all = paper?["trainCount"]?.number
    // Records of older programs do not say what their files were.
    let isOther = runs.contains { $0.data?.isOfficial == false }
    let images = count.map { "\(ProgressText.thousands($0)) images of" } ?? "images of"
    let which = isOther ? "\(name) from other files than the official ones" : name
    if let count, let all, count != all {
      return "On \(images) \(which), not on the paper's \(ProgressText.thousands(all))"
    }
    return isOther ? "On \(images) \(which)" : nil
  }

  /// The texts that a recipe trains on: "a.txt and b.txt".
  private static func files(_ data: JSONValue?) -> String? {
    data?["trainFiles"]?.elements.map { $0.compactMap(\.text).joined(separator: " and ") }
  }

  /// What the runs say about the claim; nothing, if they are of the scale that is too small to say anything.
  public func verdict(_ runs: [FinishedRun]) -> Verdict {
    guard !runs.contains(where: { $0.scale == Scale.smoke.rawValue }) else {
      return Verdict(.notJudged, "the scale smoke shows that everything works and says nothing about the claim.")
    }
    let verdict = recipe.verdict(runs)
    func sentence(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }
    // What is not judged is not measured by the paper's figures either.
    guard verdict.status != .notJudged else { return Verdict(.notJudged, sentence(verdict.reason)) }
    // "On mnist-5k, …: tanh: …", but where sentences follow it is one of its own.
    let reason =
      otherData(runs).map { "\($0)\(verdict.points.isEmpty ? ":" : ".") \(verdict.reason)" }
      ?? verdict.reason.prefix(1).uppercased() + verdict.reason.dropFirst()
    return Verdict(verdict.status, sentence(reason), points: verdict.points.map(sentence))
  }

  /// What `recipe.json` says beside the settings.
  public var about: JSONValue {
    [
      "scale": .string(scale.rawValue), "title": .string(card.title),
      "source": .string("\(card.locus), \(card.section)"),
      "claim": .string(card.claim), "deviations": .array(card.deviations.map(JSONValue.string)),
    ]
  }

  /// The recipe as TOML, with what it is about as comments.
  public var toml: String {
    var notes = ["\(card.locus) (\(card.section)): \(title)"]
    notes += card.paper.map { "  paper: \($0.labels.joined(separator: ", ")): \($0.text)" }
    notes += ["", "Claim: \(card.claim)"]
    if !card.deviations.isEmpty {
      notes += ["", "What differs from the paper, and why:"] + card.deviations.map { "- \($0)" }
    }
    return RecipeTOML.text(recipe: card.id, scale: scale, settings: settings, notes: notes)
  }

  /// The recipe's own settings at a scale.
  func settings(at scale: Scale) -> JSONValue { Self.base(recipe, scale) }

  private static func base<R: Recipe>(_ recipe: R.Type, _ scale: Scale) -> JSONValue {
    SettingsTree.tree(of: R.settings(at: scale))
  }

  private static func validated<R: Recipe>(_ recipe: R.Type, _ tree: JSONValue) throws -> JSONValue {
    SettingsTree.tree(of: try SettingsTree.decode(R.Settings.self, from: tree))
  }

  private static func probed<R: Recipe>(
    _ recipe: R.Type, _ tree: JSONValue, _ bench: ProbeBench
  ) throws -> RecipeProbe {
    try R.probed(try SettingsTree.decode(R.Settings.self, from: tree), on: bench)
  }

  private static func runs<R: Recipe>(_ recipe: R.Type, _ tree: JSONValue) throws -> [PlannedRun] {
    do {
      return try R.runs(try SettingsTree.decode(R.Settings.self, from: tree))
    } catch let error as SettingError {
      // What only the recipe knows of its settings, when it looks at the points of its grid.
      throw LabError(.usage, "\(R.card.id): \(error.message)")
    }
  }
}
