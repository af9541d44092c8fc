import Foundation
import Lab
import Torch

/// Figure 19 (Appendix F.2): how far the layers of Table 1's network are from each other while it is trained from the
/// identity, by full-batch gradient descent, by SGD and by SGD with momentum.
public enum Figure19: Recipe {
  public enum Variant: String, SettingChoice {
    /// All training pairs at every step, no momentum.
    case gd
    /// Mini-batches, no momentum.
    case sgd
    case momentum = "sgd-momentum"
  }

  public struct Settings: RecipeSettings {
    public var variants: [Variant]
    public var seeds: [Int]
    var problem: LinearProblem.Settings
    /// ε_τ of the start; 0 is the identity itself.
    public var looseness: Double
    public var training: Training
    public var optimizer: Optimizer

    public struct Training: Codable, Hashable, Sendable {
      public var steps: Int
      public var batchSize: Int
      /// A line of distances every so many steps.
      public var logEvery: Int
    }

    public struct Optimizer: Codable, Hashable, Sendable {
      public var learningRate: Double
      public var momentum: Double
    }

    public func validate() throws(SettingError) {
      try Check.list(variants, "variants")
      try Check.seeds(seeds)
      try problem.validate()
      try Check.atLeast(2, problem.layers, "problem.layers")
      try Check.notNegative(looseness, "looseness")
      try Check.atLeast(1, training.steps, "training.steps")
      try Check.atLeast(1, training.logEvery, "training.logEvery")
      try Check.atLeast(1, training.batchSize, "training.batchSize")
      guard training.batchSize <= problem.pairs / 2 else {
        throw SettingError(
          "training.batchSize", found: "\(training.batchSize)", expected: "at most half of problem.pairs, \(problem.pairs / 2)")
      }
      try Check.positive(optimizer.learningRate, "optimizer.learningRate")
      try Check.share(optimizer.momentum, "optimizer.momentum")
    }
  }

  public static let card = RecipeCard(
    id: "figure19", title: "The distance between layers that start as the same identity",
    locus: "Figure 19", section: "Appendix F.2", paper: [],
    claim: "Mini-batch noise makes layers that start equal differ, and momentum makes them differ more; full-batch "
      + "gradient descent leaves them nearly equal.",
    deviations: [
      "The paper gives no number of steps, learning rate or batch size: those of Table 1 (3,000, 0.1, 100).",
      "The paper shows the distance after training; here it is followed through training, and the asymmetry of the "
        + "weights, which the argument of Appendix F.2 is about, beside it.",
    ])

  public static let needs: Set<Need> = [.engine]

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      variants: Variant.allCases, seeds: scale == .smoke ? [0] : [0, 1, 2], problem: .paper, looseness: 0,
      training: .init(steps: scale == .smoke ? 60 : 3000, batchSize: 100, logEvery: scale == .smoke ? 20 : 50),
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

  private static func work(_ settings: Settings, _ variant: Variant, seed: Int, in context: RunContext) throws -> RunOutcome {
    try context.record.restart()
    context.report(.began)
    let problem = try LinearProblem(settings.problem, seed: seed, device: context.device)
    let weights = try problem.weights(.identity, looseness: settings.looseness, seed: seed, device: context.device)
    let descent = LinearTraining.Descent(
      learningRate: settings.optimizer.learningRate, momentum: variant == .momentum ? settings.optimizer.momentum : 0,
      batchSize: variant == .gd ? nil : settings.training.batchSize)
    var training = try LinearTraining(problem, weights: weights, descent: descent, seed: seed, device: context.device)
    var largest = 0.0
    while true {
      let isLast = training.step == settings.training.steps
      if training.step % settings.training.logEvery == 0 || isLast {
        let loss = try problem.testLoss(weights)
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
              "largestDistance": .double(largest), "testLoss": .double(loss), "steps": .int(training.step),
            ]))
        }
      }
      let loss = try training.advance()
      guard loss.isFinite else {
        return RunOutcome(
          .diverged, results: ["steps": .int(training.step), "testLoss": .double(loss)],
          reason: "the loss became \(loss) at step \(training.step)")
      }
    }
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
          .number("largest on the way", "largestDistance") { NumberText.scientific($0) },
          .number("asymmetry", "asymmetry") { NumberText.scientific($0) },
          .number("test loss", "testLoss") { NumberText.scientific($0) },
        ],
      rows: rows,
      notes: [
        "Means over n seeds. Asymmetry: mean |W − Wᵀ|, averaged over layers. Largest on the way: the greatest mean "
          + "distance of all pairs at any logged step."
      ])
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    func mean(_ variant: Variant) -> Double? {
      Statistics(
        runs.filter { $0.label("variant") == variant.rawValue && $0.status == .finished }
          .compactMap { $0.results.number("meanDistance") }
      ).mean
    }
    guard let gd = mean(.gd), let sgd = mean(.sgd), let momentum = mean(.momentum) else {
      return Verdict(.notSeen, "not all three trainings were run")
    }
    func text(_ value: Double) -> String { NumberText.scientific(value) }
    let reason = "mean distance after training: GD \(text(gd)), SGD \(text(sgd)), SGD with momentum \(text(momentum))"
    // Factors of ten and two leave no doubt about seeds, which differ by less.
    let noiseBreaks = sgd > 10 * gd
    let momentumAdds = momentum > 2 * sgd
    if noiseBreaks && momentumAdds { return Verdict(.confirmed, reason) }
    if sgd < gd || momentum < sgd { return Verdict(.refuted, reason) }
    return Verdict(.notSeen, reason)
  }
}

/// How layers of one shape differ.
struct LayerDistances {
  /// Mean |W_i − W_j| for every pair, their mean, and mean |W − Wᵀ|.
  let row: Row

  init(_ weights: [Tensor]) throws {
    row = try withoutGradient {
      var row: Row = [:]
      var sum = 0.0
      var pairs = 0
      for i in weights.indices {
        for j in weights.indices where j > i {
          let distance = try (weights[i] - weights[j]).abs().mean().item()
          row["distance\(i)-\(j)"] = .double(distance)
          sum += distance
          pairs += 1
        }
      }
      var asymmetry = 0.0
      for weight in weights { asymmetry += try (weight - weight.transposed(0, 1)).abs().mean().item() }
      row["meanDistance"] = .double(sum / Double(max(pairs, 1)))
      row["asymmetry"] = .double(asymmetry / Double(weights.count))
      return row
    }
  }
}
