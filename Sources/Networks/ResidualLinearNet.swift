import OrderedCollections
import Torch

/// Residual blocks of two linear layers each, x + fc2(σ(fc1(x))) with a nonlinearity after the addition: the block of
/// the paper's Figure 1 and Eq. (1), between a first layer and a classifier.
///
/// Parameters: `stem`, `blocks.0.fc1`, `blocks.0.fc2`, …, `head`. Without a hidden layer a block is x + fc2(x), which has
/// one weight: Figure 2's "Identity-1".
public final class ResidualLinearNet: Module {
  private let stem: Linear
  private let blocks: [ResidualLinearBlock]
  private let head: Linear
  private let nonlinearity: Nonlinearity

  /// - Parameters:
  ///   - inputs: Features in.
  ///   - width: Features of every block's input and output.
  ///   - hidden: Features between a block's two layers; nil for blocks of one layer.
  ///   - depth: How many blocks.
  ///   - classes: Features out.
  ///   - nonlinearity: σ, and what acts after the first layer and after each addition.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for a number below 1 (0 blocks are allowed).
  public init(
    inputs: Int, width: Int, hidden: Int?, depth: Int, classes: Int, nonlinearity: Nonlinearity, device: Device = .cpu
  ) throws(TorchError) {
    try [inputs, width, hidden ?? 1, classes].checkWidths("ResidualLinearNet", least: 4)
    self.nonlinearity = nonlinearity
    stem = try Linear(inputs, width, device: device)
    var blocks: [ResidualLinearBlock] = []
    for _ in 0..<Swift.max(depth, 0) {
      blocks.append(try ResidualLinearBlock(width: width, hidden: hidden, nonlinearity: nonlinearity, device: device))
    }
    self.blocks = blocks
    head = try Linear(width, classes, device: device)
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["stem": stem]
    for (index, block) in blocks.enumerated() { all["blocks.\(index)"] = block }
    all["head"] = head
    return all
  }

  /// - Parameter x: [N, …], flattened to [N, inputs].
  /// - Returns: The logits, [N, classes].
  /// - Throws: `TorchError` for an input of another width.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var x_NF = try nonlinearity(stem(x.shape.count > 2 ? x.flattened(from: 1) : x))
    for block in blocks { x_NF = try block(x_NF) }
    return try head(x_NF)
  }
}

/// σ(x + fc2(σ(fc1(x)))), or σ(x + fc2(x)) without a hidden layer.
final class ResidualLinearBlock: Module {
  private let fc1: Linear?
  private let fc2: Linear
  private let nonlinearity: Nonlinearity

  init(width: Int, hidden: Int?, nonlinearity: Nonlinearity, device: Device) throws(TorchError) {
    if let hidden { fc1 = try Linear(width, hidden, device: device) } else { fc1 = nil }
    fc2 = try Linear(hidden ?? width, width, device: device)
    self.nonlinearity = nonlinearity
  }

  var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = [:]
    all["fc1"] = fc1
    all["fc2"] = fc2
    return all
  }

  /// - Parameter x: [N, width]
  /// - Returns: [N, width]
  /// - Throws: `TorchError` for an input of another width.
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var hidden_NF = x
    if let fc1 { hidden_NF = try nonlinearity(fc1(x)) }
    return try nonlinearity(x + fc2(hidden_NF))
  }
}
