import CTorch

// Elements put together in new memory.

extension Tensor {
  /// The places `indices` (int64 or int32, one axis) of an axis.
  public func indexSelect(axis: Int, _ indices: Tensor) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.indexSelect") { ct_tensor_index_select(&$0, handle, Int64(axis), indices.handle) }
      .traced("aten.index_select.default") { [.tensor(self), .integer(axis), .tensor(indices)] }
  }

  /// `out[i][j] = self[i][indices[i][j]]` for axis 1, and so on (`torch.gather`).
  public func gather(axis: Int, _ indices: Tensor) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.gather") { ct_tensor_gather(&$0, handle, Int64(axis), indices.handle) }
      .traced("aten.gather.default") { [.tensor(self), .integer(axis), .tensor(indices)] }
  }

  /// The tensors one after another along an axis that they have.
  public static func concatenate(_ tensors: [Tensor], axis: Int = 0) throws(TorchError) -> Tensor {
    try make("Tensor.concatenate") { out in
      withHandles(tensors) { ct_tensor_concatenate(&out, $0, $1, Int64(axis)) }
    }.traced("aten.cat.default") { [.tensors(tensors), .integer(axis)] }
  }

  /// The tensors, all of one shape, along a new axis.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) throws(TorchError) -> Tensor {
    try make("Tensor.stack") { out in
      withHandles(tensors) { ct_tensor_stack(&out, $0, $1, Int64(axis)) }
    }.traced("aten.stack.default") { [.tensors(tensors), .integer(axis)] }
  }

  /// Backwards along these axes.
  public func flipped(_ axes: [Int]) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.flipped") { out in withInts(axes) { ct_tensor_flip(&out, handle, $0, $1) } }
      .traced("aten.flip.default") { [.tensor(self), .integers(axes)] }
  }

  /// The whole tensor so many times along each axis.
  public func repeated(_ repeats: [Int]) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.repeated") { out in withInts(repeats) { ct_tensor_repeat(&out, handle, $0, $1) } }
      .traced("aten.repeat.default") { [.tensor(self), .integers(repeats)] }
  }

  /// What lies on and below a diagonal of the last two axes; the rest is 0.
  public func lowerTriangle(diagonal: Int = 0) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.lowerTriangle") { ct_tensor_triangle(&$0, handle, true, Int64(diagonal)) }
      .traced("aten.tril.default") { [.tensor(self), .integer(diagonal)] }
  }

  /// What lies on and above a diagonal of the last two axes; the rest is 0.
  public func upperTriangle(diagonal: Int = 0) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.upperTriangle") { ct_tensor_triangle(&$0, handle, false, Int64(diagonal)) }
      .traced("aten.triu.default") { [.tensor(self), .integer(diagonal)] }
  }
}
