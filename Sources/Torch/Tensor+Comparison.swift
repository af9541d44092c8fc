import CTorch

// Element by element, giving bool tensors; and of whole tensors, giving a Bool.

extension Tensor {
  public func eq(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_EQ, other, "Tensor.eq", "aten.eq.Tensor")
  }
  public func eq(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_EQ, other, "Tensor.eq", "aten.eq.Scalar")
  }
  public func ne(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_NE, other, "Tensor.ne", "aten.ne.Tensor")
  }
  public func ne(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_NE, other, "Tensor.ne", "aten.ne.Scalar")
  }
  public func lt(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_LT, other, "Tensor.lt", "aten.lt.Tensor")
  }
  public func lt(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_LT, other, "Tensor.lt", "aten.lt.Scalar")
  }
  public func le(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_LE, other, "Tensor.le", "aten.le.Tensor")
  }
  public func le(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_LE, other, "Tensor.le", "aten.le.Scalar")
  }
  public func gt(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_GT, other, "Tensor.gt", "aten.gt.Tensor")
  }
  public func gt(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_GT, other, "Tensor.gt", "aten.gt.Scalar")
  }
  public func ge(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_GE, other, "Tensor.ge", "aten.ge.Tensor")
  }
  public func ge(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_GE, other, "Tensor.ge", "aten.ge.Scalar")
  }

  public func and(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_LOGICAL_AND, other, "Tensor.and", "aten.logical_and.default")
  }
  public func or(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_LOGICAL_OR, other, "Tensor.or", "aten.logical_or.default")
  }
  public func not() throws(TorchError) -> Tensor {
    try unary(CT_LOGICAL_NOT, "Tensor.not", "aten.logical_not.default")
  }
  public func isNaN() throws(TorchError) -> Tensor { try unary(CT_ISNAN, "Tensor.isNaN", "aten.isnan.default") }
  public func isFinite() throws(TorchError) -> Tensor {
    try unary(CT_ISFINITE, "Tensor.isFinite", "aten.isfinite.default")
  }

  /// Whether shapes and all elements are equal.
  public func isEqual(to other: Tensor) throws(TorchError) -> Bool {
    var result = false
    try check(ct_tensor_equal(&result, handle, other.handle), "Tensor.isEqual")
    return result
  }

  /// Whether |self − other| ≤ absolute + relative·|other| for all elements.
  public func isClose(to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8) throws(TorchError) -> Bool {
    var result = false
    try check(ct_tensor_all_close(&result, handle, other.handle, relative, absolute), "Tensor.isClose")
    return result
  }
}
