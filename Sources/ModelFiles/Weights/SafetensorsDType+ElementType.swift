import IDInit

extension SafetensorsDType {
  /// The dtype of a weight's element type.
  public init(_ type: ElementType) {
    switch type {
    case .float32: self = .f32
    case .float64: self = .f64
    case .float16: self = .f16
    case .bfloat16: self = .bf16
    }
  }
}

extension ElementType {
  /// The element type of a dtype that weights are made in; nil for the others.
  public init?(_ dtype: SafetensorsDType) {
    switch dtype {
    case .f32: self = .float32
    case .f64: self = .float64
    case .f16: self = .float16
    case .bf16: self = .bfloat16
    default: return nil
    }
  }
}
