import Lab

/// A recipe whose runs are a grid of trainings: each has one value of every setting that is an axis, and all others in
/// common.
protocol GridRecipe: Recipe {
  /// In the order of the runs: values of the last axis are next to each other.
  static var axes: [Axis<Settings>] { get }

  /// Whether there is a run at a point of the grid: not every combination is another experiment.
  /// - Parameter point: The settings of one run.
  /// - Returns: True for all, unless a recipe says otherwise.
  static func isRun(_ point: Settings) -> Bool

  /// Finds what can be known to fail before anything is trained.
  /// - Parameter points: The settings of all runs.
  /// - Throws: What it finds.
  static func check(_ points: [Settings]) throws

  /// Does the work of the run that `settings` are narrowed to (``RecipeSettings/one(_:)``).
  /// - Returns: How it ended.
  static func train(_ settings: Settings, in context: RunContext) throws -> RunOutcome
}

/// A setting with a list of values, of which each run of a grid has one.
struct Axis<Settings: RecipeSettings> {
  /// The setting's dotted key: `learningRates`.
  let key: String
  /// What stands before the value in the name of a run.
  let prefix: String
  /// Settings as they are for each of their values on this axis.
  let narrowed: (Settings) -> [Settings]
  /// The value in narrowed settings.
  let value: (Settings) -> JSONValue

  init<Value>(_ key: String, _ path: WritableKeyPath<Settings, [Value]>, prefix: String = "") {
    self.key = key
    self.prefix = prefix
    narrowed = { settings in
      settings[keyPath: path].map { value in
        var own = settings
        own[keyPath: path] = [value]
        return own
      }
    }
    value = { $0[keyPath: path].first.map(SettingsTree.value) ?? .null }
  }

  /// The value's name among a run's labels: the key's last part in the singular.
  var label: String { String(key.split(separator: ".").last?.dropLast() ?? "") }
}

extension GridRecipe {
  public static var needs: Set<Need> { [.data, .engine, .checkpoints] }

  public static var ofRuns: [String] { namedAxes.map(\.key) }

  /// In the order of names and labels: the seed, which no result is about, is the last.
  private static var namedAxes: [Axis<Settings>] {
    axes.filter { $0.key != "seeds" } + axes.filter { $0.key == "seeds" }
  }

  static func isRun(_ point: Settings) -> Bool { true }

  static func check(_ points: [Settings]) throws {}

  /// The settings of all runs, each narrowed to one value of every axis.
  static func points(_ settings: Settings) -> [Settings] {
    axes.reduce([settings]) { points, axis in points.flatMap(axis.narrowed) }.filter(isRun)
  }

  public static func runs(_ settings: Settings) throws -> [PlannedRun] {
    let points = points(settings)
    try check(points)
    return points.map { own in
      let values = namedAxes.map { (axis: $0, value: $0.value(own)) }
      return PlannedRun(
        name: values.map { $0.axis.prefix + ($0.value.text ?? $0.value.line) }.joined(separator: "-"),
        labels: Row(values.map { .init($0.axis.label, $0.value) }), settings: SettingsTree.tree(of: own)
      ) { context in
        try train(own, in: context)
      }
    }
  }
}

extension RecipeSettings {
  /// The value on an axis of settings that are narrowed to a run.
  /// - Throws: ``SettingError`` where there are several, or none.
  func one<Value>(_ axis: KeyPath<Self, [Value]>) throws(SettingError) -> Value {
    let values = self[keyPath: axis]
    guard let value = values.first, values.count == 1 else {
      throw SettingError("\(axis)", found: "\(values)", expected: "one value for a run")
    }
    return value
  }
}
