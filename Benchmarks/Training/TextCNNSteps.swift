import BenchmarkSupport
import Networks
import Torch

/// Our side of the step of Tables 5 and 7's TextCNN, the same work as scripts/bench/textcnn.py: sentences by index, forward
/// with dropout, cross-entropy, backward, Adadelta.
final class TextCNNSteps: TrainingSteps {
  static let batch = 50
  private static let sentenceCount = 2500
  private static let length = 20
  private static let vocabulary = 16_000
  private static let width = 50

  private let network: TextCNN
  private let optimizer: Adadelta
  private let ids_NL: Tensor
  private let labels_N: Tensor
  private let generator: Generator

  init() throws {
    let generator = try Generator(seed: 0)
    self.generator = generator
    let network = try TextCNN(
      vocabulary: Self.vocabulary, width: Self.width, classes: 2, dropout: Dropout(0.5, generator: generator))
    self.network = network
    for parameter in network.parameters.values where parameter.shape.count > 1 {
      try withoutGradient { () throws(TorchError) in
        try parameter.fillNormal(standardDeviation: 0.1, generator: generator)
      }
    }
    optimizer = try Adadelta(network.parameters, learningRate: 1, rho: 0.9)
    ids_NL = try Tensor.randint(
      [Self.sentenceCount, Self.length], low: 1, high: Self.vocabulary, generator: generator)
    labels_N = try Tensor((0..<Self.sentenceCount).map { Int64($0 % 2) })
  }

  func run(_ count: Int) throws -> Double {
    let order = try Tensor.randperm(Self.sentenceCount, generator: generator)
    return try seconds {
      for step in 0..<count {
        let index = try order.narrow(axis: 0, start: step * Self.batch % Self.sentenceCount, length: Self.batch)
        let logits = try network(ids_NL.indexSelect(axis: 0, index))
        let loss = try crossEntropy(logits, labels_N.indexSelect(axis: 0, index))
        _ = try loss.item()
        try optimizer.zeroGrad()
        try loss.backward()
        try optimizer.step()
      }
    }
  }
}
