import IDInit

extension SafetensorsDType {
  /// The dtype of a tensor's element type; nil for what safetensors has no type for.
  public init?(_ type: TensorDType) {
    switch type {
    case .float64: self = .f64
    case .float32: self = .f32
    case .float16: self = .f16
    case .bfloat16: self = .bf16
    case .float8E4M3FN: self = .f8e4m3
    case .float8E5M2: self = .f8e5m2
    case .float8E8M0FNU: self = .f8e8m0
    case .int64: self = .i64
    case .int32: self = .i32
    case .int16: self = .i16
    case .int8: self = .i8
    case .uint64: self = .u64
    case .uint32: self = .u32
    case .uint16: self = .u16
    case .uint8: self = .u8
    case .bool: self = .bool
    case .complex64: self = .c64
    case .float8E4M3FNUZ, .float8E5M2FNUZ, .complex32, .complex128: return nil
    }
  }
}

extension TensorDType {
  /// The element type of a dtype; nil for those below a byte, which PyTorch's tensors have no types for.
  public init?(_ dtype: SafetensorsDType) {
    switch dtype {
    case .f64: self = .float64
    case .f32: self = .float32
    case .f16: self = .float16
    case .bf16: self = .bfloat16
    case .f8e4m3: self = .float8E4M3FN
    case .f8e5m2: self = .float8E5M2
    case .f8e8m0: self = .float8E8M0FNU
    case .i64: self = .int64
    case .i32: self = .int32
    case .i16: self = .int16
    case .i8: self = .int8
    case .u64: self = .uint64
    case .u32: self = .uint32
    case .u16: self = .uint16
    case .u8: self = .uint8
    case .bool: self = .bool
    case .c64: self = .complex64
    case .f4, .f6e2m3, .f6e3m2: return nil
    }
  }
}
