import CTorch

/// What is written beyond the border.
public enum PaddingMode: Hashable, Sendable {
  /// This number.
  case constant(Double)
  /// The inside mirrored at the border, which is not repeated.
  case reflect
  /// The border itself.
  case replicate
  /// The other side.
  case circular
}

/// Elements added around the last axes (`torch.nn.functional.pad`).
///
/// - Parameters:
///   - x: Any number of axes, at least half as many as `amounts` has numbers.
///   - amounts: Two an axis, before and after, the last axis first: `[left, right, top, bottom]`. Negative ones crop.
///   - mode: What is written there.
/// - Returns: `x` with the last axes longer by their two amounts.
/// - Throws: ``TorchError`` for an odd number of amounts, or amounts that the mode cannot serve.
public func pad(_ x: Tensor, _ amounts: [Int], mode: PaddingMode = .constant(0)) throws(TorchError) -> Tensor {
  let code: ct_pad_mode
  let name: String
  var value = 0.0
  switch mode {
  case .constant(let number): (code, name, value) = (CT_PAD_CONSTANT, "constant", number)
  case .reflect: (code, name) = (CT_PAD_REFLECT, "reflect")
  case .replicate: (code, name) = (CT_PAD_REPLICATE, "replicate")
  case .circular: (code, name) = (CT_PAD_CIRCULAR, "circular")
  }
  return try Tensor.make("pad") { out in
    withInts(amounts) { ct_nn_pad(&out, x.handle, $0, $1, code, value) }
  }.traced("aten.pad.default") { [.tensor(x), .integers(amounts), .string(name), .real(value)] }
}
