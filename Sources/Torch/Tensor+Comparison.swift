import CTorch

// Element by element, giving bool tensors; and of whole tensors, giving a Bool.

extension Tensor {
  /// Where the elements are equal, broadcast.
  public func eq(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_EQ, other, "Tensor.eq", "aten.eq.Tensor")
  }
  /// Where the elements are this number.
  public func eq(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_EQ, other, "Tensor.eq", "aten.eq.Scalar")
  }
  /// Where the elements differ, broadcast.
  public func ne(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_NE, other, "Tensor.ne", "aten.ne.Tensor")
  }
  /// Where the elements are not this number.
  public func ne(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_NE, other, "Tensor.ne", "aten.ne.Scalar")
  }
  /// Where the elements are less than the other's, broadcast.
  public func lt(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_LT, other, "Tensor.lt", "aten.lt.Tensor")
  }
  /// Where the elements are less than this number.
  public func lt(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_LT, other, "Tensor.lt", "aten.lt.Scalar")
  }
  /// Where the elements are at most the other's, broadcast.
  public func le(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_LE, other, "Tensor.le", "aten.le.Tensor")
  }
  /// Where the elements are at most this number.
  public func le(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_LE, other, "Tensor.le", "aten.le.Scalar")
  }
  /// Where the elements are greater than the other's, broadcast.
  public func gt(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_GT, other, "Tensor.gt", "aten.gt.Tensor")
  }
  /// Where the elements are greater than this number.
  public func gt(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_GT, other, "Tensor.gt", "aten.gt.Scalar")
  }
  /// Where the elements are at least the other's, broadcast.
  public func ge(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_GE, other, "Tensor.ge", "aten.ge.Tensor")
  }
  /// Where the elements are at least this number.
  public func ge(_ other: Double) throws(TorchError) -> Tensor {
    try binary(CT_GE, other, "Tensor.ge", "aten.ge.Scalar")
  }

  /// Where both hold.
  public func and(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_LOGICAL_AND, other, "Tensor.and", "aten.logical_and.default")
  }
  /// Where one of them or both hold.
  public func or(_ other: Tensor) throws(TorchError) -> Tensor {
    try binary(CT_LOGICAL_OR, other, "Tensor.or", "aten.logical_or.default")
  }
  /// Where it does not hold.
  public func not() throws(TorchError) -> Tensor {
    try unary(CT_LOGICAL_NOT, "Tensor.not", "aten.logical_not.default")
  }
  /// Where an element is not a number.
  public func isNaN() throws(TorchError) -> Tensor { try unary(CT_ISNAN, "Tensor.isNaN", "aten.isnan.default") }
  /// Where an element is neither infinite nor no number.
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
