import Datasets
import Lab
import Networks
import Torch

extension Table8 {
  /// Linear-5 for these images, not yet initialised.
  static func network(
    _ settings: Settings, for images: LabeledImages, _ variant: Settings.Variant, device: Device
  ) throws -> LinearNet {
    let hidden = [Int](repeating: settings.network.hiddenWidth, count: settings.network.hiddenLayers)
    return try LinearNet(
      widths: [images.channels * images.height * images.width] + hidden + [images.classCount],
      nonlinearity: variant == .relu ? .relu : .tanh, device: device)
  }

  private struct Start: Hashable {
    var variant: Settings.Variant
    var method: String
  }

  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    let train = try bench.dataset(settings.data.name.rawValue).train
    let batch = try bench.batch(
      of: train, settings.data.normalization(channels: train.channels), size: settings.training.batchSize)
    let example = try Tensor.zeros([1, train.channels, train.height, train.width], device: bench.device)
    let subjects = try subjects(
      settings, { Start(variant: try $0.one(\.variants), method: try $0.one(\.methods)) },
      { start in
        let module = try network(settings, for: train, start.variant, device: bench.device)
        _ = try module.start(from: start.method, seed: bench.seed, example: example)
        return module
      }, input: batch.x_NCHW, target: .classes(batch.labels_N, count: train.classCount), seed: bench.seed)
    return RecipeProbe(subjects: subjects, data: batch.title)
  }
}
