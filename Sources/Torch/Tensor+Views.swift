import CTorch

// Other shapes of the same memory. Gradients flow through all of them.

extension Tensor {
  /// The same elements in row-major order under another shape; one size may be -1. Copies only if the memory layout
  /// forbids a view.
  public func reshaped(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.reshaped") { out in withInts(shape) { ct_tensor_reshape(&out, handle, $0, $1) } }
      .traced("aten.reshape.default") { [.tensor(self), .integers(shape)] }
  }

  /// Like ``reshaped(_:)``, but throws where a view is impossible.
  public func view(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.view") { out in withInts(shape) { ct_tensor_view(&out, handle, $0, $1) } }
      .traced("aten.view.default") { [.tensor(self), .integers(shape)] }
  }

  /// Axes `first` … `last` made one.
  public func flattened(from first: Int = 0, to last: Int = -1) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.flattened") { ct_tensor_flatten(&$0, handle, Int64(first), Int64(last)) }
      .traced("aten.flatten.using_ints") { [.tensor(self), .integer(first), .integer(last)] }
  }

  /// Two axes exchanged.
  public func transposed(_ axis0: Int = -2, _ axis1: Int = -1) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.transposed") { ct_tensor_transpose(&$0, handle, Int64(axis0), Int64(axis1)) }
      .traced("aten.transpose.int") { [.tensor(self), .integer(axis0), .integer(axis1)] }
  }

  /// All axes in another order.
  public func permuted(_ axes: [Int]) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.permuted") { out in withInts(axes) { ct_tensor_permute(&out, handle, $0, $1) } }
      .traced("aten.permute.default") { [.tensor(self), .integers(axes)] }
  }

  /// Axes of size 1 repeated without a copy; -1 keeps a size.
  public func expanded(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.expanded") { out in withInts(shape) { ct_tensor_expand(&out, handle, $0, $1) } }
      .traced("aten.expand.default") { [.tensor(self), .integers(shape)] }
  }

  /// Without an axis, if its size is 1.
  public func squeezed(_ axis: Int) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.squeezed") { ct_tensor_squeeze(&$0, handle, Int64(axis)) }
      .traced("aten.squeeze.dim") { [.tensor(self), .integer(axis)] }
  }

  /// With a new axis of size 1.
  public func unsqueezed(_ axis: Int) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.unsqueezed") { ct_tensor_unsqueeze(&$0, handle, Int64(axis)) }
      .traced("aten.unsqueeze.default") { [.tensor(self), .integer(axis)] }
  }

  /// `length` places of one axis, from `start`.
  public func narrow(axis: Int, start: Int, length: Int) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.narrow") { ct_tensor_narrow(&$0, handle, Int64(axis), Int64(start), Int64(length)) }
      .traced("aten.narrow.default") { [.tensor(self), .integer(axis), .integer(start), .integer(length)] }
  }

  /// One place of one axis, which goes away.
  public func select(axis: Int, _ index: Int) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.select") { ct_tensor_select(&$0, handle, Int64(axis), Int64(index)) }
      .traced("aten.select.int") { [.tensor(self), .integer(axis), .integer(index)] }
  }

  /// `start`, `start + step`, … below `end` along one axis, as Python's `start:end:step`; ends beyond the axis are cut.
  public func slice(axis: Int, from start: Int = 0, to end: Int = .max, by step: Int = 1) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.slice") {
      ct_tensor_slice(&$0, handle, Int64(axis), Int64(start), Int64(end), Int64(step))
    }.traced("aten.slice.Tensor") {
      [.tensor(self), .integer(axis), .integer(start), .integer(end), .integer(step)]
    }
  }

  /// One place of each of the leading axes: `x.index(2)` is Python's `x[2]`, `x.index(2, 0)` its `x[2, 0]`.
  public func index(_ positions: Int...) throws(TorchError) -> Tensor {
    var result = self
    for position in positions { result = try result.select(axis: 0, position) }
    return result
  }

  /// The places where two axes have the same index, `offset` to the right of the main diagonal, as the last axis.
  public func diagonal(offset: Int = 0, axis0: Int = 0, axis1: Int = 1) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.diagonal") {
      ct_tensor_diagonal(&$0, handle, Int64(offset), Int64(axis0), Int64(axis1))
    }.traced("aten.diagonal.default") {
      [.tensor(self), .integer(offset), .integer(axis0), .integer(axis1)]
    }
  }

  /// `count` pieces of equal size along an axis (the last may be smaller, and there may be fewer).
  public func chunked(_ count: Int, axis: Int = 0) throws(TorchError) -> [Tensor] {
    let size = try size(axis)
    guard count > 0 else {
      throw TorchError(kind: .argument, operation: "Tensor.chunked", message: "\(count) pieces; ask for 1 or more")
    }
    return try split(every: Swift.max(1, (size + count - 1) / count), axis: axis)
  }

  /// Pieces of `length` places along an axis; the last may be smaller.
  public func split(every length: Int, axis: Int = 0) throws(TorchError) -> [Tensor] {
    let size = try size(axis)
    guard length > 0 else {
      throw TorchError(kind: .argument, operation: "Tensor.split", message: "pieces of \(length); ask for 1 or more")
    }
    var pieces: [Tensor] = []
    for start in stride(from: 0, to: size, by: length) {
      let length = Int64(Swift.min(length, size - start))
      pieces.append(
        try Tensor.make("Tensor.split") { ct_tensor_narrow(&$0, handle, Int64(axis), Int64(start), length) })
    }
    GraphTracer.record("aten.split.Tensor", outputs: pieces) { [.tensor(self), .integer(length), .integer(axis)] }
    return pieces
  }
}
