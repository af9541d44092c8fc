import Foundation
import Lab
import Torch

/// Table 1 (Section 3.1): can gradient descent get from the identity to a target with negative eigenvalues?
public enum Table1: Recipe {
  /// What is computed: the closed form, or a training from a start.
  public enum Method: String, SettingChoice {
    /// The closed form of least squares: no training.
    case leastSquares = "least-squares"
    /// Gradient descent from Xavier's weights, and from the identity.
    case xavier, identity
  }

  /// How it is trained: the paper's two, and three controls that it lacks.
  public enum Variant: String, SettingChoice {
    /// No momentum.
    case sgd
    /// Momentum.
    case momentum = "sgd-momentum"
    /// No momentum at the rate that momentum amounts to in the long run, lr/(1 − momentum).
    case fast = "sgd-high-rate"
    /// Momentum at (1 − momentum) of the rate, which amounts to plain SGD's rate in the long run.
    case slowMomentum = "sgd-momentum-low-rate"
    /// No momentum, but 1/(1 − momentum) times as many steps.
    case long = "sgd-long"

    func steps(_ settings: Settings) -> Int {
      self == .long
        ? Int((Double(settings.training.steps) / (1 - settings.optimizer.momentum)).rounded()) : settings.training.steps
    }

    func descent(_ settings: Settings) -> LinearTraining.Descent {
      let rate = settings.optimizer.learningRate
      let share = 1 - settings.optimizer.momentum
      let (effective, momentum) =
        switch self {
        case .sgd, .long: (rate, 0.0)
        case .momentum: (rate, settings.optimizer.momentum)
        case .fast: (rate / share, 0.0)
        case .slowMomentum: (rate * share, settings.optimizer.momentum)
        }
      return .init(learningRate: effective, momentum: momentum, batchSize: settings.training.batchSize)
    }
  }

  public struct Settings: RecipeSettings {
    /// The initialisation methods; a run for each.
    public var methods: [Method]
    /// The variants; a run for each.
    public var variants: [Variant]
    /// The seeds; a run for each.
    public var seeds: [Int]
    var problem: LinearProblem.Settings
    /// How long it is trained, and in what portions.
    public var training: Training
    /// The optimiser.
    public var optimizer: Optimizer

    /// How long, and in what portions.
    public struct Training: Codable, Hashable, Sendable {
      /// Training steps.
      public var steps: Int
      /// Examples a step.
      public var batchSize: Int
      /// A line of metrics every so many steps.
      public var logEvery: Int
    }

    /// The optimiser's settings.
    public struct Optimizer: Codable, Hashable, Sendable {
      /// The learning rate; where a schedule is, its base.
      public var learningRate: Double
      /// The momentum; 0 is none.
      public var momentum: Double
    }

    public func validate() throws(SettingError) {
      try Check.list(methods, "methods")
      try Check.list(variants, "variants")
      try Check.seeds(seeds)
      try problem.validate()
      try Check.atLeast(1, training.steps, "training.steps", atMost: Check.mostSteps)
      try Check.atLeast(1, training.logEvery, "training.logEvery", atMost: Check.mostSteps)
      try Check.atLeast(1, training.batchSize, "training.batchSize", atMost: Check.mostImages)
      guard training.batchSize <= problem.pairs / 2 else {
        throw SettingError(
          "training.batchSize", found: "\(training.batchSize)",
          expected: "at most half of problem.pairs, \(problem.pairs / 2)")
      }
      try Check.positive(optimizer.learningRate, "optimizer.learningRate")
      try Check.share(optimizer.momentum, "optimizer.momentum")
      guard Double(training.steps) / (1 - optimizer.momentum) <= Double(Check.mostSteps) else {
        throw SettingError(
          "optimizer.momentum", found: JSONValue.text(optimizer.momentum),
          expected: "training.steps / (1 − optimizer.momentum) of at most \(Check.mostSteps) steps, which "
            + "\(Variant.long.rawValue) takes")
      }
    }
  }

  public static let card = RecipeCard(
    id: "table1", title: "From the identity to −I: gradient descent without and with momentum",
    locus: "Table 1", section: "Section 3.1", paper: [],
    claim: "In the steps given, SGD without momentum mostly fails from the identity and succeeds from Xavier; with "
      + "momentum it succeeds from both, to the error of least squares.",
    deviations: [
      "The paper gives no number of steps, learning rate or batch size: 3,000, 0.1 and 100.",
      "The paper does not say how X is distributed: standard normal.",
      "Three controls that the paper lacks: no momentum at lr/(1 − 0.9), the rate that momentum amounts to in the long "
        + "run; momentum at a tenth of the rate; no momentum for ten times as many steps. They tell what momentum does: "
        + "raise the rate, or something else.",
    ])

  public static let needs: Set<Need> = [.engine]

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      methods: Method.allCases, variants: Variant.allCases,
      seeds: scale == .smoke ? [0] : Array(0..<(scale == .paper ? 20 : 5)),
      problem: .paper,
      training: .init(steps: scale == .smoke ? 60 : 3000, batchSize: 100, logEvery: scale == .smoke ? 20 : 100),
      optimizer: .init(learningRate: 0.1, momentum: 0.9))
  }

  public static let ofRuns = ["methods", "variants", "seeds"]

  public static func runs(_ settings: Settings) -> [PlannedRun] {
    settings.methods.flatMap { method -> [PlannedRun] in
      // Least squares is not trained: one run a seed, whatever the variants.
      let variants: [Variant?] = method == .leastSquares ? [nil] : settings.variants
      return variants.flatMap { variant in
        settings.seeds.map { seed in
          var own = settings
          own.methods = [method]
          own.variants = variant.map { [$0] } ?? Variant.allCases
          own.seeds = [seed]
          let fixed = own
          let labels: Row = [
            "method": .string(method.rawValue), "variant": .string(variant?.rawValue ?? "closed form"),
            "seed": .int(seed),
          ]
          let name = [method.rawValue, variant?.rawValue, "seed\(seed)"].compactMap { $0 }.joined(separator: "-")
          return PlannedRun(name: name, labels: labels, settings: SettingsTree.tree(of: own)) { context in
            try work(fixed, method, variant, seed: seed, in: context)
          }
        }
      }
    }
  }

  private static func work(
    _ settings: Settings, _ method: Method, _ variant: Variant?, seed: Int, in context: RunContext
  ) throws -> RunOutcome {
    try context.record.restart()
    context.report(.began)
    let problem = try LinearProblem(settings.problem, seed: seed, device: context.device)
    guard let variant, let start = LinearProblem.Start(rawValue: method.rawValue) else {
      return RunOutcome(results: ["testLoss": .double(try problem.leastSquaresLoss())])
    }
    let descent = variant.descent(settings)
    let weights = try problem.weights(start, looseness: 0, seed: seed, device: context.device)
    var training = try LinearTraining(problem, weights: weights, descent: descent, seed: seed, device: context.device)
    let steps = variant.steps(settings)
    var floorStep: Int?
    let floor = 2 * settings.problem.noise * settings.problem.noise
    while true {
      let isLast = training.step == steps
      if training.step % settings.training.logEvery == 0 || isLast {
        let testLoss = try problem.testLoss(weights)
        guard testLoss.isFinite else { return diverged("test loss", testLoss, descent, step: training.step) }
        if floorStep == nil, testLoss < floor { floorStep = training.step }
        try context.record.metrics.append(["step": .int(training.step), "testLoss": .double(testLoss)])
        context.report(.moved) {
          $0.fraction = Double(training.step) / Double(steps)
          $0.position = "step \(training.step)/\(steps)"
          $0.loss = testLoss
        }
        try context.stop.check("stopped \(context.run.name); the same command starts this run again")
        if isLast {
          let shape = try LayerDistances(weights).row
          return RunOutcome(results: [
            "testLoss": .double(testLoss), "learningRate": .double(descent.learningRate),
            "momentum": .double(descent.momentum), "steps": .int(training.step),
            "stepsToFloor": floorStep.map(JSONValue.int) ?? .null, "asymmetry": shape["asymmetry"] ?? .null,
            "diagonal": shape["diagonal"] ?? .null,
          ])
        }
      }
      let loss = try training.advance()
      guard loss.isFinite else { return diverged("loss", loss, descent, step: training.step) }
    }
  }

  private static func diverged(_ what: String, _ loss: Double, _ descent: LinearTraining.Descent, step: Int)
    -> RunOutcome
  {
    RunOutcome(
      .diverged,
      results: [
        "testLoss": .double(loss), "learningRate": .double(descent.learningRate),
        "momentum": .double(descent.momentum), "steps": .int(step),
      ], reason: "the \(what) became \(ProgressText.short(loss)) at step \(step)")
  }
}
