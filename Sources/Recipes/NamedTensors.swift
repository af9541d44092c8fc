import OrderedCollections
import Torch

/// Names for the weights of networks that are written as lists of weights.
enum NamedTensors {
  /// `0.weight`, `1.weight`, …
  static func layers(_ weights: [Tensor]) -> OrderedDictionary<String, Tensor> {
    OrderedDictionary(uniqueKeysWithValues: weights.enumerated().map { ("\($0).weight", $1) })
  }
}
