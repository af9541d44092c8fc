import OrderedCollections
import Torch

/// A residual network with one long stem: two 3×3 convolutions, a residual block of many 3×3 convolutions without
/// normalisation, the mean over all positions and a linear layer (Appendix C.5: "Res-112", 109 layers in the stem).
///
/// Table 9, which has its widths, did not survive in the text of the paper. Here every convolution has 16 channels and a
/// ReLU after it, but for the stem's last, whose ReLU follows the addition; `conv2` takes every second pixel.
/// Parameters: `conv1`, `conv2`, `stem.0` … `stem.108`, `linear`: 112 weights in all.
public final class LongStemNet: Module {
  private let conv1: Convolution
  private let conv2: Convolution
  private let stem: [Convolution]
  private let linear: Linear

  /// - Parameters:
  ///   - stemDepth: Convolutions of the stem.
  ///   - width: Channels of every convolution.
  ///   - classes: Features out.
  ///   - inChannels: Channels in.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for a number below 1.
  public init(
    stemDepth: Int = 109, width: Int = 16, classes: Int = 10, inChannels: Int = 3, device: Device = .cpu
  ) throws(TorchError) {
    try [stemDepth, width, classes, inChannels].checkWidths("LongStemNet.init", least: 4)
    conv1 = try Conv2d(inChannels, width, 3, padding: 1, bias: false, device: device)
    conv2 = try Conv2d(width, width, 3, stride: 2, padding: 1, bias: false, device: device)
    var stem: [Convolution] = []
    for _ in 0..<stemDepth { stem.append(try Conv2d(width, width, 3, padding: 1, bias: false, device: device)) }
    self.stem = stem
    linear = try Linear(width, classes, device: device)
  }

  public var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["conv1": conv1, "conv2": conv2]
    for (index, convolution) in stem.enumerated() { all["stem.\(index)"] = convolution }
    all["linear"] = linear
    return all
  }

  /// - Parameter x: [N, inChannels, H, W]
  /// - Returns: The logits, [N, classes].
  /// - Throws: `TorchError` for an input of another number of axes or channels.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    let first_NCHW = try relu(conv2(relu(conv1(x))))
    var x_NCHW = first_NCHW
    for (index, convolution) in stem.enumerated() {
      x_NCHW = try convolution(x_NCHW)
      if index < stem.count - 1 { x_NCHW = try relu(x_NCHW) }
    }
    return try linear(try relu(x_NCHW + first_NCHW).mean([2, 3]))
  }
}
