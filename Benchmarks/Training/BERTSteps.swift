import BenchmarkSupport
import Networks
import Torch

/// Our side of the step of Figure 9's small BERT, the same work as `gathered` in scripts/bench/bert.py: texts by index,
/// both heads at the hidden places, both losses, backward, AdamW.
final class BERTSteps: TrainingSteps {
  static let batch = 32
  private static let textCount = 2560
  private static let length = 64
  private static let predictions = 10

  private let network: BERTForPreTraining
  private let optimizers: [AdamW]
  private let texts: BERTInput
  private let labels_NP: Tensor
  private let next_N: Tensor
  private let generator: Generator

  init() throws {
    let generator = try Generator(seed: 0)
    self.generator = generator
    var configuration = BERTConfiguration.small
    configuration.greatestLength = Self.length
    let network = try BERTForPreTraining(configuration)
    self.network = network
    for (name, parameter) in network.parameters where parameter.shape.count > 1 && !name.contains("decoder") {
      try withoutGradient { () throws(TorchError) in
        try parameter.fillNormal(standardDeviation: 0.02, generator: generator)
      }
    }
    optimizers = [
      try AdamW(network.parameters.filter { $0.value.shape.count > 1 }, learningRate: 1e-4, weightDecay: 1e-2),
      try AdamW(network.parameters.filter { $0.value.shape.count < 2 }, learningRate: 1e-4, weightDecay: 0),
    ]
    let shape = [Self.textCount, Self.length]
    let ids_NL = try Tensor.randint(shape, low: 1, high: configuration.vocabularyCount, generator: generator)
    // Every eighth text is half as long.
    let places = (0..<Self.textCount).flatMap { text in
      (0..<Self.length).map { Int64(text % 8 == 0 && $0 >= Self.length / 2 ? 0 : 1) }
    }
    let mask_NL = try Tensor(places, shape: shape)
    let segments_NL = try Tensor.arange(to: Double(Self.length)).ge(Double(Self.length / 4)).to(.int64) * mask_NL
    let positions_NP = try Tensor.arange(from: 1, to: Double(1 + 3 * Self.predictions), by: 3)
      .unsqueezed(0).repeated([Self.textCount, 1])
    texts = BERTInput(ids: ids_NL, segments: segments_NL, mask: mask_NL, positions: positions_NP)
    labels_NP = try ids_NL.gather(axis: 1, positions_NP)
    next_N = try Tensor((0..<Self.textCount).map { Int64($0 % 2) })
  }

  func run(_ count: Int) throws -> Double {
    let order = try Tensor.randperm(Self.textCount, generator: generator)
    return try seconds {
      for step in 0..<count {
        let index = try order.narrow(axis: 0, start: step * Self.batch % Self.textCount, length: Self.batch)
        try self.step(index)
      }
    }
  }

  private func step(_ index: Tensor) throws {
    func batch(_ tensor: Tensor) throws(TorchError) -> Tensor { try tensor.indexSelect(axis: 0, index) }
    let (words_MV, next_N2) = try network.predict(
      BERTInput(
        ids: try batch(texts.ids), segments: try texts.segments.map(batch), mask: try texts.mask.map(batch),
        positions: try texts.positions.map(batch)))
    let loss = try crossEntropy(words_MV, batch(labels_NP).flattened()) + crossEntropy(next_N2, batch(next_N))
    _ = try loss.item()
    for optimizer in optimizers { try optimizer.zeroGrad() }
    try loss.backward()
    for optimizer in optimizers { try optimizer.step() }
  }
}
