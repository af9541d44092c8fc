import OrderedCollections
import Torch

/// A residual block of two 3×3 convolutions, which ends in a ReLU after the addition.
///
/// What no gradient needs is overwritten: the results of a normalisation, of a convolution that none follows and of an
/// addition by the ReLU or the addition that comes next.
final class CIFARBlock: Module {
  private let conv1: Convolution
  private let bn1: BatchNorm?
  private let conv2: Convolution
  private let bn2: BatchNorm?
  private let scalars: StemScalars
  private let stride: Int
  /// Channels that the shortcut gains.
  private let gained: Int

  init(
    _ inChannels: Int, _ channels: Int, stride: Int, style: ResidualStyle, normalised: Bool, device: Device
  ) throws(TorchError) {
    conv1 = try Conv2d(inChannels, channels, 3, stride: stride, padding: 1, bias: false, device: device)
    bn1 = normalised ? try BatchNorm(channels, device: device) : nil
    conv2 = try Conv2d(channels, channels, 3, padding: 1, bias: false, device: device)
    bn2 = normalised ? try BatchNorm(channels, device: device) : nil
    scalars = try StemScalars(style, device: device)
    self.stride = stride
    gained = channels - inChannels
  }

  var localParameters: OrderedDictionary<String, Tensor> { scalars.parameters }

  var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = ["conv1": conv1]
    all["bn1"] = bn1
    all["conv2"] = conv2
    all["bn2"] = bn2
    return all
  }

  /// - Parameter x: [N, inChannels, H, W]
  /// - Returns: [N, channels, H / stride, W / stride], each size rounded up.
  /// - Throws: `TorchError` for an input of another number of axes or channels.
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    let y_NCHW: Tensor
    switch scalars {
    case .none:
      let x_NCHW = try conv2(inner(x))
      if let bn2 { return try bn2.reLU(x_NCHW, adding: shortcut(x)) }
      y_NCHW = x_NCHW
      try y_NCHW.formAdd(shortcut(x))
    case .multiplier(_, let multiplier):
      var x_NCHW = try conv2(inner(x))
      if let bn2 { x_NCHW = try bn2(x_NCHW) }
      y_NCHW = try x_NCHW * multiplier
      try y_NCHW.formAdd(shortcut(x))
    case .fixup(let scalars):
      let shifted = try x + scalars.bias1a
      let middle = try conv1(shifted)
      try middle.formAdd(scalars.bias1b)
      try middle.formReLU()
      y_NCHW = try conv2(middle + scalars.bias2a) * scalars.scale
      try y_NCHW.formAdd(scalars.bias2b)
      try y_NCHW.formAdd(isResizing ? shortcut(shifted) : x)
    }
    try y_NCHW.formReLU()
    return y_NCHW
  }

  /// The first convolution, normalisation and nonlinearity.
  private func inner(_ x: Tensor) throws(TorchError) -> Tensor {
    let x_NCHW = try conv1(x)
    if let bn1 { return try bn1.reLU(x_NCHW) }
    try x_NCHW.formReLU()
    return x_NCHW
  }

  private var isResizing: Bool { stride != 1 || gained != 0 }

  /// The input; where sizes change, every second pixel of it ("option A") and new channels of zeros: half of them on
  /// each side, or for Fixup all of them after the old ones, as each one's own code has it. An average over windows
  /// of one pixel, as Fixup's code writes it, is that choice of pixels.
  private func shortcut(_ x: Tensor) throws(TorchError) -> Tensor {
    guard isResizing else { return x }
    let pixels = try subsample(x, by: stride)
    let before = if case .fixup = scalars { 0 } else { gained / 2 }
    return try pad(pixels, [0, 0, 0, 0, before, gained - before])
  }
}
