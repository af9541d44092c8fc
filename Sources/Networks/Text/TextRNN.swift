import OrderedCollections
import Torch

/// The recurrent convolutional network for texts (Lai et al., "Recurrent Convolutional Neural Networks for Text
/// Classification", 2015): to each word's vector its left and its right context, a layer with tanh over the three, the
/// largest value of each of its features over the text and a linear layer.
///
/// Parameters: `embedding.weight`; `rnn.weight_ih_l0` and `rnn.weight_hh_l0` for the left contexts, with `_reverse` behind
/// them for the right ones; `fc1.weight` and `fc1.bias` over [left context, word, right context]; `fc2.weight` and
/// `fc2.bias`. The paper that this library follows cites these authors and calls the network TextRNN, and says no more:
/// hence their own recurrence is the default.
public final class TextRNN: Module {
  /// What makes contexts of words.
  public enum Contexts: String, Codable, CaseIterable, Hashable, Sendable {
    /// The authors' equations (1) and (2): c_l(w_i) = tanh(W_l c_l(w_{i−1}) + W_sl e(w_{i−1})), without the word itself and
    /// without biases, and likewise from the right. What comes before the first and after the last word is zeros here; the
    /// authors train it.
    case elman
    /// The states of a bidirectional LSTM at the word, which it has read, as in re-implementations; with
    /// `rnn.bias_ih_l0`, `rnn.bias_hh_l0` and theirs of the other direction.
    case lstm
  }

  /// What makes contexts of words.
  public let contexts: Contexts
  private let embedding: Embedding
  private let rnn: Recurrent
  private let fc1, fc2: Linear
  private let dropout: Dropout?

  /// - Parameters:
  ///   - vocabulary: Words, padding (number 0) among them.
  ///   - width: Elements of a word vector.
  ///   - classes: Features out.
  ///   - contexts: What makes contexts of words.
  ///   - context: Features of a context; 50 there.
  ///   - hidden: Features of the layer over words and contexts; 100 there.
  ///   - dropout: What acts before the last layer in training; the authors mention none.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for a size below 1.
  public init(
    vocabulary: Int, width: Int, classes: Int, contexts: Contexts = .elman, context: Int = 50, hidden: Int = 100,
    dropout: Dropout? = nil, device: Device = .cpu
  ) throws(TorchError) {
    try [vocabulary, width, classes, context, hidden].checkWidths("TextRNN.init", least: 5)
    self.contexts = contexts
    embedding = try Embedding(vocabulary, width, paddingIndex: 0, device: device)
    rnn =
      contexts == .elman
      ? try RNN(width, context, bias: false, bidirectional: true, device: device)
      : try LSTM(width, context, bidirectional: true, device: device)
    fc1 = try Linear(2 * context + width, hidden, device: device)
    fc2 = try Linear(hidden, classes, device: device)
    self.dropout = dropout
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["embedding": embedding, "rnn": rnn, "fc1": fc1]
    all["dropout"] = dropout
    all["fc2"] = fc2
    return all
  }

  /// - Parameter x: Numbers of words, int64 [N, L], with 0 behind a sentence's last word.
  /// - Returns: The logits, [N, classes].
  /// - Throws: `TorchError` for an input of another kind, or a number outside of the vocabulary.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.checkWords("TextRNN")
    let places = try WordPlaces(x)
    let words_NLC = try embedding(x)
    let states = try rnn(words_NLC, lengths: places.lengths).split(every: rnn.hidden, axis: 2)
    var (left_NLC, right_NLC) = (states[0], states[1])
    if contexts == .elman {
      // A state has read its word; a context is the state before it. Beyond the last word states are zeros.
      left_NLC = try pad(left_NLC, [0, 0, 1, -1])
      right_NLC = try pad(right_NLC, [0, 0, -1, 1])
    }
    let hidden_NLC = try tanh(fc1(Tensor.concatenate([left_NLC, words_NLC, right_NLC], axis: 2)))
    // Below whatever tanh gives, so that no place without a word is the largest.
    let features_NC = try hidden_NLC.maskedFill(places.mask.not().unsqueezed(2), -2).max([1])
    return try fc2(dropout?.callAsFunction(features_NC) ?? features_NC)
  }
}
