import OrderedCollections
import Torch

/// Residual blocks of two layers and no classifier, to watch a signal pass through them (Appendix C.2): linear ones
/// ("ResFC"), or convolutions of one width behind a convolution that makes the channels ("ResConv").
///
/// Parameters: `blocks.0.fc1`, `blocks.0.fc2`, …; `entry`, `blocks.0.conv1`, `blocks.0.conv2`, ….
public final class ResidualStack: Module {
  private let entry: Convolution?
  private let blocks: [any Module]

  /// x + fc2(fc1(x)) again and again, all layers square.
  ///
  /// - Parameters:
  ///   - width: Features everywhere.
  ///   - depth: Blocks.
  ///   - nonlinearity: What acts after each layer; `linear` in the paper.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for a number below 1.
  public init(width: Int, depth: Int, nonlinearity: Nonlinearity, device: Device = .cpu) throws(TorchError) {
    try [width, depth].checkWidths("ResidualStack.init", least: 2)
    entry = nil
    var blocks: [any Module] = []
    for _ in 0..<depth {
      blocks.append(try ResidualLinearBlock(width: width, hidden: width, nonlinearity: nonlinearity, device: device))
    }
    self.blocks = blocks
  }

  /// relu(x + conv2(relu(conv1(x)))) again and again behind a 3×3 convolution and its ReLU; no normalisation.
  ///
  /// - Parameters:
  ///   - channels: Of every convolution.
  ///   - inChannels: Channels in.
  ///   - depth: Blocks.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for a number below 1.
  public init(channels: Int, inChannels: Int = 3, depth: Int, device: Device = .cpu) throws(TorchError) {
    try [channels, inChannels, depth].checkWidths("ResidualStack.init", least: 3)
    entry = try Conv2d(inChannels, channels, 3, padding: 1, bias: false, device: device)
    var blocks: [any Module] = []
    for _ in 0..<depth {
      blocks.append(
        try CIFARBlock(channels, channels, stride: 1, style: .plain, normalised: false, device: device))
    }
    self.blocks = blocks
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = [:]
    all["entry"] = entry
    for (index, block) in blocks.enumerated() { all["blocks.\(index)"] = block }
    return all
  }

  /// - Parameter x: [N, width], or [N, inChannels, H, W].
  /// - Returns: What the last block makes: [N, width], or [N, channels, H, W].
  /// - Throws: `TorchError` for an input of another shape.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var x = x
    if let entry {
      x = try entry(x)
      try x.formReLU()
    }
    for block in blocks { x = try block(x) }
    return x
  }
}
