import OrderedCollections
import Torch

/// An encoder layer of BERT: attention and two linear layers, each added to what it took and normalised after that.
final class BERTLayer: Module {
  private let attention: BERTSelfAttention
  private let attended: BERTBlockEnd
  private let intermediate: Linear
  private let output: BERTBlockEnd

  init(_ configuration: BERTConfiguration, generator: Generator, device: Device) throws(TorchError) {
    let (width, inner) = (configuration.width, configuration.intermediateWidth)
    attention = try BERTSelfAttention(configuration, generator: generator, device: device)
    attended = try BERTBlockEnd(width, configuration, generator: generator, device: device)
    intermediate = try Linear(width, inner, device: device)
    output = try BERTBlockEnd(inner, configuration, generator: generator, device: device)
  }

  var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["attention.self": attention]
    for (name, module) in attended.modules { all["attention.output.\(name)"] = module }
    all["intermediate.dense"] = intermediate
    for (name, module) in output.modules { all["output.\(name)"] = module }
    return all
  }

  func callAsFunction(_ x_NLC: Tensor) throws(TorchError) -> Tensor { try self(x_NLC, mask: nil) }

  /// - Parameters:
  ///   - x_NLC: [N, L, width]
  ///   - mask: What is added to the attention's scores, broadcast to [N, heads, L, L].
  /// - Returns: [N, L, width]
  /// - Throws: `TorchError` for shapes that do not fit.
  func callAsFunction(_ x_NLC: Tensor, mask: Tensor?) throws(TorchError) -> Tensor {
    let attended_NLC = try attended(attention(x_NLC, mask: mask), shortcut: x_NLC)
    return try output(gelu(intermediate(attended_NLC)), shortcut: attended_NLC)
  }
}

/// How both residual blocks of a layer end: a linear layer, dropout, the shortcut, a normalisation.
private struct BERTBlockEnd {
  private let dense: Linear
  private let norm: LayerNorm
  private let dropout: Dropout

  init(
    _ inWidth: Int, _ configuration: BERTConfiguration, generator: Generator, device: Device
  ) throws(TorchError) {
    dense = try Linear(inWidth, configuration.width, device: device)
    norm = try LayerNorm(configuration.width, epsilon: configuration.normEpsilon, device: device)
    dropout = Dropout(configuration.dropout, generator: generator)
  }

  var modules: OrderedDictionary<String, any Module> { ["dense": dense, "LayerNorm": norm, "dropout": dropout] }

  func callAsFunction(_ x_NLC: Tensor, shortcut: Tensor) throws(TorchError) -> Tensor {
    let y_NLC = try dropout(dense(x_NLC))
    try y_NLC.formAdd(shortcut)
    return try norm(y_NLC)
  }
}
