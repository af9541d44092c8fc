import OrderedCollections
import Torch

/// The residual network for 32×32 images (He et al., "Deep Residual Learning", 2016, Section 4.2): a 3×3 convolution,
/// three stages of n blocks with 16, 32 and 64 channels, the mean over all positions and a linear layer; 6n + 2 layers.
///
/// Shortcuts have no weights ("option A"), as in the networks of 0.27 (20 layers) to 1.7 million parameters (110) that
/// CIFAR-10 results are reported for. Parameters have the names of akamaster's `pytorch_resnet_cifar10`: `conv1`,
/// `bn1`, `layer1.0.conv1`, `layer1.0.bn1`, …, `linear`. What differs between styles is the block's end:
///
/// - `plain`: `relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))`.
/// - `fixup`: the scalars of Fixup's own code and none of the normalisations: `bias1a`, `bias1b`, `bias2a`, `scale` and
///   `bias2b` in every block, `bias1` after the first convolution and `bias2` before the last layer, each of shape [1].
/// - `skipinit`: the scalar `skip_gain`, of shape [], multiplies the stem. Convolutions have no biases, as in its
///   authors' released code; the block stays as above, while theirs puts the nonlinearity first.
/// - `rezero`: the scalar `resweight`, of shape [1], multiplies the stem.
///
/// The scalars start as the methods want them (1 for `scale`, else 0); all weights are zeros until a plan fills them.
public final class CIFARResNet: Module {
  /// Layers with weights on the longest path: 6n + 2.
  public let depth: Int
  /// What the residual blocks are like.
  public let style: ResidualStyle
  /// Whether batch normalisation follows the convolutions.
  public let isNormalised: Bool
  private let conv1: Convolution
  private let bn1: BatchNorm?
  private let blocks: OrderedDictionary<String, CIFARBlock>
  private let linear: Linear
  /// Fixup's, after the first convolution and before the last layer.
  private let biases: (first: Tensor, last: Tensor)?

  /// - Parameters:
  ///   - depth: 6n + 2, n ≥ 1: the weights on the longest path.
  ///   - style: What blocks do to their stems.
  ///   - normalised: Whether a batch normalisation follows every convolution. Fixup takes none.
  ///   - classes: Features out.
  ///   - inChannels: Channels in.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for another depth, Fixup with normalisation, or a size below 1.
  public init(
    depth: Int, style: ResidualStyle = .plain, normalised: Bool = true, classes: Int = 10, inChannels: Int = 3,
    device: Device = .cpu
  ) throws(TorchError) {
    guard depth >= 8, depth % 6 == 2 else {
      throw TorchError(
        kind: .argument, operation: "CIFARResNet.init",
        message: "depth is \(depth); expected 6n + 2 with n ≥ 1, such as 20, 32, 56 or 110")
    }
    guard !(style == .fixup && normalised) else {
      throw TorchError(
        kind: .argument, operation: "CIFARResNet.init",
        message: "Fixup takes the place of normalisation; expected normalised: false")
    }
    try [inChannels, classes].checkWidths("CIFARResNet.init", least: 2)
    (self.depth, self.style, isNormalised) = (depth, style, normalised)
    let widths = [16, 32, 64]
    conv1 = try Conv2d(inChannels, widths[0], 3, padding: 1, bias: false, device: device)
    bn1 = normalised ? try BatchNorm(widths[0], device: device) : nil
    var blocks: OrderedDictionary<String, CIFARBlock> = [:]
    var channels = widths[0]
    for (stage, width) in widths.enumerated() {
      for index in 0..<(depth - 2) / 6 {
        blocks["layer\(stage + 1).\(index)"] = try CIFARBlock(
          channels, width, stride: width == channels ? 1 : 2, style: style, normalised: normalised, device: device)
        channels = width
      }
    }
    self.blocks = blocks
    linear = try Linear(channels, classes, device: device)
    biases =
      style == .fixup
      ? (try .trainable([1], 0, device: device), try .trainable([1], 0, device: device)) : nil
  }

  public var localParameters: OrderedDictionary<String, Tensor> {
    biases.map { ["bias1": $0.first, "bias2": $0.last] } ?? [:]
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["conv1": conv1]
    all["bn1"] = bn1
    for (name, block) in blocks { all[name] = block }
    all["linear"] = linear
    return all
  }

  /// - Parameter x: [N, inChannels, H, W]; the data sets' images are 32×32, and any other size will do.
  /// - Returns: The logits, [N, classes].
  /// - Throws: `TorchError` for an input of another number of axes or channels.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var x_NCHW = try conv1(x)
    if let bn1 {
      x_NCHW = try bn1.reLU(x_NCHW)
    } else {
      if let biases { try x_NCHW.formAdd(biases.first) }
      try x_NCHW.formReLU()
    }
    for block in blocks.values { x_NCHW = try block(x_NCHW) }
    let features_NC = try x_NCHW.mean([2, 3])
    if let biases { try features_NC.formAdd(biases.last) }
    return try linear(features_NC)
  }
}
