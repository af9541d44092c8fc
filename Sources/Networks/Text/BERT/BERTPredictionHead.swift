import OrderedCollections
import Torch

/// What stands at a hidden place: a linear layer, GELU, a normalisation, and the product with every word's vector.
final class BERTPredictionHead: Module {
  private let dense: Linear
  private let norm: LayerNorm
  private let decoder: TiedDecoder

  // The decoder shares the table of words, [V, width].
  init(_ configuration: BERTConfiguration, words: Tensor, device: Device) throws(TorchError) {
    dense = try Linear(configuration.width, configuration.width, device: device)
    norm = try LayerNorm(configuration.width, epsilon: configuration.normEpsilon, device: device)
    decoder = TiedDecoder(
      weight: words,
      bias: try Tensor.zeros([configuration.vocabularyCount], device: device).settingRequiresGrad())
  }

  var localParameters: OrderedDictionary<String, Tensor> { ["bias": decoder.bias] }

  var submodules: OrderedDictionary<String, any Module> {
    ["transform.dense": dense, "transform.LayerNorm": norm, "decoder": decoder]
  }

  /// - Parameter x: [… , width]
  /// - Returns: [… , V]
  /// - Throws: `TorchError` for another width.
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor { try decoder(norm(gelu(dense(x)))) }
}

/// A linear layer whose weight and bias are others' too.
private final class TiedDecoder: Module {
  let weight: Tensor
  let bias: Tensor

  init(weight: Tensor, bias: Tensor) { (self.weight, self.bias) = (weight, bias) }

  var localParameters: OrderedDictionary<String, Tensor> { ["weight": weight, "bias": bias] }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor { try linear(x, weight: weight, bias: bias) }
}
