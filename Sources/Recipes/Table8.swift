import IDInit
import Lab
import Networks
import Torch

/// Table 8 (Appendix C.1): Linear-5 on MNIST from the default initialisation and from IDInit, tanh and ReLU.
public enum Table8: Recipe {
  public struct Settings: RecipeSettings {
    public enum Variant: String, SettingChoice { case relu, tanh }

    public var variants: [Variant]
    public var methods: [String]
    public var seeds: [Int]
    public var network: Network
    public var data: DataSettings
    public var training: TrainingSettings
    public var optimizer: SGDSettings
    public var schedule: ScheduleSettings

    /// 784 inputs, `hiddenLayers` of `hiddenWidth`, 10 outputs.
    public struct Network: Codable, Hashable, Sendable {
      public var hiddenWidth: Int
      public var hiddenLayers: Int
    }

    public func validate() throws(SettingError) {
      try Check.list(variants, "variants")
      try Methods.validate(methods)
      try Check.seeds(seeds)
      try Check.atLeast(1, network.hiddenWidth, "network.hiddenWidth", atMost: 1 << 16)
      try Check.atLeast(1, network.hiddenLayers, "network.hiddenLayers", atMost: 1000)
      let weights = network.hiddenWidth * network.hiddenWidth * network.hiddenLayers
      guard weights <= 1 << 30 else {
        throw SettingError(
          "network.hiddenWidth", found: "\(network.hiddenWidth)",
          expected:
            "at most 2^30 weights in all hidden layers; with network.hiddenLayers \(network.hiddenLayers) these "
            + "are \(weights)")
      }
      try data.validate()
      try training.validate()
      try optimizer.validate()
      try schedule.validate()
    }
  }

  public static let card = RecipeCard(
    id: "table8", title: "Linear-5 on MNIST, tanh and ReLU, from the default initialisation and from IDInit",
    locus: "Table 8", section: "Appendix C.1",
    paper: [
      PaperFigure(["tanh", "default"], 98.26, "98.26 %"), PaperFigure(["tanh", "idinit"], 98.32, "98.32 %"),
      PaperFigure(["relu", "default"], 98.21, "98.21 %"), PaperFigure(["relu", "idinit"], 98.40, "98.40 %"),
    ],
    claim: "From IDInit, Linear-5 reaches a higher test accuracy than from the default (Xavier for tanh, Kaiming for "
      + "ReLU), with tanh and with ReLU.",
    deviations: [
      "The paper gives no batch size: 128.",
      "The paper does not say how pixels are normalised: mean 0.1307, std 0.3081, MNIST's own.",
      "The paper does not say whether its cosine is set by epoch or by step, nor which epoch it reports: by epoch, as "
        + "torch.optim.lr_scheduler.CosineAnnealingLR is mostly used, and the last epoch.",
      "The paper does not say which distribution, fan and gain its Xavier and Kaiming have: those of the schemes `xavier` "
        + "(uniform, gain 1) and `kaiming` (normal, fan_in, gain √2).",
      "The scale small trains on 4,000 of MNIST's images and tests on 1,000, for machines that have no more at hand.",
    ])

  public static let needs: Set<Need> = [.data, .engine, .checkpoints]

  public static func settings(at scale: Scale) -> Settings {
    Settings(
      variants: [.tanh, .relu], methods: ["default", "idinit"],
      seeds: scale == .paper ? [0, 1, 2] : [0],
      network: .init(hiddenWidth: scale == .smoke ? 64 : 512, hiddenLayers: 4),
      data: .digits(scale == .paper ? .mnist : scale == .small ? .digits5000 : .synthetic),
      training: .init(epochs: scale == .smoke ? 3 : 30, batchSize: 128),
      optimizer: .init(learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4),
      schedule: .init(shape: .cosine, every: .epoch))
  }

  public static func runs(_ settings: Settings) throws -> [PlannedRun] {
    TrainingGrid.points(variants: settings.variants.map(\.rawValue), methods: settings.methods, seeds: settings.seeds)
      .map { point in
        var own = settings
        own.variants = settings.variants.filter { $0.rawValue == point.variant }
        own.methods = [point.method]
        own.seeds = [point.seed]
        let fixed = own
        return PlannedRun(name: point.name, labels: point.labels, settings: SettingsTree.tree(of: own)) { context in
          try TrainingGrid.train(
            point, data: fixed.data, training: fixed.training, optimizer: fixed.optimizer, schedule: fixed.schedule,
            in: context
          ) { shape, classes in
            let hidden = [Int](repeating: fixed.network.hiddenWidth, count: fixed.network.hiddenLayers)
            return try LinearNet(
              widths: [shape.reduce(1, *)] + hidden + [classes], nonlinearity: point.variant == "relu" ? .relu : .tanh,
              device: context.device)
          }
        }
      }
  }

  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    TrainingGrid.table(runs, title: "Table 8: Linear-5 on digits") { variant, method in
      paperFigure(variant, method)?.text
    }
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    TrainingGrid.verdict(runs, method: "idinit", over: "default", variants: Settings.Variant.allCases.map(\.rawValue))
  }
}
