import Lab
import OrderedCollections
import Torch

/// The network of Figure 4 as a module.
private final class ThreeLayers: Module {
  let weights: [Tensor]
  let side: Int
  let activation: Figure4.Activation

  init(_ weights: [Tensor], side: Int, _ activation: Figure4.Activation) {
    (self.weights, self.side, self.activation) = (weights, side, activation)
  }

  var localParameters: OrderedDictionary<String, Tensor> { NamedTensors.layers(weights) }

  func callAsFunction(_ x_BCHW: Tensor) throws(TorchError) -> Tensor {
    try ThreeLayerTraining.logits(x_BCHW, weights, side: side, activation)
  }
}

extension Figure4 {
  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    let train = try bench.dataset(settings.data.name.rawValue).train
    let batch = try bench.batch(
      of: train, settings.data.normalization(channels: train.channels), size: settings.training.batchSize)
    let subjects = try subjects(
      settings,
      {
        var start = $0
        start.seeds = []
        return start
      },
      { start in
        ThreeLayers(
          try ThreeLayerTraining.weights(start, for: train, seed: bench.seed, device: bench.device),
          side: start.network.inputSide, try start.one(\.network.activations))
      }, input: batch.x_NCHW, target: .classes(batch.labels_N, count: train.classCount), seed: bench.seed)
    return RecipeProbe(subjects: subjects, data: batch.title)
  }
}
