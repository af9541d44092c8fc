import OrderedCollections
import Torch

/// A Transformer's encoder over the words of a sentence (Vaswani et al., "Attention Is All You Need", 2017), the mean over
/// its words and a linear layer.
///
/// Parameters: `embedding.weight`; `projection.weight` and `projection.bias` where word vectors have another width than the
/// encoder; `encoder.layers.0.self_attn.in_proj_weight`, … as `torch.nn.TransformerEncoder`'s, with the norms last;
/// `fc.weight` and `fc.bias`. As there (Section 3.4), word vectors are multiplied by √width before the positions are added.
/// Words attend to words alone, so that no batch that is padded further changes an answer.
public final class TransformerClassifier: Module {
  /// Features of the encoder.
  public let width: Int
  private let embedding: Embedding
  private let projection: Linear?
  private let layers: [TransformerEncoderLayer]
  private let dropout: Dropout?
  private let fc: Linear
  /// The positions that were needed so far: computed, hence no buffer.
  private var positions: Tensor

  /// - Parameters:
  ///   - vocabulary: Words, padding (number 0) among them.
  ///   - width: Elements of a word vector.
  ///   - classes: Features out.
  ///   - modelWidth: Features of the encoder; those of a word vector if absent, and then there is no projection.
  ///   - heads: A divisor of the encoder's width: 5 or 10 for 50, 6 for 300.
  ///   - layers: Layers of the encoder; 6 in the base model there.
  ///   - feedForward: Features inside of each layer; four times the width, as there, if absent.
  ///   - dropout: What acts in training: on the sum of words and positions, and in every layer. The base model there has a
  ///     probability of 0.1.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for a size below 1, or heads that do not divide the width.
  public init(
    vocabulary: Int, width: Int, classes: Int, modelWidth: Int? = nil, heads: Int, layers: Int = 6,
    feedForward: Int? = nil, dropout: Dropout?, device: Device = .cpu
  ) throws(TorchError) {
    let inner = modelWidth ?? width
    try [vocabulary, width, inner, classes, layers].checkWidths("TransformerClassifier.init", least: 5)
    self.width = inner
    embedding = try Embedding(vocabulary, width, paddingIndex: 0, device: device)
    projection = inner == width ? nil : try Linear(width, inner, device: device)
    var encoder: [TransformerEncoderLayer] = []
    for _ in 0..<layers {
      encoder.append(
        try TransformerEncoderLayer(
          inner, heads: heads, feedForward: feedForward ?? 4 * inner, dropout: dropout, device: device))
    }
    self.layers = encoder
    self.dropout = dropout
    fc = try Linear(inner, classes, device: device)
    positions = try sinusoidalPositions(64, width: inner, device: device)
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["embedding": embedding]
    all["projection"] = projection
    all["dropout"] = dropout
    for (index, layer) in layers.enumerated() { all["encoder.layers.\(index)"] = layer }
    all["fc"] = fc
    return all
  }

  /// - Parameter x: Numbers of words, int64 [N, L], with 0 behind a sentence's last word.
  /// - Returns: The logits, [N, classes].
  /// - Throws: `TorchError` for an input of another kind, or a number outside of the vocabulary.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.checkWords("TransformerClassifier")
    let places = try WordPlaces(x)
    var x_NLE = try embedding(x)
    if let projection { x_NLE = try projection(x_NLE) }
    x_NLE = try x_NLE * Double(width).squareRoot() + firstPositions(x.size(1))
    if let dropout { x_NLE = try dropout(x_NLE) }
    let mask_NHLL = try places.mask.unsqueezed(1).unsqueezed(1)
    for layer in layers { x_NLE = try layer(x_NLE, mask: mask_NHLL) }
    let sums_NE = try (x_NLE * places.mask.unsqueezed(2)).sum([1])
    return try fc(sums_NE / places.lengths.unsqueezed(1))
  }

  private func firstPositions(_ length: Int) throws(TorchError) -> Tensor {
    if try positions.size(0) < length {
      positions = try sinusoidalPositions(2 * length, width: width, device: positions.device)
    }
    return try positions.narrow(axis: 0, start: 0, length: length)
  }
}
