import IDInit
import Torch

extension BERTForPreTraining {
  /// The graph of a full pass: both heads, two segments, filling, and places to predict.
  ///
  /// - Returns: The graph, with inputs called as `transformers` calls them.
  /// - Throws: `TorchError` if the pass fails.
  public func graph() throws(TorchError) -> NetworkGraph {
    // Their values do not matter, but they must be of the vocabulary.
    let length = min(4, configuration.greatestLength)
    let zeros_NL = try Tensor.zeros([2, length], dtype: .int64, device: device)
    let input = BERTInput(
      ids: zeros_NL, segments: try zeros_NL.cloned(), mask: try zeros_NL.filledLike(1),
      positions: try Tensor.zeros([2, 1], dtype: .int64, device: device))
    return try graph(of: input.named) { () throws(TorchError) in
      let (words, next) = try predict(input)
      return [words, next]
    }
  }

  /// Plans the network with both of its heads.
  ///
  /// - Parameters:
  ///   - scheme: What decides each parameter's rule.
  ///   - seed: What the random rules draw from, together with each parameter's name.
  /// - Returns: The plan; the tied weight has one line, under the word table's name.
  /// - Throws: `TorchError` if the forward pass fails, `PlanError` if the scheme cannot serve the network.
  public func plan(_ scheme: some InitializationScheme, seed: UInt64 = 0) throws -> InitializationPlan {
    try InitializationPlan(scheme, for: graph(), seed: seed)
  }

  private var device: Device { parameters.values.first?.device ?? .cpu }
}
