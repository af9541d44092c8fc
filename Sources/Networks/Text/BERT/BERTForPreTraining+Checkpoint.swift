import OrderedCollections
import Torch

extension BERTForPreTraining {
  /// Loads a checkpoint of `transformers`' `BertForPreTraining`, as `save_pretrained` writes it.
  ///
  /// Its files leave out the decoder's weight and bias, which are the word table and `cls.predictions.bias`; older ones
  /// call a normalisation's parameters `gamma` and `beta`, and hold `position_ids`, which are no parameters.
  ///
  /// - Parameter checkpoint: The tensors of the file, or of all files together.
  /// - Throws: `TorchError` of kind `argument`, before anything is changed, if a parameter is missing, unknown or of
  ///   another shape, or if a tied weight is there and differs from what it is tied to.
  public func load(checkpoint: OrderedDictionary<String, Tensor>) throws(TorchError) {
    var state: OrderedDictionary<String, Tensor> = [:]
    for (name, tensor) in checkpoint where name != "bert.embeddings.position_ids" {
      state[Self.newName(of: name)] = tensor
    }
    for (tied, name) in [
      ("cls.predictions.decoder.weight", "bert.embeddings.word_embeddings.weight"),
      ("cls.predictions.decoder.bias", "cls.predictions.bias"),
    ] {
      guard let original = state[name] else { continue }  // told of by `load`
      if let own = state[tied] {
        guard own.shape == original.shape, try own.isEqual(to: original) else {
          throw TorchError(
            kind: .argument, operation: "BERTForPreTraining.load",
            message: "\(tied) differs from \(name); expected the same values, since this network shares them")
        }
      } else {
        state[tied] = original
      }
    }
    try load(state)
  }

  private static func newName(of name: String) -> String {
    for (old, new) in [("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias")]
    where name.hasSuffix(old) {
      return name.dropLast(old.count) + new
    }
    return name
  }
}
