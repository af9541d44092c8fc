import Lab

/// Runs that belong into one table: of the same recipe, at the same scale, on the same data, with the same settings
/// but for those that tell its runs apart (``Recipe/ofRuns``).
public struct Experiment {
  /// With every value that its runs have where they have one each.
  public private(set) var recipe: ResolvedRecipe
  /// The runs.
  public private(set) var runs: [FinishedRun]
  /// Runs with the labels of one that is in `runs`: the same run in another folder, which adds no seed.
  public private(set) var repeated: [FinishedRun] = []
  /// What tells it from the other experiments of its recipe: dotted keys and values; empty where it is the only one.
  public private(set) var differences: [(key: String, value: String)] = []

  private var identity: JSONValue
  private var data: DataNote?

  private init(_ run: FinishedRun) throws(LabError) {
    recipe = try ResolvedRecipe(record: run)
    identity = try Self.identity(run)
    data = run.data
    runs = [run]
  }

  private static func identity(_ run: FinishedRun) throws(LabError) -> JSONValue {
    var settings = run.settings
    for key in try ResolvedRecipe(record: run).recipe.ofRuns {
      settings = without(key.split(separator: ".")[...], settings)
    }
    var identity: JSONValue = ["recipe": .string(run.recipe), "scale": .string(run.scale)]
    for member in settings.members ?? [] { identity[member.key] = member.value }
    return identity
  }

  private static func without(_ path: ArraySlice<Substring>, _ tree: JSONValue) -> JSONValue {
    guard let key = path.first.map(String.init), let inner = tree[key] else { return tree }
    var tree = tree
    tree[key] = path.count == 1 ? nil : without(path.dropFirst(), inner)
    return tree
  }

  /// A run that has noted no data (yet) fits any.
  private func takes(_ run: FinishedRun, _ identity: JSONValue) -> Bool {
    guard self.identity.means(identity) else { return false }
    guard let data, let other = run.data else { return true }
    return data.hasSameContent(as: other)
  }

  private mutating func add(_ run: FinishedRun) {
    data = data ?? run.data
    if runs.contains(where: { $0.labels.json.means(run.labels.json) }) {
      repeated.append(run)
    } else {
      runs.append(run)
      recipe.include(run)
    }
  }

  /// The experiments that `runs` are of, in the order of their first runs.
  /// - Throws: `LabError` (`.data`) for a run of a recipe that is none.
  public static func groups(_ runs: [FinishedRun]) throws(LabError) -> [Experiment] {
    var groups: [Experiment] = []
    for run in runs {
      let identity = try identity(run)
      if let index = groups.firstIndex(where: { $0.takes(run, identity) }) {
        groups[index].add(run)
      } else {
        groups.append(try Experiment(run))
      }
    }
    for index in groups.indices {
      groups[index].sort()
      let id = groups[index].recipe.card.id
      let others = groups.filter { $0.recipe.card.id == id }
      groups[index].differences = groups[index].differences(among: others)
    }
    return groups
  }

  /// Puts the runs into the recipe's order, whatever their folders are called: by each setting that they have one value
  /// of, in the order of the values in the paper's settings, then in those of the scale; others come after these, as they
  /// were found.
  private mutating func sort() {
    let settings = [Scale.paper, recipe.scale].map { recipe.settings(at: $0) } + [recipe.settings]
    let keys = recipe.recipe.ofRuns
    let orders = keys.map { key in settings.flatMap { Self.value(key, in: $0).elements ?? [] } }
    func ranks(_ run: FinishedRun) -> [Int] {
      zip(keys, orders).map { key, order in
        let value = Self.value(key, in: run.settings).elements?.first ?? .null
        return order.firstIndex { $0.means(value) } ?? order.count
      }
    }
    let ranked = runs.enumerated().map { (run: $1, ranks: ranks($1) + [$0]) }
    runs = ranked.sorted { $0.ranks.lexicographicallyPrecedes($1.ranks) }.map(\.run)
  }

  private func differences(among all: [Experiment]) -> [(key: String, value: String)] {
    var keys: [String] = []
    for key in all.flatMap({ SettingsTree.keys(of: $0.described) }) where !keys.contains(key) { keys.append(key) }
    return keys.compactMap { key in
      let values = all.map { Self.value(key, in: $0.described) }
      guard let first = values.first, !values.allSatisfy({ $0.means(first) }) else { return nil }
      let value = Self.value(key, in: described)
      return (key, value.text ?? value.line)
    }
  }

  private var described: JSONValue {
    var described = identity
    if let data {
      described["dataSHA256"] = [
        "train": data.trainSHA256.map(JSONValue.string) ?? .null,
        "test": data.testSHA256.map(JSONValue.string) ?? .null,
      ]
    }
    return described
  }

  private static func value(_ key: String, in tree: JSONValue) -> JSONValue {
    key.split(separator: ".").reduce(tree) { $0[String($1)] ?? .null }
  }
}
