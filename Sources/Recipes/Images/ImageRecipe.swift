import Lab

/// A recipe that trains classifiers of CIFAR-10's images.
protocol ImageRecipe: GridRecipe where Settings: ImageRecipeSettings {
  /// The training of the run that `settings` are narrowed to.
  static func training(_ settings: Settings) throws -> ImageTraining
}

/// What the settings of such recipes have in common.
protocol ImageRecipeSettings: RecipeSettings {
  var methods: [String] { get set }
  var seeds: [Int] { get set }
  var data: ImageSettings { get }
  var augmentation: AugmentationSettings { get }
  var training: ImageTrainingSettings { get }
  var schedule: ScheduleSettings { get }
}

extension ImageRecipeSettings {
  func validateTraining() throws(SettingError) {
    try data.validate()
    try augmentation.validate()
    try training.validate()
  }
}

extension Axis where Settings: ImageRecipeSettings {
  static var methods: Axis { Axis("methods", \.methods) }
  static var seeds: Axis { Axis("seeds", \.seeds, prefix: "seed") }
}

extension ImageRecipe {
  static var axes: [Axis<Settings>] { [.seeds, .methods] }

  /// Many runs start in the same way: each way is checked once.
  static func check(_ points: [Settings]) throws {
    var checked: Set<ImageTraining.Start> = []
    for point in points {
      let start = try training(point).start
      if checked.insert(start).inserted { try start.check() }
    }
  }

  static func train(_ settings: Settings, in context: RunContext) throws -> RunOutcome {
    try training(settings).run(in: context)
  }
}
