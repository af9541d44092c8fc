import Foundation
import Lab
import Torch

/// Figure 19 (Appendix F.2): how far the layers of Table 1's network are from each other while it is trained from the
/// identity, by full-batch gradient descent, by SGD and by SGD with momentum.
public enum Figure19: Recipe {
  /// How the network is trained.
  public enum Variant: String, SettingChoice {
    /// All training pairs at every step, no momentum.
    case gd
    /// All training pairs, momentum: a control that the paper lacks.
    case gdMomentum = "gd-momentum"
    /// Mini-batches, no momentum.
    case sgd
    /// Mini-batches, momentum.
    case momentum = "sgd-momentum"

    var hasMomentum: Bool { self == .momentum || self == .gdMomentum }
    var isFullBatch: Bool { self == .gd || self == .gdMomentum }
  }

  public struct Settings: RecipeSettings {
    /// The variants; a run for each.
    public var variants: [Variant]
    /// The seeds; a run for each.
    public var seeds: [Int]
    var problem: LinearProblem.Settings
    /// ε_τ of the start; 0 is the identity itself.
    public var looseness: Double
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
      /// A line of distances every so many steps.
      public var logEvery: Int
      /// A step in the midst of training at which distances are compared as well as at the end.
      public var earlyStep: Int
    }

    /// The optimiser's settings.
    public struct Optimizer: Codable, Hashable, Sendable {
      /// The learning rate; where a schedule is, its base.
      public var learningRate: Double
      /// The momentum; 0 is none.
      public var momentum: Double
    }

    public func validate() throws(SettingError) {
      try Check.list(variants, "variants")
      try Check.seeds(seeds)
      try problem.validate()
      try Check.atLeast(2, problem.layers, "problem.layers", atMost: 1000)
      try Check.notNegative(looseness, "looseness")
      try Check.atLeast(1, training.steps, "training.steps", atMost: Check.mostSteps)
      try Check.atLeast(1, training.logEvery, "training.logEvery", atMost: Check.mostSteps)
      try Check.atLeast(1, training.batchSize, "training.batchSize", atMost: Check.mostImages)
      guard (0...training.steps).contains(training.earlyStep) else {
        throw SettingError(
          "training.earlyStep", found: "\(training.earlyStep)", expected: "0 to training.steps, \(training.steps)")
      }
      guard training.batchSize <= problem.pairs / 2 else {
        throw SettingError(
          "training.batchSize", found: "\(training.batchSize)",
          expected: "at most half of problem.pairs, \(problem.pairs / 2)")
      }
      try Check.positive(optimizer.learningRate, "optimizer.learningRate")
      try Check.share(optimizer.momentum, "optimizer.momentum")
    }
  }

  public static let card = RecipeCard(
    id: "figure19", title: "The distance between layers that start as the same identity",
    locus: "Figure 19", section: "Appendix F.2", paper: [],
    claim: "Mini-batch noise makes layers that start equal differ after training, momentum makes them differ more, and "
      + "this difference is what lets them converge.",
    deviations: [
      "The paper gives no number of steps, learning rate or batch size: those of Table 1 (3,000, 0.1, 100).",
      "The paper shows the distance after training; here it is followed through training, and the asymmetry of the "
        + "weights, which the argument of Appendix F.2 is about, beside it.",
      "A control that the paper lacks: full batches with momentum, which have no mini-batch noise.",
    ])

  public static let needs: Set<Need> = [.engine]

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      variants: Variant.allCases, seeds: scale == .smoke ? [0] : [0, 1, 2], problem: .paper, looseness: 0,
      training: .init(
        steps: scale == .smoke ? 60 : 3000, batchSize: 100, logEvery: scale == .smoke ? 20 : 50,
        earlyStep: scale == .smoke ? 40 : 200),
      optimizer: .init(learningRate: 0.1, momentum: 0.9))
  }

  public static func runs(_ settings: Settings) -> [PlannedRun] {
    settings.variants.flatMap { variant in
      settings.seeds.map { seed in
        var own = settings
        own.variants = [variant]
        own.seeds = [seed]
        let fixed = own
        return PlannedRun(
          name: "\(variant.rawValue)-seed\(seed)", labels: ["variant": .string(variant.rawValue), "seed": .int(seed)],
          settings: SettingsTree.tree(of: own)
        ) { context in
          try work(fixed, variant, seed: seed, in: context)
        }
      }
    }
  }

  private static func work(_ settings: Settings, _ variant: Variant, seed: Int, in context: RunContext) throws
    -> RunOutcome
  {
    try context.record.restart()
    context.report(.began)
    let problem = try LinearProblem(settings.problem, seed: seed, device: context.device)
    let weights = try problem.weights(.identity, looseness: settings.looseness, seed: seed, device: context.device)
    let descent = LinearTraining.Descent(
      learningRate: settings.optimizer.learningRate, momentum: variant.hasMomentum ? settings.optimizer.momentum : 0,
      batchSize: variant.isFullBatch ? nil : settings.training.batchSize)
    var training = try LinearTraining(problem, weights: weights, descent: descent, seed: seed, device: context.device)
    var largest = 0.0
    var early = 0.0
    while true {
      if training.step == settings.training.earlyStep { early = try LayerDistances(weights).mean }
      let isLast = training.step == settings.training.steps
      if training.step % settings.training.logEvery == 0 || isLast {
        let loss = try problem.testLoss(weights)
        guard loss.isFinite else { return diverged("test loss", loss, step: training.step) }
        let row = try LayerDistances(weights).row
        largest = max(largest, row.number("meanDistance") ?? 0)
        try context.record.metrics.append(Row(["step": .int(training.step), "testLoss": .double(loss)]).appending(row))
        context.report(.moved) {
          $0.fraction = Double(training.step) / Double(settings.training.steps)
          $0.position = "step \(training.step)/\(settings.training.steps)"
          $0.loss = loss
        }
        try context.stop.check("stopped \(context.run.name); the same command starts this run again")
        if isLast {
          return RunOutcome(
            results: row.appending([
              "earlyDistance": .double(early), "largestDistance": .double(largest), "testLoss": .double(loss),
              "steps": .int(training.step),
            ]))
        }
      }
      let loss = try training.advance()
      guard loss.isFinite else { return diverged("loss", loss, step: training.step) }
    }
  }

  private static func diverged(_ what: String, _ loss: Double, step: Int) -> RunOutcome {
    RunOutcome(
      .diverged, results: ["steps": .int(step), "testLoss": .double(loss)],
      reason: "the \(what) became \(ProgressText.short(loss)) at step \(step)")
  }

  // MARK: Results

  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let rows = Variant.allCases.compactMap { variant -> Row? in
      let own = runs.filter { $0.label("variant") == variant.rawValue }
      guard let first = own.first else { return nil }
      var row: Row = ["variant": .string(variant.rawValue), "n": .int(own.count)]
      for name in first.results.names where name != "steps" {
        row[name] = Statistics(own.compactMap { $0.results.number(name) }).mean.map(JSONValue.double) ?? .null
      }
      return row
    }
    let pairs = (rows.first?.names ?? []).filter { $0.hasPrefix("distance") }
    return ResultTable(
      title: "Figure 19: mean absolute difference of two layers after training from the identity",
      columns: [.text("training", "variant"), .number("n", "n") { NumberText.fixed($0, digits: 0) }]
        + pairs.map { name in .number(String(name.dropFirst("distance".count)), name) { NumberText.scientific($0) } }
        + [
          .number("early", "earlyDistance") { NumberText.scientific($0) },
          .number("most", "largestDistance") { NumberText.scientific($0) },
          .number("asymmetry", "asymmetry") { NumberText.scientific($0) },
          .number("diagonal", "diagonal") { NumberText.fixed($0, digits: 2) },
          .number("test loss", "testLoss") { NumberText.scientific($0) },
        ],
      rows: rows,
      notes: [
        "Means over n seeds. Early: the mean distance of all pairs at training.earlyStep; most: the greatest at any "
          + "logged step. Asymmetry: mean |W − Wᵀ|; diagonal: the mean diagonal element, 1 at the start and −1 where "
          + "every layer has become −I."
      ])
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    func mean(_ variant: Variant, _ name: String) -> Double? {
      Statistics(
        runs.filter { $0.label("variant") == variant.rawValue && $0.status == .finished }
          .compactMap { $0.results.number(name) }
      ).mean
    }
    let order: [Variant] = [.gd, .sgd, .momentum]
    let early = order.compactMap { mean($0, "earlyDistance") }
    let late = order.compactMap { mean($0, "meanDistance") }
    guard early.count == order.count, late.count == order.count else {
      return Verdict(.notJudged, "not all three trainings of the paper were run")
    }
    func text(_ values: [Double]) -> String { values.map { NumberText.scientific($0) }.joined(separator: ", ") }
    // Factors of two leave no doubt about seeds, which differ by less.
    func rises(_ values: [Double]) -> Bool { values[1] > 2 * values[0] && values[2] > 2 * values[1] }
    func falls(_ values: [Double]) -> Bool { 2 * values[1] < values[0] || 2 * values[2] < values[1] }
    func word(_ values: [Double]) -> String {
      rises(values)
        ? "in the claimed order" : falls(values) ? "not in the claimed order" : "too near each other to tell"
    }
    var reason =
      "Mean distance with GD, SGD, SGD with momentum: early \(text(early)), \(word(early)); after training "
      + "\(text(late)), \(word(late))"
    var isNeeded: Bool?
    if let distance = mean(.gdMomentum, "meanDistance"), let loss = mean(.gdMomentum, "testLoss"),
      let floor = mean(.momentum, "testLoss")
    {
      // As good as with noise, though the layers are a tenth as far apart or less.
      isNeeded = !(loss < 2 * floor && distance < 0.1 * late[2])
      reason +=
        ". Full batches with momentum end at the error \(NumberText.scientific(loss)) with layers "
        + "\(NumberText.scientific(distance)) apart"
        + (isNeeded == false
          ? ": momentum needs no difference between layers, it carries them through 0 to −I together" : "")
    }
    if falls(late) || isNeeded == false { return Verdict(.refuted, reason) }
    return Verdict(rises(late) && isNeeded == true ? .confirmed : .notSeen, reason)
  }
}
