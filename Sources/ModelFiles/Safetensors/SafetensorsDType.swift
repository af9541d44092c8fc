/// The element types of the safetensors format, in the reference implementation's order, which is by width.
///
/// Files lay wide types out first, so that every tensor starts at a multiple of its own element's size.
public enum SafetensorsDType: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  /// True or false, a byte each.
  case bool = "BOOL"
  /// Four bits, two of exponent, one of significand.
  case f4 = "F4"
  /// Six bits, two of exponent, three of significand.
  case f6e2m3 = "F6_E2M3"
  /// Six bits, three of exponent, two of significand.
  case f6e3m2 = "F6_E3M2"
  /// A byte without sign.
  case u8 = "U8"
  /// A byte with sign.
  case i8 = "I8"
  /// Eight bits, five of exponent, two of significand.
  case f8e5m2 = "F8_E5M2"
  /// Eight bits, four of exponent, three of significand.
  case f8e4m3 = "F8_E4M3"
  /// Eight bits of exponent: powers of two.
  case f8e8m0 = "F8_E8M0"
  /// 16 bits with sign.
  case i16 = "I16"
  /// 16 bits without sign.
  case u16 = "U16"
  /// IEEE 754 binary16.
  case f16 = "F16"
  /// bfloat16: the upper half of a binary32.
  case bf16 = "BF16"
  /// 32 bits with sign.
  case i32 = "I32"
  /// 32 bits without sign.
  case u32 = "U32"
  /// IEEE 754 binary32.
  case f32 = "F32"
  /// A complex number of two binary32.
  case c64 = "C64"
  /// IEEE 754 binary64.
  case f64 = "F64"
  /// 64 bits with sign.
  case i64 = "I64"
  /// 64 bits without sign.
  case u64 = "U64"

  /// Bits of an element: less than a byte for the smallest types.
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
