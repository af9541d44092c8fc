import BenchmarkSupport
import IDInit
import Networks
import Torch

/// Our side of the Linear-5 step, the same work as scripts/bench/linear5.py: gather a batch by index, forward,
/// cross-entropy, backward, SGD.
final class Linear5Steps: TrainingSteps {
  static let batch = 128
  static let imageCount = 8192
  static let widths = [784, 512, 512, 512, 512, 10]

  private let network: LinearNet
  private let optimizer: SGD
  private let images: Tensor
  private let labels: Tensor
  private let generator: Generator

  init() throws {
    generator = try Generator(seed: 0)
    network = try LinearNet(widths: Self.widths, nonlinearity: .relu)
    images = try Tensor.randn([Self.imageCount, Self.widths[0]], generator: generator)
    labels = try Tensor((0..<Self.imageCount).map { Int64($0 % 10) })
    // Random weights, as in PyTorch: a sparse matrix could be faster or slower to multiply with.
    let plan = try network.plan(PyTorchDefaultScheme(), example: try Tensor.zeros([2, Self.widths[0]]))
    try network.initialize(by: plan)
    optimizer = try SGD(
      network.parameters, learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4)
  }

  /// Seconds of `count` steps.
  func run(_ count: Int) throws -> Double {
    let order = try Tensor.randperm(Self.imageCount, generator: generator)
    return try seconds {
      for step in 0..<count {
        let index = try order.narrow(axis: 0, start: step * Self.batch % Self.imageCount, length: Self.batch)
        let logits = try network(try images.indexSelect(axis: 0, index))
        let loss = try crossEntropy(logits, try labels.indexSelect(axis: 0, index))
        try optimizer.zeroGrad()
        try loss.backward()
        try optimizer.step()
      }
    }
  }
}
