import CTorch

// Changes to the tensor itself. Views see them too. A leaf that asks for gradients is changed in `withoutGradient`.

extension Tensor {
  /// `self += scale · other` (`add_`).
  public func formAdd(_ other: Tensor, scale: Double = 1) throws(TorchError) {
    try inPlace(CT_ADD, other, scale, "Tensor.formAdd", "aten.add_.Tensor")
  }
  /// `self += number` (`add_`).
  public func formAdd(_ number: Double) throws(TorchError) {
    try inPlace(CT_ADD, number, "Tensor.formAdd", "aten.add_.Tensor")
  }
  /// `self -= scale · other` (`sub_`).
  public func formSubtract(_ other: Tensor, scale: Double = 1) throws(TorchError) {
    try inPlace(CT_SUB, other, scale, "Tensor.formSubtract", "aten.sub_.Tensor")
  }
  /// `self -= number` (`sub_`).
  public func formSubtract(_ number: Double) throws(TorchError) {
    try inPlace(CT_SUB, number, "Tensor.formSubtract", "aten.sub_.Tensor")
  }
  /// `self *= other` (`mul_`).
  public func formMultiply(_ other: Tensor) throws(TorchError) {
    try inPlace(CT_MUL, other, 1, "Tensor.formMultiply", "aten.mul_.Tensor")
  }
  /// `self *= number` (`mul_`).
  public func formMultiply(_ number: Double) throws(TorchError) {
    try inPlace(CT_MUL, number, "Tensor.formMultiply", "aten.mul_.Tensor")
  }
  /// `self /= other` (`div_`).
  public func formDivide(_ other: Tensor) throws(TorchError) {
    try inPlace(CT_DIV, other, 1, "Tensor.formDivide", "aten.div_.Tensor")
  }
  /// `self /= number` (`div_`).
  public func formDivide(_ number: Double) throws(TorchError) {
    try inPlace(CT_DIV, number, "Tensor.formDivide", "aten.div_.Tensor")
  }

  /// Every element moved into [minimum, maximum]; an absent bound is open.
  public func formClamp(min minimum: Double? = nil, max maximum: Double? = nil) throws(TorchError) {
    let status = withOptional(minimum) { low in
      withOptional(maximum) { high in ct_tensor_clamp_in_place(handle, low, high) }
    }
    try check(status, "Tensor.formClamp")
    GraphTracer.recordInPlace("aten.clamp_.default", on: self) {
      [.tensor(self), minimum.map { .real($0) } ?? .none, maximum.map { .real($0) } ?? .none]
    }
  }

  /// Negative elements become 0 (`relu_`). Gradients need the result alone, not what was there before.
  public func formReLU() throws(TorchError) {
    try check(ct_tensor_relu_in_place(handle), "Tensor.formReLU")
    GraphTracer.recordInPlace("aten.relu_.default", on: self) { [.tensor(self)] }
  }

  /// Every element becomes `value` (`fill_`).
  public func fill(_ value: Double) throws(TorchError) {
    try check(ct_tensor_fill_in_place(handle, value), "Tensor.fill")
    GraphTracer.recordInPlace("aten.fill_.Scalar", on: self) { [.tensor(self), .real(value)] }
  }

  private func inPlace(
    _ code: ct_binary, _ other: Tensor, _ scale: Double, _ name: String, _ aten: String
  ) throws(TorchError) {
    try check(ct_tensor_binary_in_place(handle, code, other.handle, scale), name)
    GraphTracer.recordInPlace(aten, on: self) { [.tensor(self), .tensor(other)] }
  }

  private func inPlace(_ code: ct_binary, _ number: Double, _ name: String, _ aten: String) throws(TorchError) {
    try check(ct_tensor_binary_scalar_in_place(handle, code, number), name)
    GraphTracer.recordInPlace(aten, on: self) { [.tensor(self), .real(number)] }
  }
}
