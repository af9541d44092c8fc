import Foundation
import IDInit
import Lab
import Torch

/// Figure 4 (Section 3.2.1): the rank that the middle weight of a three-layer network gains in training, by how the
/// first, dimension-increasing weight is filled.
public enum Figure4: GridRecipe {
  /// How a weight with more outputs than inputs is filled.
  public enum Method: String, SettingChoice {
    /// An identity with zeros below it (partial identity).
    case zeroPadding = "zero-padding"
    /// Identities stacked (IDI).
    case identityPadding = "identity-padding"
    /// ZerO's.
    case hadamard

    func rule(looseness: Double) -> Rule {
      switch self {
      case .zeroPadding: .partialIdentity(PartialIdentityRule(gain: 1, looseness: looseness))
      case .identityPadding: .identity(IdentityRule(gain: 1, looseness: looseness))
      case .hadamard: .hadamard(HadamardRule(looseness: looseness))
      }
    }
  }

  /// Whether the non-zero elements carry noise (the loose condition).
  public enum Variant: String, SettingChoice {
    /// Without noise, and with it.
    case exact, loose
  }

  /// What acts between layers.
  public enum Activation: String, SettingChoice {
    /// Nothing, or max(0, x).
    case none, relu
  }

  public struct Settings: RecipeSettings {
    /// The initialisation methods; a run for each.
    public var methods: [Method]
    /// The variants; a run for each.
    public var variants: [Variant]
    /// The seeds; a run for each.
    public var seeds: [Int]
    /// ε_τ of the variant `loose`.
    public var looseness: Double
    /// The network.
    public var network: Network
    /// What is trained and tested on.
    public var data: DataSettings
    /// How long it is trained, and in what portions.
    public var training: Training
    /// The optimiser.
    public var optimizer: SGDSettings
    /// What counts as rank.
    public var rank: Rank

    /// The three layers.
    public struct Network: Codable, Hashable, Sendable {
      /// Pixels a side; images are averaged down to it. D_0 is its square.
      public var inputSide: Int
      /// D_h.
      public var hiddenWidth: Int
      /// What acts after the first and the middle layer; a run for each.
      public var activations: [Activation]
    }

    /// How long, and in what portions.
    public struct Training: Codable, Hashable, Sendable {
      /// Examples a step.
      public var batchSize: Int
      /// The steps after which ranks are taken; training ends at the last.
      public var rankSteps: [Int]
    }

    /// What counts as rank.
    public struct Rank: Codable, Hashable, Sendable {
      /// Singular values above this count.
      public var tolerance: Double
    }

    public func validate() throws(SettingError) {
      try Check.list(methods, "methods")
      try Check.list(variants, "variants")
      try Check.seeds(seeds)
      try Check.positive(looseness, "looseness")
      guard [28, 14, 7, 4, 2].contains(network.inputSide) else {
        throw SettingError("network.inputSide", found: "\(network.inputSide)", expected: "28, 14, 7, 4 or 2")
      }
      let inputs = network.inputSide * network.inputSide
      guard network.hiddenWidth > inputs else {
        throw SettingError(
          "network.hiddenWidth", found: "\(network.hiddenWidth)", expected: "more than the \(inputs) inputs")
      }
      try Check.atLeast(1, network.hiddenWidth, "network.hiddenWidth", atMost: 1 << 14)
      try Check.list(network.activations, "network.activations")
      try data.validate()
      try Check.atLeast(1, training.batchSize, "training.batchSize", atMost: Check.mostImages)
      try Check.list(training.rankSteps, "training.rankSteps")
      for step in training.rankSteps { try Check.atLeast(0, step, "training.rankSteps", atMost: Check.mostSteps) }
      guard training.rankSteps == training.rankSteps.sorted() else {
        throw SettingError("training.rankSteps", found: "\(training.rankSteps)", expected: "steps in rising order")
      }
      try optimizer.validate()
      try Check.positive(rank.tolerance, "rank.tolerance")
    }
  }

  public static let card = RecipeCard(
    id: "figure4", title: "The rank of the middle weight in training, by the padding of the first",
    locus: "Figure 4", section: "Section 3.2.1", paper: [],
    claim: "Padding the first weight with zeros keeps the rank of the middle weight's residual component W − I at or "
      + "below D_0, with and without the loose condition; padding with identities and Hadamard exceed D_0; the loose "
      + "condition does not lower the rank.",
    deviations: [
      "The paper prints D_0 = 768 for MNIST; an image has 784 pixels.",
      "The paper does not say whether the network has an activation; its x' = θx has none. Both are run: without, and "
        + "with ReLU after the first two layers.",
      "The paper gives no optimiser: plain SGD, lr 0.1, batch 64, as ZerO's example_mnist.ipynb, which it follows.",
      "The rank counts singular values above 1e-4, as that notebook does; the count at torch.linalg.matrix_rank's own "
        + "tolerance (largest singular value × size × machine epsilon) and the rank of W itself are recorded beside it.",
    ])

  public static let needs: Set<Need> = [.data, .engine]

  public static let ofRuns = ["network.activations", "methods", "variants", "seeds"]

  static var axes: [Axis<Settings>] {
    [
      Axis("network.activations", \.network.activations), Axis("methods", \.methods), Axis("variants", \.variants),
      Axis("seeds", \.seeds, prefix: "seed"),
    ]
  }

  public static func settings(at scale: Scale) -> Settings {
    let network: Settings.Network
    let steps: [Int]
    switch scale {
    case .smoke:
      network = .init(inputSide: 4, hiddenWidth: 48, activations: Activation.allCases)
      steps = [0, 20, 40]
    case .small:
      network = .init(inputSide: 14, hiddenWidth: 512, activations: Activation.allCases)
      steps = [0, 10, 20, 50, 100, 200, 400]
    case .paper:
      network = .init(inputSide: 28, hiddenWidth: 2048, activations: Activation.allCases)
      steps = [0, 50, 100, 200, 400, 800]
    }
    return Settings(
      methods: Method.allCases, variants: Variant.allCases, seeds: [0], looseness: 1e-6, network: network,
      data: .digits(scale == .paper ? .mnist : scale == .small ? .digits5000 : .synthetic),
      training: .init(batchSize: 64, rankSteps: steps),
      optimizer: .init(learningRate: 0.1, momentum: 0, weightDecay: 0), rank: .init(tolerance: 1e-4))
  }

  static func train(_ settings: Settings, in context: RunContext) throws -> RunOutcome {
    try ThreeLayerTraining(settings, in: context).run()
  }
}
