import OrderedCollections
import Torch

/// BERT with the two heads of its pre-training (Devlin et al. 2019): what stands at hidden places, and whether the second
/// text follows the first.
///
/// Parameters have the names, order and shapes of `transformers`' `BertForPreTraining`. The word table is also the
/// decoder's weight (`cls.predictions.decoder.weight`), as there. In training all dropout draws from one generator, in the
/// order in which PyTorch's would.
public final class BERTForPreTraining: Module {
  /// The sizes.
  public let configuration: BERTConfiguration
  private let embeddings: BERTEmbeddings
  private let layers: [BERTLayer]
  private let pooler: Linear
  private let predictions: BERTPredictionHead
  private let nextSentence: Linear

  /// Zeros, to be filled by a plan or a checkpoint.
  ///
  /// - Parameters:
  ///   - configuration: The sizes.
  ///   - dropoutSeed: Where dropout's generator begins.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for sizes that do not fit together.
  public init(
    _ configuration: BERTConfiguration, dropoutSeed: UInt64 = 0, device: Device = .cpu
  ) throws(TorchError) {
    try configuration.check()
    self.configuration = configuration
    let generator = try Generator(seed: dropoutSeed, device: device)
    embeddings = try BERTEmbeddings(configuration, generator: generator, device: device)
    var layers: [BERTLayer] = []
    for _ in 0..<configuration.layers {
      layers.append(try BERTLayer(configuration, generator: generator, device: device))
    }
    self.layers = layers
    pooler = try Linear(configuration.width, configuration.width, device: device)
    predictions = try BERTPredictionHead(configuration, words: embeddings.words.weight, device: device)
    nextSentence = try Linear(configuration.width, 2, device: device)
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["bert.embeddings": embeddings]
    for (index, layer) in layers.enumerated() { all["bert.encoder.layer.\(index)"] = layer }
    all["bert.pooler.dense"] = pooler
    all["cls.predictions"] = predictions
    all["cls.seq_relationship"] = nextSentence
    return all
  }

  /// The words' logits at every place of texts of one segment, none of it filling.
  ///
  /// - Parameter ids_NL: Pieces, int64 [N, L].
  /// - Returns: [N, L, V]
  /// - Throws: `TorchError` for a text that is too long or a piece outside the vocabulary.
  public func callAsFunction(_ ids_NL: Tensor) throws(TorchError) -> Tensor {
    try predictions(encoded(BERTInput(ids: ids_NL)))
  }

  /// The logits of both heads.
  ///
  /// Where only some places are asked for, the others are left out before the head, whose product with all words is
  /// most of a small BERT's work.
  ///
  /// - Parameter input: Texts, and places to predict.
  /// - Returns: The words' logits, [N · P, V] for P places a text or [N · L, V] if all are asked for; and [N, 2]: whether
  ///   the second text follows the first (class 0) or is from elsewhere (class 1).
  /// - Throws: `TorchError` for shapes that do not fit or a piece outside the vocabulary.
  public func predict(_ input: BERTInput) throws(TorchError) -> (words: Tensor, next: Tensor) {
    let x_NLC = try encoded(input)
    let shape = x_NLC.shape
    var asked_MC = try x_NLC.view([shape[0] * shape[1], shape[2]])
    if let positions_NP = input.positions {
      asked_MC = try asked_MC.indexSelect(axis: 0, flat(positions_NP, length: shape[1]))
    }
    return (try predictions(asked_MC), try next(of: x_NLC))
  }

  /// The second head alone: [N, 2].
  func next(_ input: BERTInput) throws(TorchError) -> Tensor { try next(of: encoded(input)) }

  private func next(of x_NLC: Tensor) throws(TorchError) -> Tensor {
    try nextSentence(tanh(pooler(x_NLC.select(axis: 1, 0))))
  }

  private func encoded(_ input: BERTInput) throws(TorchError) -> Tensor {
    var x_NLC = try embeddings(input.ids, segments: input.segments)
    let mask = try additive(input.mask)
    for layer in layers { x_NLC = try layer(x_NLC, mask: mask) }
    return x_NLC
  }

  /// What is added to scores: 0 for text, the most negative number for filling; [N, 1, 1, L].
  private func additive(_ mask_NL: Tensor?) throws(TorchError) -> Tensor? {
    guard let mask_NL else { return nil }
    let zeros = try Tensor.zeros(mask_NL.shape, device: mask_NL.device)
    return try zeros.maskedFill(mask_NL.eq(0), -Double(Float.greatestFiniteMagnitude)).unsqueezed(1).unsqueezed(1)
  }

  /// Places of each text as places of all texts, one after the other.
  private func flat(_ positions_NP: Tensor, length: Int) throws(TorchError) -> Tensor {
    let count = positions_NP.shape.first ?? 0
    let starts_N1 = try Tensor.arange(to: Double(count), device: positions_NP.device).unsqueezed(1) * Double(length)
    return try (positions_NP + starts_N1).flattened()
  }
}

/// Texts as ``BERTForPreTraining`` takes them. N texts, L places, P places to predict; all int64.
public struct BERTInput {
  /// Pieces, [N, L].
  public var ids: Tensor
  /// 0 for the first text and 1 for the second, [N, L]; all 0 if absent.
  public var segments: Tensor?
  /// 1 for text and 0 for filling, [N, L]; all text if absent.
  public var mask: Tensor?
  /// Places whose words are predicted, [N, P]; all if absent.
  public var positions: Tensor?

  /// Texts, and what is known of them.
  public init(ids: Tensor, segments: Tensor? = nil, mask: Tensor? = nil, positions: Tensor? = nil) {
    (self.ids, self.segments, self.mask, self.positions) = (ids, segments, mask, positions)
  }

  /// What is there, under the names that `transformers` has for it.
  var named: [(name: String, tensor: Tensor)] {
    [
      ("input_ids", ids as Tensor?), ("token_type_ids", segments), ("attention_mask", mask), ("positions", positions),
    ].compactMap { name, tensor in tensor.map { (name, $0) } }
  }
}
