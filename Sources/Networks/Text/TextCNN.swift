import OrderedCollections
import Torch

/// The convolutional network for sentences (Kim, "Convolutional Neural Networks for Sentence Classification", 2014):
/// word vectors, convolutions over windows of 3, 4 and 5 words with 100 feature maps each and ReLU, the largest value of
/// each map over the sentence, dropout and a linear layer.
///
/// Parameters: `embedding.weight`, `convs.0.weight`, `convs.0.bias`, …, `fc.weight`, `fc.bias`. A word vector's elements
/// are the channels of a one-dimensional convolution, whose weight is [maps, width, window]. Code that slides a
/// two-dimensional window [maps, 1, window, width] over the sentence computes the same with the last two axes exchanged;
/// IDInit's identity, which runs over the columns, then lies elsewhere: channel-first on the one is window-first on the
/// other.
///
/// Zeros stand on both sides of a sentence, one window's length of them. A window that lies in them altogether gives
/// relu(bias), so that this takes part in every largest value and no batch that is padded further changes an answer. It is
/// what the author's code computes, which writes 4 zeros on both sides (one less than the largest window) and more behind
/// all but the longest sentence; only there the window of 5 has no such place.
public final class TextCNN: Module {
  /// Words that each convolution looks at.
  public let windows: [Int]
  private let embedding: Embedding
  private let convolutions: [Convolution]
  private let dropout: Dropout?
  private let fc: Linear

  /// - Parameters:
  ///   - vocabulary: Words, padding (number 0) among them.
  ///   - width: Elements of a word vector.
  ///   - classes: Features out.
  ///   - windows: Words that each convolution looks at.
  ///   - maps: Feature maps of each.
  ///   - dropout: What acts before the last layer in training; the author's has a probability of 0.5.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for a size below 1, or no window.
  public init(
    vocabulary: Int, width: Int, classes: Int, windows: [Int] = [3, 4, 5], maps: Int = 100, dropout: Dropout?,
    device: Device = .cpu
  ) throws(TorchError) {
    try ([vocabulary, width, classes, maps] + windows).checkWidths("TextCNN.init", least: 5)
    self.windows = windows
    embedding = try Embedding(vocabulary, width, paddingIndex: 0, device: device)
    var convolutions: [Convolution] = []
    for window in windows {
      convolutions.append(try Convolution(width, maps, window: [window], padding: window, device: device))
    }
    self.convolutions = convolutions
    self.dropout = dropout
    fc = try Linear(maps * windows.count, classes, device: device)
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["embedding": embedding]
    for (index, convolution) in convolutions.enumerated() { all["convs.\(index)"] = convolution }
    all["dropout"] = dropout
    all["fc"] = fc
    return all
  }

  /// - Parameter x: Numbers of words, int64 [N, L], with 0 (whose vector is zeros) behind a sentence's last word.
  /// - Returns: The logits, [N, classes].
  /// - Throws: `TorchError` for an input of another kind, or a number outside of the vocabulary.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.checkWords("TextCNN")
    let words_NCL = try embedding(x).transposed(1, 2)
    var features: [Tensor] = []
    for convolution in convolutions { features.append(try relu(convolution(words_NCL)).max([2])) }
    let features_NC = try Tensor.concatenate(features, axis: 1)
    return try fc(dropout?.callAsFunction(features_NC) ?? features_NC)
  }
}
