import CTorch

// Over all axes when `axes` is nil; `keepAxes` leaves the reduced axes with size 1.

extension Tensor {
  private func reduce(
    _ code: ct_reduction, _ axes: [Int]?, _ keep: Bool, _ name: String, _ aten: String, _ atenOfAxes: String
  ) throws(TorchError) -> Tensor {
    try Tensor.make(name) { out in
      guard let axes else { return ct_tensor_reduce(&out, code, handle, nil, 0, keep) }
      return withAxes(axes) { ct_tensor_reduce(&out, code, handle, $0, $1, keep) }
    }.traced(axes == nil ? aten : atenOfAxes) {
      axes.map { [.tensor(self), .integers($0), .boolean(keep)] } ?? [.tensor(self)]
    }
  }

  /// The sum over these axes, or over all.
  public func sum(_ axes: [Int]? = nil, keepAxes: Bool = false) throws(TorchError) -> Tensor {
    try reduce(CT_SUM, axes, keepAxes, "Tensor.sum", "aten.sum.default", "aten.sum.dim_IntList")
  }
  /// The mean over these axes, or over all.
  public func mean(_ axes: [Int]? = nil, keepAxes: Bool = false) throws(TorchError) -> Tensor {
    try reduce(CT_MEAN, axes, keepAxes, "Tensor.mean", "aten.mean.default", "aten.mean.dim")
  }
  /// The largest element over these axes, or of all.
  public func max(_ axes: [Int]? = nil, keepAxes: Bool = false) throws(TorchError) -> Tensor {
    try reduce(CT_MAX, axes, keepAxes, "Tensor.max", "aten.max.default", "aten.amax.default")
  }
  /// The smallest element over these axes, or of all.
  public func min(_ axes: [Int]? = nil, keepAxes: Bool = false) throws(TorchError) -> Tensor {
    try reduce(CT_MIN, axes, keepAxes, "Tensor.min", "aten.min.default", "aten.amin.default")
  }
  /// Whether any element over these axes, or of all, holds.
  public func any(_ axes: [Int]? = nil, keepAxes: Bool = false) throws(TorchError) -> Tensor {
    try reduce(CT_ANY, axes, keepAxes, "Tensor.any", "aten.any.default", "aten.any.dims")
  }
  /// Whether every element over these axes, or of all, holds.
  public func all(_ axes: [Int]? = nil, keepAxes: Bool = false) throws(TorchError) -> Tensor {
    try reduce(CT_ALL, axes, keepAxes, "Tensor.all", "aten.all.default", "aten.all.dims")
  }
  /// log Σ eˣ, without overflow.
  public func logSumExp(_ axes: [Int]? = nil, keepAxes: Bool = false) throws(TorchError) -> Tensor {
    try reduce(CT_LOGSUMEXP, axes, keepAxes, "Tensor.logSumExp", "aten.logsumexp.default", "aten.logsumexp.default")
  }
  /// Over one axis or all.
  public func product(_ axis: Int? = nil, keepAxis: Bool = false) throws(TorchError) -> Tensor {
    try reduce(CT_PROD, axis.map { [$0] }, keepAxis, "Tensor.product", "aten.prod.default", "aten.prod.dim_int")
  }

  /// Σ(x − mean)² / (n − correction): `correction` 1 is PyTorch's default, 0 gives the population's variance.
  public func variance(
    _ axes: [Int]? = nil, correction: Double = 1, keepAxes: Bool = false
  ) throws(TorchError) -> Tensor {
    try spread(axes, correction, keepAxes, squareRoot: false, "Tensor.variance", "aten.var.correction")
  }
  /// The square root of ``variance(_:correction:keepAxes:)``.
  public func standardDeviation(
    _ axes: [Int]? = nil, correction: Double = 1, keepAxes: Bool = false
  ) throws(TorchError) -> Tensor {
    try spread(axes, correction, keepAxes, squareRoot: true, "Tensor.standardDeviation", "aten.std.correction")
  }

  private func spread(
    _ axes: [Int]?, _ correction: Double, _ keep: Bool, squareRoot: Bool, _ name: String, _ aten: String
  ) throws(TorchError) -> Tensor {
    try Tensor.make(name) { out in
      guard let axes else { return ct_tensor_variance(&out, handle, nil, 0, correction, keep, squareRoot) }
      return withAxes(axes) { ct_tensor_variance(&out, handle, $0, $1, correction, keep, squareRoot) }
    }.traced(aten) { [.tensor(self), axes.map { .integers($0) } ?? .none, .real(correction), .boolean(keep)] }
  }

  /// (Σ|x|ᵒʳᵈᵉʳ)^(1/order); `.infinity` gives the largest magnitude.
  public func norm(
    _ axes: [Int]? = nil, order: Double = 2, keepAxes: Bool = false
  ) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.norm") { out in
      guard let axes else { return ct_tensor_norm(&out, handle, order, nil, 0, keepAxes) }
      return withAxes(axes) { ct_tensor_norm(&out, handle, order, $0, $1, keepAxes) }
    }.traced("aten.linalg_vector_norm.default") {
      [.tensor(self), .real(order), axes.map { .integers($0) } ?? .none, .boolean(keepAxes)]
    }
  }

  /// The place of the largest element along an axis (int64), or of the flattened tensor.
  public func argmax(_ axis: Int? = nil, keepAxis: Bool = false) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.argmax") { out in
      withOptional(axis.map(Int64.init)) { ct_tensor_argmax(&out, handle, $0, keepAxis) }
    }.traced("aten.argmax.default") { [.tensor(self), axis.map { .integer($0) } ?? .none, .boolean(keepAxis)] }
  }

  /// The place of the smallest element along an axis (int64), or of the flattened tensor.
  public func argmin(_ axis: Int? = nil, keepAxis: Bool = false) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.argmin") { out in
      withOptional(axis.map(Int64.init)) { ct_tensor_argmin(&out, handle, $0, keepAxis) }
    }.traced("aten.argmin.default") { [.tensor(self), axis.map { .integer($0) } ?? .none, .boolean(keepAxis)] }
  }

  /// The `count` largest elements along an axis, largest first, and their places.
  public func top(
    _ count: Int, axis: Int = -1, largest: Bool = true
  ) throws(TorchError) -> (values: Tensor, indices: Tensor) {
    try pair("Tensor.top", "aten.topk.default", [.integer(count), .integer(axis), .boolean(largest)]) {
      ct_tensor_top($0, $1, handle, Int64(count), Int64(axis), largest)
    }
  }

  /// The elements in order along an axis, and where they were; equal ones keep their order.
  public func sorted(
    axis: Int = -1, descending: Bool = false
  ) throws(TorchError) -> (values: Tensor, indices: Tensor) {
    try pair("Tensor.sorted", "aten.sort.stable", [.boolean(true), .integer(axis), .boolean(descending)]) {
      ct_tensor_sort($0, $1, handle, Int64(axis), descending)
    }
  }

  /// Sums of each element and all before it along an axis.
  public func cumulativeSum(_ axis: Int) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.cumulativeSum") { ct_tensor_cumulative_sum(&$0, handle, Int64(axis)) }
      .traced("aten.cumsum.default") { [.tensor(self), .integer(axis)] }
  }

  private func pair(
    _ name: String, _ aten: String, _ arguments: @autoclosure () -> [TraceArgument],
    _ body: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<OpaquePointer?>) -> ct_status
  ) throws(TorchError) -> (values: Tensor, indices: Tensor) {
    var values: OpaquePointer?
    var indices: OpaquePointer?
    let status = body(&values, &indices)
    guard status == CT_OK, let values, let indices else { throw TorchError.last(status, name) }
    let result = (values: Tensor(adopting: values), indices: Tensor(adopting: indices))
    GraphTracer.record(aten, outputs: [result.values, result.indices]) { [.tensor(self)] + arguments() }
    return result
  }
}

/// The axes as C sees them: an empty list is no axes, which is not NULL.
@inline(__always)
private func withAxes<R>(_ axes: [Int], _ body: (UnsafePointer<Int64>?, Int) -> R) -> R {
  guard axes.isEmpty else { return withInts(axes, body) }
  var none: Int64 = 0
  return withUnsafePointer(to: &none) { body($0, 0) }
}
