import Datasets
import Lab
import OrderedCollections
import Torch

/// Which images to train and test on, how many of them, and how pixels become numbers: (pixel / 255 − mean) / std in
/// each channel.
public struct ImageSettings: Codable, Hashable, Sendable {
  /// The data sets that can be asked for.
  public enum Name: String, SettingChoice {
    /// CIFAR-10 as it is found: all 50,000 + 10,000 images, or a part of them in the same format.
    case cifar10
    /// Made here, for tests.
    case synthetic = "synthetic-colour"
  }

  /// The data set.
  public var name: Name
  /// The first so many images of the data set; fewer at hand are an error.
  public var trainCount: Int
  /// How many images to test with.
  public var testCount: Int
  /// A number a channel: red, green, blue.
  public var mean: [Double]
  /// The deviation of each channel.
  public var std: [Double]

  /// CIFAR-10 with the mean and standard deviation of its 50,000 training images.
  static func cifar10(train: Int, test: Int) -> ImageSettings {
    ImageSettings(
      name: .cifar10, trainCount: train, testCount: test, mean: [0.4914, 0.4822, 0.4465],
      std: [0.2470, 0.2435, 0.2616])
  }

  /// Of a scale: all of CIFAR-10, 10,000 and 2,000 images of it, or what is made here.
  static func cifar10(at scale: Scale) -> ImageSettings {
    switch scale {
    case .paper: .cifar10(train: 50_000, test: 10_000)
    case .small: .cifar10(train: 10_000, test: 2000)
    case .smoke:
      ImageSettings(
        name: .synthetic, trainCount: 40, testCount: 20, mean: [0.4914, 0.4822, 0.4465], std: [0.2470, 0.2435, 0.2616])
    }
  }

  var normalization: Normalization { Normalization(mean: mean, std: std) }

  func validate() throws(SettingError) {
    try Check.atLeast(1, trainCount, "data.trainCount", atMost: 100_000_000)
    try Check.atLeast(1, testCount, "data.testCount", atMost: 100_000_000)
    try Self.validate(mean: mean, std: std)
  }

  static func validate(mean: [Double], std: [Double]) throws(SettingError) {
    for (key, values) in [("data.mean", mean), ("data.std", std)] {
      guard values.count == 3 else {
        throw SettingError(key, found: "\(values.count) numbers", expected: "3, for red, green and blue")
      }
    }
    for value in mean { try Check.finite(value, "data.mean") }
    for value in std { try Check.positive(value, "data.std") }
  }

  /// The images that these settings name, of `dataset`.
  ///
  /// - Returns: What to train on and what to test on.
  /// - Throws: `LabError` (`.configuration`) where the data set has fewer, with every setting that asks for too many.
  func images(of dataset: ImageDataset) throws -> (train: LabeledImages, test: LabeledImages) {
    let parts = [
      ("data.trainCount", trainCount, dataset.train.count), ("data.testCount", testCount, dataset.test.count),
    ]
    let short = parts.filter { $0.1 > $0.2 }
    guard short.isEmpty else {
      let asked = short.map { "\($0.0) is \($0.1)" }.joined(separator: " and ")
      let there = short.map { "\($0.2)" }.joined(separator: " and ")
      let takes = short.map { "--set \($0.0)=\($0.2)" }.joined(separator: " ")
      throw LabError(
        .configuration,
        "\(asked), but \(dataset.name) at \(dataset.location) has \(there): \(dataset.note). "
          + "`idinit-lab fetch cifar10` downloads the whole set; \(takes) takes what is there")
    }
    return (try Self.first(trainCount, of: dataset.train), try Self.first(testCount, of: dataset.test))
  }

  private static func first(_ count: Int, of part: LabeledImages) throws -> LabeledImages {
    count == part.count ? part : try part.selecting(Array(0..<count), name: part.name)
  }
}

/// What is done to a training batch.
public struct AugmentationSettings: Codable, Hashable, Sendable {
  /// Black pixels around the image before a crop of its own size is taken at random; 0 takes none.
  public var cropPadding: Int
  /// Mirror half of the images.
  public var flip: Bool
  /// α of mixup's Beta(α, α); 0 is none.
  public var mixup: Double
  /// α of cutmix's Beta(α, α); 0 is none.
  public var cutmix: Double
  /// How often it is cutmix where there are both.
  public var switchProbability: Double
  /// This part of each target is spread over all classes; 0 is none.
  public var labelSmoothing: Double

  /// What CIFAR-10 is usually trained with: crops and mirror images.
  static let cropAndFlip = AugmentationSettings(
    cropPadding: 4, flip: true, mixup: 0, cutmix: 0, switchProbability: 0.5, labelSmoothing: 0)

  /// Every image as it is.
  static let none = AugmentationSettings(
    cropPadding: 0, flip: false, mixup: 0, cutmix: 0, switchProbability: 0.5, labelSmoothing: 0)

  var augmentation: Augmentation {
    Augmentation(
      cropPadding: cropPadding, flip: flip, mixup: mixup, cutmix: cutmix, switchProbability: switchProbability)
  }

  func validate() throws(SettingError) {
    try Check.atLeast(0, cropPadding, "augmentation.cropPadding", atMost: 1000)
    try Check.notNegative(mixup, "augmentation.mixup")
    try Check.notNegative(cutmix, "augmentation.cutmix")
    guard (0...1).contains(switchProbability) else {
      throw SettingError(
        "augmentation.switchProbability", found: JSONValue.text(switchProbability), expected: "a number from 0 to 1")
    }
    try Check.share(labelSmoothing, "augmentation.labelSmoothing")
  }
}

/// How long, in what portions, and towards what.
public struct ImageTrainingSettings: Codable, Hashable, Sendable {
  /// How often all images are gone through.
  public var epochs: Int
  /// Examples a step.
  public var batchSize: Int
  /// The test accuracy whose first epoch is reported.
  public var target: Double
  /// Decay of the exponential moving average of the weights that is tested; 0 tests the weights themselves.
  public var averageDecay: Double

  init(epochs: Int, batchSize: Int, target: Double, averageDecay: Double = 0) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.target = target
    self.averageDecay = averageDecay
  }

  /// Towards the accuracy of Table 2 at the scale of the paper, and half of it in a short training.
  static func at(
    _ scale: Scale, paper: (epochs: Int, batchSize: Int), small: (epochs: Int, batchSize: Int)
  ) -> ImageTrainingSettings {
    switch scale {
    case .paper: .init(epochs: paper.epochs, batchSize: paper.batchSize, target: 0.8)
    case .small: .init(epochs: small.epochs, batchSize: small.batchSize, target: 0.4)
    case .smoke: .init(epochs: 1, batchSize: 20, target: 0.4)
    }
  }

  func validate() throws(SettingError) {
    try TrainingSettings(epochs: epochs, batchSize: batchSize).validate()
    guard target > 0, target < 1 else {
      throw SettingError("training.target", found: JSONValue.text(target), expected: "a number between 0 and 1")
    }
    try Check.share(averageDecay, "training.averageDecay")
  }
}

/// Adam, as `torch.optim.Adam` computes it.
public struct AdamSettings: Codable, Hashable, Sendable, OptimizerSettings {
  /// The learning rate; where a schedule is, its base.
  public var learningRate: Double
  /// The decay of the gradients' average.
  public var beta1: Double
  /// The decay of their squares' average.
  public var beta2: Double
  /// The weight decay; 0 is none.
  public var weightDecay: Double

  func validate() throws(SettingError) {
    try Check.positive(learningRate, "adam.learningRate")
    try Check.share(beta1, "adam.beta1")
    try Check.share(beta2, "adam.beta2")
    try Check.notNegative(weightDecay, "adam.weightDecay")
  }

  func make(_ parameters: OrderedDictionary<String, Tensor>) throws(TorchError) -> any Optimizer {
    try Adam(parameters, learningRate: learningRate, beta1: beta1, beta2: beta2, weightDecay: weightDecay)
  }
}

/// Adagrad, as `torch.optim.Adagrad` computes it.
public struct AdagradSettings: Codable, Hashable, Sendable, OptimizerSettings {
  /// The learning rate.
  public var learningRate: Double
  /// The weight decay, 0 for none.
  public var weightDecay: Double

  func validate() throws(SettingError) {
    try Check.positive(learningRate, "optimizer.learningRate")
    try Check.notNegative(weightDecay, "optimizer.weightDecay")
  }

  func make(_ parameters: OrderedDictionary<String, Tensor>) throws(TorchError) -> any Optimizer {
    try Adagrad(parameters, learningRate: learningRate, weightDecay: weightDecay)
  }
}
