/// A bfloat16 number (the upper half of a binary32), kept as its 16 bits.
public struct BFloat16: WeightScalar, Hashable, Codable {
  /// The 16 bits: one of sign, eight of exponent, seven of significand.
  public var bitPattern: UInt16

  /// The number that these 16 bits are.
  @inlinable
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  public static var elementType: ElementType { .bfloat16 }

  public init(rounding value: Double) { self.init(Float(roundingToOdd: value)) }

  /// The nearest bfloat16 number, ties to even; subnormals and infinities included.
  @inline(__always)
  public init(_ value: Float) {
    let bits = value.bitPattern
    if bits & 0x7FFF_FFFF > 0x7F80_0000 {
      bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x0040
    } else {
      bitPattern = UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
    }
  }

  /// The same number in single precision, exactly.
  public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }

  public var asDouble: Double { Double(float) }
}
