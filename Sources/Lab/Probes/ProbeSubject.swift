import Torch

/// A network to be measured, with a batch to measure it on.
public struct ProbeSubject {
  /// What the network is to learn of a batch of N examples.
  public enum Target {
    /// Classes: their numbers, int64 [N], and how many there are; the loss is the cross-entropy of logits [N, count].
    case classes(Tensor, count: Int)
    /// Numbers, of the output's shape; the loss is the mean squared error.
    case values(Tensor)
  }

  /// What it starts from: the initialisation method, and the variant of a recipe that has several.
  public var method: String
  /// The network, which is left as it was.
  public var network: any Module
  /// [N, …] as the network takes it: numbers of a floating type, or token ids, int64 [N, L].
  public var input: Tensor
  /// What is to be learned.
  public var target: Target
  /// What the probe may draw from.
  public var seed: UInt64

  /// A network with the batch to measure it on.
  public init(method: String, network: any Module, input: Tensor, target: Target, seed: UInt64 = 0) {
    (self.method, self.network, self.input) = (method, network, input)
    (self.target, self.seed) = (target, seed)
  }

  /// A classifier with the batch to measure it on: `labels` are class numbers, int64 [N], below `classes`.
  public init(
    method: String, network: any Module, input: Tensor, labels: Tensor, classes: Int, seed: UInt64 = 0
  ) {
    self.init(method: method, network: network, input: input, target: .classes(labels, count: classes), seed: seed)
  }

  /// The loss of what the network makes of ``input``.
  ///
  /// - Parameter output: What it makes.
  /// - Returns: The mean over the batch, one element.
  /// - Throws: `TorchError` for an output of another shape.
  public func loss(_ output: Tensor) throws(TorchError) -> Tensor {
    switch target {
    case .classes(let labels, count: _): try crossEntropy(output, labels)
    case .values(let values): try mseLoss(output, values)
    }
  }

  /// How many examples the batch has.
  public var count: Int { input.shape.first ?? 0 }
}
