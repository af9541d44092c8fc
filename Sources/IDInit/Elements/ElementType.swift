/// The type in which a weight is stored.
public enum ElementType: String, Codable, CaseIterable, Sendable {
  /// As PyTorch's types of these names: IEEE 754 numbers of 32, 64 and 16 bits, and bfloat16.
  case float32, float64, float16, bfloat16

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .float32: 4
    case .float64: 8
    case .float16, .bfloat16: 2
    }
  }

  /// The type's name in a safetensors header: `F32`, `F64`, `F16` or `BF16`.
  public var safetensorsName: String {
    switch self {
    case .float32: "F32"
    case .float64: "F64"
    case .float16: "F16"
    case .bfloat16: "BF16"
    }
  }

  /// The type that a safetensors header calls `name`, or nil for a type that no weight is drawn in.
  public init?(safetensorsName name: String) {
    guard let type = ElementType.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = type
  }
}
