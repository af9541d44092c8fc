import OrderedCollections
import Torch

/// Residual blocks of two linear layers each, x + fc2(σ(fc1(x))) with a nonlinearity after the addition: the block of
/// the paper's Figure 1 and Eq. (1), between a first layer and a classifier.
///
/// Parameters: `stem`, `blocks.0.fc1`, `blocks.0.fc2`, …, `head`.
public final class ResidualLinearNet: Module {
  private let stem: Linear
  private let blocks: [Block]
  private let head: Linear
  private let nonlinearity: Nonlinearity

  /// - Parameters:
  ///   - inputs: Features in.
  ///   - width: Features of every block's input and output.
  ///   - hidden: Features between a block's two layers.
  ///   - depth: How many blocks.
  ///   - classes: Features out.
  ///   - nonlinearity: σ, and what acts after the first layer and after each addition.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for a number below 1 (0 blocks are allowed).
  public init(
    inputs: Int, width: Int, hidden: Int, depth: Int, classes: Int, nonlinearity: Nonlinearity, device: Device = .cpu
  ) throws(TorchError) {
    try [inputs, width, hidden, classes].checkWidths("ResidualLinearNet", least: 4)
    self.nonlinearity = nonlinearity
    stem = try Linear(inputs, width, device: device)
    var blocks: [Block] = []
    for _ in 0..<Swift.max(depth, 0) {
      blocks.append(try Block(width: width, hidden: hidden, nonlinearity: nonlinearity, device: device))
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

  private final class Block: Module {
    let fc1: Linear
    let fc2: Linear
    let nonlinearity: Nonlinearity

    init(width: Int, hidden: Int, nonlinearity: Nonlinearity, device: Device) throws(TorchError) {
      fc1 = try Linear(width, hidden, device: device)
      fc2 = try Linear(hidden, width, device: device)
      self.nonlinearity = nonlinearity
    }

    var submodules: OrderedDictionary<String, any Module> { ["fc1": fc1, "fc2": fc2] }

    func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
      try nonlinearity(x + fc2(nonlinearity(fc1(x))))
    }
  }
}
