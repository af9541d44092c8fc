/// The element type of a tensor in a graph, by PyTorch's own name.
public enum TensorDType: String, Hashable, Sendable, Codable, CaseIterable {
  case float64, float32, float16, bfloat16
  case float8E4M3FN = "float8_e4m3fn"
  case float8E5M2 = "float8_e5m2"
  case float8E4M3FNUZ = "float8_e4m3fnuz"
  case float8E5M2FNUZ = "float8_e5m2fnuz"
  case float8E8M0FNU = "float8_e8m0fnu"
  case int64, int32, int16, int8
  case uint64, uint32, uint16, uint8
  case bool
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
