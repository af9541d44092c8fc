/// The element type of a tensor in a graph, by PyTorch's own name.
public enum TensorDType: String, Hashable, Sendable, Codable, CaseIterable {
  /// IEEE 754 numbers of 64, 32 and 16 bits, and bfloat16.
  case float64, float32, float16, bfloat16
  /// Eight bits, three of significand, without infinities.
  case float8E4M3FN = "float8_e4m3fn"
  /// Eight bits, two of significand, as IEEE 754 would have them.
  case float8E5M2 = "float8_e5m2"
  /// Eight bits, three of significand, without infinities and −0.
  case float8E4M3FNUZ = "float8_e4m3fnuz"
  /// Eight bits, two of significand, without infinities and −0.
  case float8E5M2FNUZ = "float8_e5m2fnuz"
  /// Eight bits of exponent: powers of two, for scales.
  case float8E8M0FNU = "float8_e8m0fnu"
  /// Whole numbers with sign.
  case int64, int32, int16, int8
  /// Whole numbers without sign.
  case uint64, uint32, uint16, uint8
  /// True or false, a byte each.
  case bool
  /// Complex numbers of two halves, by the bits of both.
  case complex32, complex64, complex128

  /// Whether the elements are real or complex numbers, through which a gradient can flow.
  public var isDifferentiable: Bool {
    switch self {
    case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool: false
    default: true
    }
  }

  /// The type in which rules write such a tensor; nil for types that no rule writes.
  public var elementType: ElementType? {
    switch self {
    case .float64: .float64
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    default: nil
    }
  }
}

extension ElementType {
  /// The same type as a tensor's.
  public var tensorDType: TensorDType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .float16: .float16
    case .bfloat16: .bfloat16
    }
  }
}
