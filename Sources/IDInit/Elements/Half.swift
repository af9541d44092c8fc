/// An IEEE 754 binary16 number, kept as its 16 bits.
///
/// Swift's `Float16` is missing on Intel Macs, so storage and rounding are done here, the same on every platform.
public struct Half: WeightScalar, Hashable, Codable {
  /// The 16 bits: one of sign, five of exponent, ten of significand.
  public var bitPattern: UInt16

  /// The number that these 16 bits are.
  @inlinable
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  public static var elementType: ElementType { .float16 }

  public init(rounding value: Double) { self.init(Float(roundingToOdd: value)) }

  /// The nearest binary16 number, ties to even. From 65520 on that is an infinity; below 2⁻¹⁴ a subnormal.
  @inline(__always)
  public init(_ value: Float) {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: (bits >> 16) & 0x8000)
    let magnitude = bits & 0x7FFF_FFFF
    if magnitude >= 0x477F_F000 {
      // Too large, infinite, or not a number (kept quiet, payload dropped).
      bitPattern = sign | (magnitude > 0x7F80_0000 ? 0x7E00 : 0x7C00)
    } else if magnitude < 0x3880_0000 {
      // Subnormal: adding 0.5 lines the last bit of the sum up with 2⁻²⁴, so that the addition does the rounding.
      let aligned = Float(bitPattern: magnitude) + 0.5
      bitPattern = sign | UInt16(truncatingIfNeeded: aligned.bitPattern &- 0x3F00_0000)
    } else {
      let odd = (magnitude >> 13) & 1
      let rounded = magnitude &- (112 << 23) &+ 0xFFF &+ odd
      bitPattern = sign | UInt16(truncatingIfNeeded: rounded >> 13)
    }
  }

  /// The same number in single precision, exactly.
  public var float: Float {
    let sign = UInt32(bitPattern & 0x8000) << 16
    let exponent = UInt32(bitPattern >> 10) & 0x1F
    let fraction = UInt32(bitPattern & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return Float(bitPattern: magnitude.bitPattern | sign)
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | (fraction << 13))
    default: return Float(bitPattern: sign | ((exponent + 112) << 23) | (fraction << 13))
    }
  }

  public var asDouble: Double { Double(float) }
}
