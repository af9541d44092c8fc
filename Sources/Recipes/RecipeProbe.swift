import Datasets
import Lab
import Torch

/// A recipe's networks at their start, ready to be probed.
public struct RecipeProbe {
  /// Each once, with the same batch.
  public var subjects: [ProbeSubject]
  /// What the batch is, for people: "128 training images of mnist-5k".
  public var data: String

  /// The error of a recipe that cannot be probed.
  static func absence(of id: String, _ reason: String) -> LabError {
    LabError(
      .usage,
      "\(id) cannot be probed: \(reason). Recipes that can be: those that train a network; or name a network, as in "
        + "`idinit-lab probe resnet20`")
  }
}

/// What a recipe's networks are put on.
public struct ProbeBench {
  /// Examples in the batch; nil takes as many as the recipe's own batches have.
  public var batch: Int?
  /// Of weights, of the batch, and of what probes draw.
  public var seed: UInt64
  /// Where all of it lives.
  public var device: Device
  private let shelf = DataShelf()
  private let dataFolder: String?

  /// - Parameters:
  ///   - batch: Examples in the batch; nil takes as many as the recipe's own batches have.
  ///   - seed: Of weights, of the batch, and of what probes draw.
  ///   - device: Where all of it lives.
  ///   - dataFolder: The folder to look for data in; nil looks in the usual places.
  public init(batch: Int? = nil, seed: UInt64 = 0, device: Device = .cpu, dataFolder: String? = nil) {
    (self.batch, self.seed, self.device, self.dataFolder) = (batch, seed, device, dataFolder)
  }

  func dataset(_ name: String) throws -> ImageDataset {
    try shelf.dataset(name, of: "images", folder: dataFolder)
  }

  func sentences(_ name: String) throws -> SentenceDataset {
    try shelf.dataset(name, of: "sentences", folder: dataFolder)
  }

  /// Looks for files of data.
  var locator: DatasetLocator { DatasetLocator(data: dataFolder) }

  /// The first batch of a training on these images with this seed, without augmentation, and what it is for people. It
  /// has `size` images where nobody asked for another number.
  func batch(
    of images: LabeledImages, _ normalization: Normalization, size: Int
  ) throws -> (x_NCHW: Tensor, labels_N: Tensor, title: String) {
    let loader = try BatchLoader(
      images, normalization: normalization, batchSize: batch ?? size, order: .shuffled, seed: seed, device: device)
    let batches = loader.batches()
    defer { batches.stop() }
    guard let first = try batches.next() else {
      throw LabError(.data, "\(images.name) has no images; expected one or more")
    }
    return (
      try first.x_NCHW.cloned(), try first.labels_N.cloned(), "\(first.count) images of \(images.name), not augmented"
    )
  }
}

extension GridRecipe {
  /// One subject for each way to start among the runs, since many runs differ in what comes later: `start` is what tells
  /// starts apart, of the settings of one run, and `network` makes the initialised network of one. They are named after
  /// the method and what else differs between them.
  static func subjects<Start: Hashable>(
    _ settings: Settings, _ start: (Settings) throws -> Start, _ network: (Start) throws -> any Module,
    input: Tensor, target: ProbeSubject.Target, seed: UInt64
  ) throws -> [ProbeSubject] {
    var seen: Set<Start> = []
    let own = try points(settings).map { (point: $0, start: try start($0)) }.filter { seen.insert($0.start).inserted }
    let named = axes.filter { axis in
      guard axis.key != "seeds" else { return false }
      return axis.key == "methods" || Set(own.map { axis.value($0.point) }).count > 1
    }
    return try own.map { item in
      let words = named.map { axis -> String in
        let value = axis.value(item.point)
        return axis.prefix + (value.text ?? value.line)
      }
      return ProbeSubject(
        method: words.isEmpty ? "its start" : words.joined(separator: " "), network: try network(item.start),
        input: input, target: target, seed: seed)
    }
  }
}
