/// What is done to a training batch, in this order: crop, flip, mixup or cutmix.
public struct Augmentation: Hashable, Sendable {
  /// Pixels of black (raw 0, as `torchvision.transforms.RandomCrop` pads before normalising) on every side, of which a
  /// window of the image's own size is cut at random; 0 = off.
  public var cropPadding: Int
  /// Mirrors every second image on average, left to right.
  public var flip: Bool
  /// α of Beta(α, α) of mixup (Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018); 0 = off.
  ///
  /// One λ a batch and partners by a permutation of the batch, as in its authors' code.
  public var mixup: Double
  /// α of Beta(α, α) of cutmix (Yun et al., "CutMix", 2019); 0 = off.
  ///
  /// One box and one permutation a batch, and λ is the share that really stays, as in its authors' code.
  public var cutmix: Double
  /// The probability that a batch is cut rather than mixed, where both are on; where one of them or both are off, nothing
  /// reads it.
  public var switchProbability: Double

  /// Images as they are.
  public static let none = Augmentation()

  /// Augmentation with these numbers; what is left out is off.
  public init(
    cropPadding: Int = 0, flip: Bool = false, mixup: Double = 0, cutmix: Double = 0, switchProbability: Double = 0.5
  ) {
    (self.cropPadding, self.flip, self.mixup) = (cropPadding, flip, mixup)
    (self.cutmix, self.switchProbability) = (cutmix, switchProbability)
  }

  /// Whether a batch's images and labels are mixed with each other.
  var mixes: Bool { mixup > 0 || cutmix > 0 }
  /// Whether single images are moved or mirrored.
  var moves: Bool { cropPadding > 0 || flip }

  /// - Throws: `LabError` (`.configuration`) for numbers that are none of these.
  func validate() throws(LabError) {
    func require(_ holds: Bool, _ name: String, _ value: Any, _ expected: String) throws(LabError) {
      try TrainingNumber.require(holds, in: "augmentation", name, value, expected)
    }
    try require((0...1024).contains(cropPadding), "cropPadding", cropPadding, "0 to 1024 pixels")
    try require(mixup.isFinite && mixup >= 0, "mixup", mixup, "an α of 0 (off) or more")
    try require(cutmix.isFinite && cutmix >= 0, "cutmix", cutmix, "an α of 0 (off) or more")
    try require((0...1).contains(switchProbability), "switchProbability", switchProbability, "0 to 1")
  }
}
