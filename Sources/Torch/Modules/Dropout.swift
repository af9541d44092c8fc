/// Zeroes elements at random in training, and passes its input on in evaluation (`torch.nn.Dropout`).
///
/// A probability of 0 draws nothing, as in PyTorch.
public final class Dropout: Module {
  /// How likely an element is zeroed.
  public let probability: Double
  /// Where the draws come from. Its state belongs to a run's state.
  public let generator: Generator
  public var isTraining = true

  /// Dropout that draws from this generator.
  public init(_ probability: Double = 0.5, generator: Generator) {
    (self.probability, self.generator) = (probability, generator)
  }

  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    isTraining && probability > 0 ? try dropout(x, probability: probability, generator: generator) : x
  }
}
