import OrderedCollections

/// A convolution over one, two or three axes (`torch.nn.Conv1d`, `Conv2d`, `Conv3d`), every option the same for all
/// axes.
public final class Convolution: Module {
  /// [out, in/groups, window…]
  public let weight: Tensor
  /// [out]
  public let bias: Tensor?
  /// Steps of the window, in elements.
  public let stride: Int
  /// Zeros added on each side.
  public let padding: Int
  /// Distance of the window's elements.
  public let dilation: Int
  /// Parts that channels are split into, each with kernels of its own.
  public let groups: Int
  /// The number of axes that the window slides along.
  public let spatialAxes: Int

  /// Zeros, to be filled by a plan. `window` is the kernel's size along each spatial axis; 1 to 3 of them.
  ///
  /// - Throws: ``TorchError`` for another number of axes, or channels that `groups` does not divide.
  public init(
    _ inChannels: Int, _ outChannels: Int, window: [Int], stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1, bias: Bool = true, dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) {
    guard (1...3).contains(window.count) else {
      throw TorchError(
        kind: .argument, operation: "Convolution.init",
        message: "a window of 1, 2 or 3 axes, not \(window.count)")
    }
    guard groups > 0, inChannels % groups == 0, outChannels % groups == 0 else {
      throw TorchError(
        kind: .argument, operation: "Convolution.init",
        message: "\(groups) groups do not divide \(inChannels) input and \(outChannels) output channels")
    }
    (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
    spatialAxes = window.count
    weight = try Tensor.zeros([outChannels, inChannels / groups] + window, dtype: dtype, device: device)
      .settingRequiresGrad()
    self.bias = bias ? try Tensor.zeros([outChannels], dtype: dtype, device: device).settingRequiresGrad() : nil
  }

  public var localParameters: OrderedDictionary<String, Tensor> { .weightAndBias(weight, bias) }

  /// - Parameter x: [N, in, positions…]
  /// - Returns: [N, out, positions…]
  /// - Throws: ``TorchError`` for an input that does not fit.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    switch spatialAxes {
    case 1:
      try conv1d(
        x, weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    case 2:
      try conv2d(
        x, weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    default:
      try conv3d(
        x, weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
  }
}

/// A convolution of images with a square window (`torch.nn.Conv2d`).
public func Conv2d(
  _ inChannels: Int, _ outChannels: Int, _ window: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
  groups: Int = 1, bias: Bool = true, dtype: DType = .float32, device: Device = .cpu
) throws(TorchError) -> Convolution {
  try Convolution(
    inChannels, outChannels, window: [window, window], stride: stride, padding: padding, dilation: dilation,
    groups: groups, bias: bias, dtype: dtype, device: device)
}
