import CTorch

// The last axes of x[N, C, …] are the positions; as many as the window has.

/// The largest element of each window of x[N, C, L].
public func maxPool1d(
  _ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
) throws(TorchError) -> Tensor {
  try maxPool("max_pool1d", x, axes: 1, window, stride, padding, dilation, ceilMode)
}

/// The largest element of each window of x[N, C, H, W]. `stride` is the window's size if absent.
public func maxPool2d(
  _ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
) throws(TorchError) -> Tensor {
  try maxPool("max_pool2d", x, axes: 2, window, stride, padding, dilation, ceilMode)
}

/// The largest element of each window of x[N, C, D, H, W].
public func maxPool3d(
  _ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
) throws(TorchError) -> Tensor {
  try maxPool("max_pool3d", x, axes: 3, window, stride, padding, dilation, ceilMode)
}

/// The mean of each window of x[N, C, L].
public func avgPool1d(
  _ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false, countPadding: Bool = true
) throws(TorchError) -> Tensor {
  try averagePool("avg_pool1d", x, axes: 1, window, stride, padding, ceilMode, countPadding)
}

/// The mean of each window of x[N, C, H, W]. `countPadding` counts the zeros of the padding, as PyTorch does.
public func avgPool2d(
  _ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false, countPadding: Bool = true
) throws(TorchError) -> Tensor {
  try averagePool("avg_pool2d", x, axes: 2, window, stride, padding, ceilMode, countPadding)
}

/// The mean of each window of x[N, C, D, H, W].
public func avgPool3d(
  _ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false, countPadding: Bool = true
) throws(TorchError) -> Tensor {
  try averagePool("avg_pool3d", x, axes: 3, window, stride, padding, ceilMode, countPadding)
}

/// Means over as many windows as `size` asks for; `[1]`, `[1, 1]` or `[1, 1, 1]` is global pooling.
public func adaptiveAvgPool(_ x: Tensor, size: [Int]) throws(TorchError) -> Tensor {
  try Tensor.make("adaptiveAvgPool") { out in
    withInts(size) { ct_nn_adaptive_average_pool(&out, x.handle, $0, $1) }
  }.traced("aten.adaptive_avg_pool\(size.count)d.default") { [.tensor(x), .integers(size)] }
}

/// Means over height × width windows of x[N, C, H, W]; 1 × 1 is global pooling.
public func adaptiveAvgPool2d(_ x: Tensor, height: Int = 1, width: Int = 1) throws(TorchError) -> Tensor {
  try adaptiveAvgPool(x, size: [height, width])
}

/// Maxima over as many windows as `size` asks for.
public func adaptiveMaxPool(_ x: Tensor, size: [Int]) throws(TorchError) -> Tensor {
  try Tensor.make("adaptiveMaxPool") { out in
    withInts(size) { ct_nn_adaptive_max_pool(&out, x.handle, $0, $1) }
  }.traced("aten.adaptive_max_pool\(size.count)d.default") { [.tensor(x), .integers(size)] }
}

private func maxPool(
  _ name: String, _ x: Tensor, axes: Int, _ window: Int, _ stride: Int?, _ padding: Int, _ dilation: Int,
  _ ceilMode: Bool
) throws(TorchError) -> Tensor {
  let stride = stride ?? window
  let each = { (value: Int) in [Int64](repeating: Int64(value), count: axes) }
  return try Tensor.make(name) {
    ct_nn_max_pool(&$0, x.handle, each(window), each(stride), each(padding), each(dilation), axes, ceilMode)
  }.traced("aten.\(name).default") {
    [window, stride, padding, dilation].reduce(into: [.tensor(x)]) {
      $0.append(.integers([Int](repeating: $1, count: axes)))
    } + [.boolean(ceilMode)]
  }
}

private func averagePool(
  _ name: String, _ x: Tensor, axes: Int, _ window: Int, _ stride: Int?, _ padding: Int, _ ceilMode: Bool,
  _ countPadding: Bool
) throws(TorchError) -> Tensor {
  let stride = stride ?? window
  let each = { (value: Int) in [Int64](repeating: Int64(value), count: axes) }
  return try Tensor.make(name) {
    ct_nn_average_pool(&$0, x.handle, each(window), each(stride), each(padding), axes, ceilMode, countPadding)
  }.traced("aten.\(name).default") {
    [window, stride, padding].reduce(into: [.tensor(x)]) {
      $0.append(.integers([Int](repeating: $1, count: axes)))
    } + [.boolean(ceilMode), .boolean(countPadding)]
  }
}

/// Every `stride`-th row and column of images, from the first on: `x[:, :, ::stride, ::stride]`.
///
/// Computed as an average over windows of one pixel, which is that choice of pixels and, unlike slices, has a gradient
/// that keeps the layout of `x`; a trace of the network (``GraphTracer``) shows the slices.
///
/// - Parameters:
///   - x: [N, C, H, W], of a floating-point type.
///   - stride: 1 or more.
/// - Returns: [N, C, ⌈H / stride⌉, ⌈W / stride⌉], with memory of its own or, when traced, a view.
/// - Throws: ``TorchError`` for another number of axes or a stride below 1.
public func subsample(_ x: Tensor, by stride: Int) throws(TorchError) -> Tensor {
  guard ct_tracer() == nil else { return try x.slice(axis: 2, by: stride).slice(axis: 3, by: stride) }
  return try avgPool2d(x, window: 1, stride: stride)
}
