/// A type that weights can be stored in: `Float`, `Double`, ``Half`` or ``BFloat16``.
///
/// The set is closed: a rule computes in single precision or better and rounds once to the stored type.
public protocol WeightScalar: BitwiseCopyable, Sendable {
  /// The type's name at run time.
  static var elementType: ElementType { get }

  /// The nearest value to `value`, ties to even; out of range becomes an infinity.
  init(rounding value: Double)

  /// The stored value, exactly.
  var asDouble: Double { get }
}

extension Float: WeightScalar {
  public static var elementType: ElementType { .float32 }
  public init(rounding value: Double) { self = Float(value) }
  public var asDouble: Double { Double(self) }
}

extension Double: WeightScalar {
  public static var elementType: ElementType { .float64 }
  public init(rounding value: Double) { self = value }
  public var asDouble: Double { self }
}

extension Float {
  /// `value` cut to single precision with the last bit set when anything was cut off ("round to odd").
  /// Rounding the result once more, to at least two bits fewer, gives what rounding `value` itself would give.
  @inline(__always)
  init(roundingToOdd value: Double) {
    let nearest = Float(value)
    let back = Double(nearest)
    guard back != value, nearest.isFinite else {
      self = nearest
      return
    }
    let bits = nearest.bitPattern
    // Toward zero first, then mark the loss in the last bit.
    let cut = back.magnitude > value.magnitude ? bits &- 1 : bits
    self = Float(bitPattern: cut | 1)
  }
}
