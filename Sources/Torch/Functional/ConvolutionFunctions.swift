import CTorch

// Convolutions as torch.nn.functional has them (cross-correlations). Legend: N batch, C channels, D H W positions.

/// x[N, C, L] with weight[O, C/groups, K].
public func conv1d(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
  groups: Int = 1
) throws(TorchError) -> Tensor {
  try convolution("conv1d", x, weight, bias, [stride], [padding], [dilation], groups)
}

/// x[N, C, H, W] with weight[O, C/groups, KH, KW]; every option for both axes.
public func conv2d(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
  groups: Int = 1
) throws(TorchError) -> Tensor {
  try conv2d(
    x, weight: weight, bias: bias, stride: (stride, stride), padding: (padding, padding),
    dilation: (dilation, dilation), groups: groups)
}

/// x[N, C, H, W] with weight[O, C/groups, KH, KW]; options for (height, width).
public func conv2d(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: (Int, Int), padding: (Int, Int) = (0, 0),
  dilation: (Int, Int) = (1, 1), groups: Int = 1
) throws(TorchError) -> Tensor {
  try convolution(
    "conv2d", x, weight, bias, [stride.0, stride.1], [padding.0, padding.1], [dilation.0, dilation.1], groups)
}

/// x[N, C, D, H, W] with weight[O, C/groups, KD, KH, KW]; every option for all three axes.
public func conv3d(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
  groups: Int = 1
) throws(TorchError) -> Tensor {
  let three = { (value: Int) in [Int](repeating: value, count: 3) }
  return try convolution("conv3d", x, weight, bias, three(stride), three(padding), three(dilation), groups)
}

/// The transpose of a two-dimensional convolution: x[N, C, H, W] with weight[C, O/groups, KH, KW].
public func convTranspose2d(
  _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
  groups: Int = 1, dilation: Int = 1
) throws(TorchError) -> Tensor {
  let two = { (value: Int) in [Int64](repeating: Int64(value), count: 2) }
  return try Tensor.make("convTranspose2d") {
    ct_nn_transposed_convolution(
      &$0, x.handle, weight.handle, bias?.handle, two(stride), two(padding), two(outputPadding), two(dilation), 2,
      Int64(groups))
  }.traced("aten.conv_transpose2d.input") {
    [
      .tensor(x), .tensor(weight), bias.map { .tensor($0) } ?? .none, .integers([stride, stride]),
      .integers([padding, padding]), .integers([outputPadding, outputPadding]), .integer(groups),
      .integers([dilation, dilation]),
    ]
  }
}

private func convolution(
  _ name: String, _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ stride: [Int], _ padding: [Int],
  _ dilation: [Int], _ groups: Int
) throws(TorchError) -> Tensor {
  try Tensor.make(name) { out in
    withInts(stride) { stride, axes in
      withInts(padding) { padding, _ in
        withInts(dilation) { dilation, _ in
          ct_nn_convolution(
            &out, x.handle, weight.handle, bias?.handle, stride, padding, dilation, axes, Int64(groups))
        }
      }
    }
  }.traced("aten.\(name).default") {
    [
      .tensor(x), .tensor(weight), bias.map { .tensor($0) } ?? .none, .integers(stride), .integers(padding),
      .integers(dilation), .integer(groups),
    ]
  }
}
