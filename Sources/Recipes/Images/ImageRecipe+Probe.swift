import Datasets
import IDInit
import Lab
import Torch

extension ImageRecipe {
  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    let train = try settings.data.images(of: try bench.dataset(settings.data.name.rawValue)).train
    let batch = try bench.batch(of: train, settings.data.normalization, size: settings.training.batchSize)
    let subjects = try subjects(
      settings, { try training($0).start }, { try $0.initialised(for: train, seed: bench.seed, device: bench.device) },
      input: batch.x_NCHW, target: .classes(batch.labels_N, count: train.classCount), seed: bench.seed)
    return RecipeProbe(subjects: subjects, data: batch.title)
  }
}

extension ImageTraining.Start {
  /// The network for these images as it starts.
  fileprivate func initialised(for images: LabeledImages, seed: UInt64, device: Device) throws -> any Module {
    let module = try network.make(method, images: (images.channels, images.classCount), device: device)
    let example = try Tensor.zeros([1, images.channels, images.height, images.width], device: device)
    _ = try module.start(from: method, seed: seed, example: example, overrides: overrides)
    return module
  }
}
