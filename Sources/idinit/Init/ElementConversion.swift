import IDInit

extension TensorDType {
  /// Whether the elements are real floating-point numbers, which `--dtype` converts (PyTorch's `is_floating_point`).
  var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16, .float8E4M3FN, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ,
      .float8E8M0FNU:
      true
    default: false
    }
  }
}

/// Writes floating-point numbers in another type, each rounded once. Infinities and NaN stay what they are; what is
/// too large for the type becomes an infinity, as it does in PyTorch.
///
/// - Parameters:
///   - source: Elements of `dtype`.
///   - dtype: A floating-point type.
///   - target: Room for as many elements of `type`, aligned for it.
///   - type: What is written.
/// - Returns: false for a type that has no conversion; nothing is written then.
func convert(
  _ source: UnsafeRawBufferPointer, from dtype: TensorDType, to target: UnsafeMutableRawBufferPointer,
  _ type: ElementType
) -> Bool {
  switch dtype {
  case .float64: convert(source, Double.self, to: target, type) { $0 }
  case .float32: convert(source, UInt32.self, to: target, type) { Double(Float(bitPattern: $0)) }
  case .float16: convert(source, UInt16.self, to: target, type) { Half(bitPattern: $0).asDouble }
  case .bfloat16: convert(source, UInt16.self, to: target, type) { BFloat16(bitPattern: $0).asDouble }
  case .float8E5M2: convert(source, UInt8.self, to: target, type) { Half(bitPattern: UInt16($0) << 8).asDouble }
  case .float8E4M3FN: convert(source, UInt8.self, to: target, type, float8E4M3FN)
  default: return false
  }
  return true
}

private func convert<Stored: BitwiseCopyable>(
  _ source: UnsafeRawBufferPointer, _: Stored.Type, to target: UnsafeMutableRawBufferPointer, _ type: ElementType,
  _ value: (Stored) -> Double
) {
  func write<Scalar: WeightScalar>(_: Scalar.Type) {
    let size = MemoryLayout<Stored>.size
    for (index, place) in target.bindMemory(to: Scalar.self).indices.enumerated() {
      let stored = source.loadUnaligned(fromByteOffset: index &* size, as: Stored.self)
      target.storeBytes(
        of: Scalar(rounding: value(stored)), toByteOffset: place &* MemoryLayout<Scalar>.size, as: Scalar.self)
    }
  }
  switch type {
  case .float64: write(Double.self)
  case .float32: write(Float.self)
  case .float16: write(Half.self)
  case .bfloat16: write(BFloat16.self)
  }
}

/// One sign, four exponent bits of bias 7, three of fraction; no infinities, NaN where all but the sign is 1.
/// Source: Micikevicius et al. 2022, "FP8 Formats for Deep Learning", Table 1.
private func float8E4M3FN(_ bits: UInt8) -> Double {
  let exponent = Int(bits >> 3 & 15)
  let fraction = Double(bits & 7)
  let sign = bits & 0x80 == 0 ? 1.0 : -1.0
  if bits & 0x7F == 0x7F { return .nan }
  return sign
    * (exponent == 0
      ? fraction * 0x1p-9 : (1 + fraction / 8) * Double(sign: .plus, exponent: exponent - 7, significand: 1))
}
