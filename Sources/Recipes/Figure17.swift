import Foundation
import Lab

/// Figure 17 (Appendix E): gradient descent on a network of scalars, x_L = (r + w2·w1)^L·x0, without (r = 0) and with
/// (r = 1) residual connections, over the contours of the gradient's norm. Everything in it has a closed form.
public enum Figure17: Recipe {
  public struct Settings: RecipeSettings {
    /// Where the weights start, with and without residual connections.
    public enum Start: String, SettingChoice {
      /// r = 0 from w1 = 1, w2 = 1.
      case plain = "plain-w1=1-w2=1"
      /// r = 1 from w1 = 0, w2 = 1.
      case residualFirst = "residual-w1=0-w2=1"
      /// r = 1 from w1 = 1, w2 = 0.
      case residualLast = "residual-w1=1-w2=0"

      var r: Double { self == .plain ? 0 : 1 }
      var w1: Double { self == .residualFirst ? 0 : 1 }
      var w2: Double { self == .residualLast ? 0 : 1 }
    }

    /// The starts; a run for each.
    public var variants: [Start]
    /// L.
    public var layers: Int
    /// The factor that the network must learn: x_L = target·x0.
    public var target: Double
    /// The inputs are start, start + step … end.
    public var inputs: Inputs
    /// The optimiser.
    public var optimizer: Optimizer
    /// Where the gradient's norm is tabulated.
    public var contour: Contour

    /// Numbers at equal distances.
    public struct Inputs: Codable, Hashable, Sendable {
      /// The first number.
      public var first: Double
      /// The last number.
      public var last: Double
      /// How many numbers.
      public var count: Int
    }

    /// The optimiser's settings.
    public struct Optimizer: Codable, Hashable, Sendable {
      /// The learning rate; where a schedule is, its base.
      public var learningRate: Double
      /// The most steps that are made.
      public var steps: Int
      /// Training ends where the gradient's norm is below this.
      public var tolerance: Double
    }

    /// The square of weights on which the gradient's norm is tabulated.
    public struct Contour: Codable, Hashable, Sendable {
      /// The least value of both weights.
      public var lowest: Double
      /// The greatest value of both weights.
      public var highest: Double
      /// Points a side.
      public var points: Int
    }

    public func validate() throws(SettingError) {
      try Check.list(variants, "variants")
      try Check.atLeast(1, layers, "layers", atMost: 1000)
      try Check.positive(target, "target")
      try Check.finite(inputs.first, "inputs.first")
      try Check.finite(inputs.last, "inputs.last")
      try Check.atLeast(1, inputs.count, "inputs.count", atMost: 1_000_000)
      try Check.positive(optimizer.learningRate, "optimizer.learningRate")
      try Check.atLeast(1, optimizer.steps, "optimizer.steps", atMost: Check.mostSteps)
      try Check.positive(optimizer.tolerance, "optimizer.tolerance")
      try Check.finite(contour.lowest, "contour.lowest")
      guard contour.highest > contour.lowest, contour.highest.isFinite else {
        throw SettingError(
          "contour.highest", found: "\(contour.highest)", expected: "a number above contour.lowest, \(contour.lowest)")
      }
      // A line for every point of the square.
      try Check.atLeast(2, contour.points, "contour.points", atMost: 1000)
    }
  }

  public static let card = RecipeCard(
    id: "figure17", title: "Gradient descent on a network of scalars, with and without residual connections",
    locus: "Figure 17", section: "Appendix E",
    paper: [
      PaperFigure(["plain-w1=1-w2=1"], 2.19, "w1·w2 = 2.19"),
      PaperFigure(["residual-w1=0-w2=1"], 1.19, "w1·w2 = 1.19"),
      PaperFigure(["residual-w1=1-w2=0"], 1.19, "w1·w2 = 1.19"),
    ],
    claim: "From the starts that keep identity, gradient descent converges (plain: w1·w2 = 2.19; residual: 1.19) "
      + "without passing the regions where the gradient vanishes.",
    deviations: [
      "The paper does not print the number of layers. Five: the fifth root of 50 is 2.187, which both limits agree with.",
      "The paper gives no learning rate. 1e-6: at the solution the loss has the curvature "
        + "2·mean(x0²)·(L·50^(4/5))²·(w1² + w2²), about 2.3e5 without residual connections, so that anything above "
        + "8.6e-6 diverges.",
      "The loss is the mean of squares over the training set; the paper does not say mean or sum.",
    ])

  public static let needs: Set<Need> = []

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      variants: Settings.Start.allCases, layers: 5, target: 50, inputs: .init(first: 1, last: 1.8, count: 9),
      optimizer: .init(learningRate: 1e-6, steps: 20_000, tolerance: 1e-9),
      contour: .init(lowest: -3, highest: 3, points: scale == .smoke ? 13 : 61))
  }

  public static func runs(_ settings: Settings) -> [PlannedRun] {
    settings.variants.map { start in
      var own = settings
      own.variants = [start]
      return PlannedRun(
        name: start.rawValue, labels: ["variant": .string(start.rawValue)], settings: SettingsTree.tree(of: own)
      ) { context in
        try descend(own, from: start, in: context)
      }
    }
  }

  private static func descend(_ settings: Settings, from start: Settings.Start, in context: RunContext) throws
    -> RunOutcome
  {
    try context.record.restart()
    context.report(.began)
    let network = ScalarNetwork(settings, r: start.r)
    try context.write(network.contour(settings.contour), as: "contour.csv")

    var (w1, w2) = (start.w1, start.w2)
    var leastSlope = Double.infinity
    var step = 0
    while true {
      let (g1, g2) = network.gradient(w1, w2)
      let norm = hypot(g1, g2)
      guard norm.isFinite else {
        return RunOutcome(
          .diverged, results: ["steps": .int(step)],
          reason: "the gradient is \(norm) at step \(step); a smaller optimizer.learningRate is needed")
      }
      leastSlope = min(leastSlope, abs(start.r + w1 * w2))
      let isLast = step == settings.optimizer.steps || norm < settings.optimizer.tolerance
      if step & (step - 1) == 0 || step % 50 == 0 && step <= 2000 || isLast {
        try context.stop.check("stopped at step \(step) of \(context.run.name); the same command starts this run again")
        try context.record.metrics.append([
          "step": .int(step), "w1": .double(w1), "w2": .double(w2), "product": .double(w1 * w2),
          "loss": .double(network.loss(w1, w2)), "gradientNorm": .double(norm),
        ])
      }
      if isLast { break }
      w1 -= settings.optimizer.learningRate * g1
      w2 -= settings.optimizer.learningRate * g2
      step += 1
    }
    return RunOutcome(results: [
      "w1": .double(w1), "w2": .double(w2), "product": .double(w1 * w2), "solution": .double(network.solution),
      "loss": .double(network.loss(w1, w2)), "steps": .int(step), "leastFactor": .double(leastSlope),
    ])
  }

  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    ResultTable(
      title: "Figure 17: where gradient descent ends",
      columns: [
        .text("start", "variant"), .number("w1", "w1") { NumberText.fixed($0, digits: 4) },
        .number("w2", "w2") { NumberText.fixed($0, digits: 4) },
        .number("w1·w2", "product") { NumberText.fixed($0, digits: 4) },
        .number("paper's w1·w2", "paperProduct") { NumberText.fixed($0, digits: 2) },
        .number("loss", "loss") { NumberText.scientific($0) },
        .number("steps", "steps") { ProgressText.thousands($0) },
        .number("least |r+w1·w2|", "leastFactor") { NumberText.fixed($0, digits: 3) },
      ],
      rows: runs.map { run in
        run.labels.appending(["status": .string(run.status.rawValue)]).appending(run.results)
          .appending([
            "paper": .string(paperFigure(run.label("variant"))?.text ?? ""),
            "paperProduct": paperFigure(run.label("variant")).map { .double($0.value) } ?? .null,
          ])
      },
      notes: [
        "The gradient vanishes where r + w1·w2 = 0; the last column is how near a trajectory came to that. "
          + "contour.csv in each record holds the norm over the plane of weights."
      ])
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    var bad: [String] = []
    for run in runs {
      let name = run.label("variant")
      guard run.status == .finished, let product = run.results.number("product"),
        let paper = paperFigure(name)?.value, let least = run.results.number("leastFactor")
      else {
        bad.append("\(name) \(run.reason ?? "did not finish")")
        continue
      }
      if abs(product - paper) > 0.005 { bad.append("\(name) ended at w1·w2 = \(NumberText.fixed(product, digits: 4))") }
      if least < 1 - 1e-9 { bad.append("\(name) came to |r + w1·w2| = \(NumberText.fixed(least, digits: 3))") }
    }
    if !bad.isEmpty { return Verdict(.refuted, bad.joined(separator: "; ")) }
    if runs.count < Settings.Start.allCases.count { return Verdict(.notJudged, "not all starts were run") }
    return Verdict(
      .confirmed,
      "all starts end at the paper's products to its two digits, and |r + w1·w2| never falls below its start")
  }
}

/// x_L = (r + w2·w1)^L·x0 and the mean squared error to target·x0.
struct ScalarNetwork {
  let r: Double
  let layers: Double
  let target: Double
  /// The mean of x0².
  let power: Double

  init(_ settings: Figure17.Settings, r: Double) {
    self.r = r
    layers = Double(settings.layers)
    target = settings.target
    let inputs = settings.inputs
    let step = inputs.count > 1 ? (inputs.last - inputs.first) / Double(inputs.count - 1) : 0
    power = (0..<inputs.count).reduce(0) { $0 + pow(inputs.first + Double($1) * step, 2) } / Double(inputs.count)
  }

  /// The w1·w2 at which the network is right.
  var solution: Double { pow(target, 1 / layers) - r }

  func loss(_ w1: Double, _ w2: Double) -> Double {
    let error = pow(r + w1 * w2, layers) - target
    return error * error * power
  }

  func gradient(_ w1: Double, _ w2: Double) -> (Double, Double) {
    let factor = r + w1 * w2
    let common = 2 * power * (pow(factor, layers) - target) * layers * pow(factor, layers - 1)
    return (common * w2, common * w1)
  }

  /// log ‖∂R‖₂ over the plane of weights, natural logarithm as in the figure.
  func contour(_ contour: Figure17.Settings.Contour) -> ResultTable {
    var rows: [Row] = []
    let step = (contour.highest - contour.lowest) / Double(contour.points - 1)
    for i in 0..<contour.points {
      for j in 0..<contour.points {
        let (w1, w2) = (contour.lowest + Double(i) * step, contour.lowest + Double(j) * step)
        let (g1, g2) = gradient(w1, w2)
        rows.append([
          "w1": .double(tidy(w1)), "w2": .double(tidy(w2)), "logGradientNorm": .double(tidy(log(hypot(g1, g2)))),
        ])
      }
    }
    return ResultTable(title: "log of the gradient's norm", columns: [], rows: rows)
  }

  /// Four digits after the point: what a plot can show.
  private func tidy(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
