import OrderedCollections
import Torch

/// The all-convolutional network All-CNN-C (Springenberg et al., "Striving for Simplicity", 2015, Table 1): nine
/// convolutions `conv1` … `conv9` and the mean over all positions. Two of them take every second pixel in place of
/// pooling; there is no linear layer, no shortcut and no normalisation.
///
/// Every 3×3 convolution is padded, `conv7` too (an 8×8 map is averaged; the original's is 6×6), and a ReLU follows
/// each but the last. The paper of IDInit names neither dropout nor normalisation for it, so there is none.
public final class AllConvNet: Module {
  private let convolutions: [Convolution]
  private let isAveraged: Bool

  /// - Parameters:
  ///   - classes: Features out.
  ///   - inChannels: Channels in.
  ///   - averaged: Whether the scores are averaged over all positions; if not, there is a set of them at each.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for a number below 1.
  public init(
    classes: Int = 10, inChannels: Int = 3, averaged: Bool = true, device: Device = .cpu
  ) throws(TorchError) {
    isAveraged = averaged
    try [inChannels, classes].checkWidths("AllConvNet.init", least: 2)
    let layers: [(channels: Int, window: Int, stride: Int)] = [
      (96, 3, 1), (96, 3, 1), (96, 3, 2),
      (192, 3, 1), (192, 3, 1), (192, 3, 2),
      (192, 3, 1), (192, 1, 1), (classes, 1, 1),
    ]
    var convolutions: [Convolution] = []
    var channels = inChannels
    for layer in layers {
      convolutions.append(
        try Conv2d(
          channels, layer.channels, layer.window, stride: layer.stride, padding: layer.window / 2, device: device))
      channels = layer.channels
    }
    self.convolutions = convolutions
  }

  public var submodules: OrderedDictionary<String, any Module> {
    OrderedDictionary(uniqueKeysWithValues: convolutions.enumerated().map { ("conv\($0 + 1)", $1 as any Module) })
  }

  /// - Parameter x: [N, inChannels, H, W]; the data sets' images are 32×32, and any other size will do.
  /// - Returns: The logits, [N, classes], or [N, classes, H / 4, W / 4] (rounded up) where they are not averaged.
  /// - Throws: `TorchError` for an input of another number of axes or channels.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var x_NCHW = x
    for (index, convolution) in convolutions.enumerated() {
      x_NCHW = try convolution(x_NCHW)
      if index < convolutions.count - 1 { try x_NCHW.formReLU() }
    }
    return isAveraged ? try x_NCHW.mean([2, 3]) : x_NCHW
  }
}
