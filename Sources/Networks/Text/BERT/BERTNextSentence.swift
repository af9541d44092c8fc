import OrderedCollections
import Torch

/// A BERT that tells whether the second text of a pair follows the first, without the head that predicts words: a
/// classifier of two classes, as `transformers`' `BertForNextSentencePrediction`, whose parameters have these names.
public final class BERTNextSentence: Module {
  private let network: BERTForPreTraining

  /// - Parameter network: The one whose layers these are: there is one set of parameters for both.
  public init(_ network: BERTForPreTraining) { self.network = network }

  public var submodules: OrderedDictionary<String, any Module> {
    network.submodules.filter { !$0.key.hasPrefix("cls.predictions") }
  }

  /// - Parameter x: Pieces, int64 [N, L], of one segment and without filling; or pieces, segments and mask as
  ///   ``BERTInput`` has them, stacked, int64 [N, 3, L].
  /// - Returns: [N, 2]: the second text follows the first (class 0) or is from elsewhere (class 1).
  /// - Throws: `TorchError` for other shapes, a text that is too long, or a piece outside the vocabulary.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    guard x.shape.count == 3 else { return try network.next(BERTInput(ids: x)) }
    guard x.shape[1] == 3 else {
      throw TorchError(
        kind: .argument, operation: "BERTNextSentence",
        message: "the input has shape \(x.shape); expected pieces, segments and mask: [texts, 3, places]")
    }
    return try network.next(
      BERTInput(
        ids: x.select(axis: 1, 0), segments: x.select(axis: 1, 1), mask: x.select(axis: 1, 2)))
  }
}
