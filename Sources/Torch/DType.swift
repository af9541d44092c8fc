import CTorch

/// The type of a tensor's elements.
public enum DType: String, Codable, Hashable, Sendable, CaseIterable {
  /// PyTorch's types of these names.
  case float32, float64, float16, bfloat16, int64, int32, uint8, bool

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    case .uint8, .bool: 1
    }
  }

  /// Whether it is one of the four types of numbers with a fraction.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    case .int64, .int32, .uint8, .bool: false
    }
  }

  var code: ct_dtype {
    switch self {
    case .float32: CT_FLOAT32
    case .float64: CT_FLOAT64
    case .float16: CT_FLOAT16
    case .bfloat16: CT_BFLOAT16
    case .int64: CT_INT64
    case .int32: CT_INT32
    case .uint8: CT_UINT8
    case .bool: CT_BOOL
    }
  }

  /// Nil for an element type that this module has no name for; no function here makes such a tensor.
  init?(_ code: ct_dtype) {
    switch code {
    case CT_FLOAT32: self = .float32
    case CT_FLOAT64: self = .float64
    case CT_FLOAT16: self = .float16
    case CT_BFLOAT16: self = .bfloat16
    case CT_INT64: self = .int64
    case CT_INT32: self = .int32
    case CT_UINT8: self = .uint8
    case CT_BOOL: self = .bool
    default: return nil
    }
  }
}

/// A Swift number whose memory is that of a tensor's element.
public protocol TorchScalar: BitwiseCopyable, Sendable {
  /// The type's name in PyTorch.
  static var dtype: DType { get }
}

extension Float: TorchScalar { public static var dtype: DType { .float32 } }
extension Double: TorchScalar { public static var dtype: DType { .float64 } }
#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
  extension Float16: TorchScalar { public static var dtype: DType { .float16 } }
#endif
extension Int64: TorchScalar { public static var dtype: DType { .int64 } }
extension Int: TorchScalar { public static var dtype: DType { .int64 } }
extension Int32: TorchScalar { public static var dtype: DType { .int32 } }
extension UInt8: TorchScalar { public static var dtype: DType { .uint8 } }
extension Bool: TorchScalar { public static var dtype: DType { .bool } }

/// Where a tensor's memory lies.
public enum Device: Hashable, Sendable, CustomStringConvertible {
  /// The machine's own memory.
  case cpu
  /// A GPU by its number, from 0. See ``Runtime/isCUDAAvailable``.
  case cuda(Int)

  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    }
  }

  /// Reads `cpu`, `cuda` and `cuda:1`; nil for anything else.
  public init?(_ name: some StringProtocol) {
    if name == "cpu" {
      self = .cpu
    } else if name == "cuda" {
      self = .cuda(0)
    } else if name.hasPrefix("cuda:"), let index = Int(name.dropFirst(5)), index >= 0 {
      self = .cuda(index)
    } else {
      return nil
    }
  }

  var code: ct_device {
    switch self {
    case .cpu: ct_device(type: CT_CPU, index: 0)
    case .cuda(let index): ct_device(type: CT_CUDA, index: Int32(clamping: index))
    }
  }

  init(_ code: ct_device) {
    self = code.type == CT_CUDA ? .cuda(Int(code.index)) : .cpu
  }
}

/// The order in which a tensor's axes lie in memory.
public enum MemoryFormat: Hashable, Sendable {
  /// What the input has.
  case preserve
  /// Row-major.
  case contiguous
  /// NHWC storage of an NCHW tensor: what convolutions like best on most processors.
  case channelsLast
  /// NDHWC storage of an NCDHW tensor.
  case channelsLast3D

  var code: ct_memory_format {
    switch self {
    case .preserve: CT_PRESERVE
    case .contiguous: CT_CONTIGUOUS
    case .channelsLast: CT_CHANNELS_LAST
    case .channelsLast3D: CT_CHANNELS_LAST_3D
    }
  }
}
