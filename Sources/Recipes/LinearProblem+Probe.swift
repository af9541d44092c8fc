import Lab
import OrderedCollections
import Torch

/// The network of Section 3.1 as a module.
private final class SquareLayers: Module {
  let weights: [Tensor]

  init(_ weights: [Tensor]) { self.weights = weights }

  var localParameters: OrderedDictionary<String, Tensor> { NamedTensors.layers(weights) }

  func callAsFunction(_ x_BD: Tensor) throws(TorchError) -> Tensor {
    var h_BD = x_BD
    for weight in weights { h_BD = try linear(h_BD, weight: weight) }
    return h_BD
  }
}

extension LinearProblem {
  /// The network from each start on the first training pairs.
  static func probed(
    _ settings: Settings, from starts: [Start], looseness: Double, batchSize: Int, on bench: ProbeBench
  ) throws -> RecipeProbe {
    let seed = Int(clamping: bench.seed)
    let problem = try LinearProblem(settings, seed: seed, device: bench.device)
    let count = min(bench.batch ?? batchSize, problem.trainCount)
    let x_BD = try problem.trainX_BD.narrow(axis: 0, start: 0, length: count).cloned()
    let y_BD = try problem.trainY_BD.narrow(axis: 0, start: 0, length: count).cloned()
    let subjects = try starts.map { start in
      let weights = try problem.weights(start, looseness: looseness, seed: seed, device: bench.device)
      return ProbeSubject(
        method: start.rawValue, network: SquareLayers(weights), input: x_BD, target: .values(y_BD), seed: bench.seed)
    }
    return RecipeProbe(subjects: subjects, data: "\(count) pairs of Y = −X with noise, by mean squared error")
  }
}

extension Table1 {
  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    let starts = settings.methods.compactMap { LinearProblem.Start(rawValue: $0.rawValue) }
    guard !starts.isEmpty else { throw RecipeProbe.absence(of: card.id, "least squares has no network") }
    return try LinearProblem.probed(
      settings.problem, from: starts, looseness: 0, batchSize: settings.training.batchSize, on: bench)
  }
}

extension Figure19 {
  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    try LinearProblem.probed(
      settings.problem, from: [.identity], looseness: settings.looseness, batchSize: settings.training.batchSize,
      on: bench)
  }
}

extension Figure17 {
  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    throw RecipeProbe.absence(of: card.id, "it is a chain of scalars, computed without the engine")
  }
}

extension Figure13 {
  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    throw RecipeProbe.absence(
      of: card.id, "its networks have no loss, and its runs are the probe `noise` itself, in many rounds")
  }
}
