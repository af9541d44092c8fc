/// The element types of the safetensors format, in the reference implementation's order, which is by width.
///
/// Files lay wide types out first, so that every tensor starts at a multiple of its own element's size.
public enum SafetensorsDType: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  case bool = "BOOL"
  case f4 = "F4"
  case f6e2m3 = "F6_E2M3"
  case f6e3m2 = "F6_E3M2"
  case u8 = "U8"
  case i8 = "I8"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case f8e8m0 = "F8_E8M0"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case c64 = "C64"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"

  public var bitCount: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }

  public var description: String { rawValue }

  /// The bytes of a tensor, or nil where the count overflows, a dimension is negative, or sub-byte elements do not
  /// fill whole bytes.
  func byteCount(shape: [Int]) -> Int? {
    var count = 1
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      if overflow || dimension < 0 { return nil }
      count = product
    }
    let (bits, overflow) = count.multipliedReportingOverflow(by: bitCount)
    // 2^63 bits are 2^60 bytes: more than any file holds.
    return overflow || bits % 8 != 0 ? nil : bits / 8
  }

  static let order: [SafetensorsDType: Int] =
    Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}
