extension Rule {
  /// Whether rounding to an element type takes the rule's noise away (the loose condition of the paper's Section 3.2.1).
  ///
  /// It does where a draw of one standard deviation either way rounds to the number that is there without noise: 1 + 1e-6
  /// is 1 in bfloat16 and in float16.
  ///
  /// - Parameters:
  ///   - type: What the weight is stored in.
  ///   - geometry: The weight, or one of the matrices that it holds.
  /// - Returns: How far the next larger number is from the elements, which is a looseness that this type can show; nil
  ///   where the noise stays, or there is none.
  public func stepOfLostLooseness(in type: ElementType, geometry: WeightGeometry) -> Double? {
    guard let looseness = options.looseness, looseness > 0 else { return nil }
    let element: Double
    switch self {
    case .hadamard(let rule) where rule.isHadamard(rows: geometry.rows, channels: geometry.channels):
      element = rule.gain.magnitude * HadamardRule.scale(rows: geometry.rows, rule.normalization)
    default: element = options.gain?.magnitude ?? 1
    }
    let value = type.rounded(element)
    guard value.isFinite, type.rounded(element + looseness) == value, type.rounded(element - looseness) == value else {
      return nil
    }
    var step = looseness
    while type.rounded(value + step) == value { step *= 2 }
    let next = type.rounded(value + step)
    return next.isFinite ? next - value : nil
  }
}

extension ElementType {
  /// The number of this type that is nearest to `value`.
  func rounded(_ value: Double) -> Double {
    switch self {
    case .float32: Float(rounding: value).asDouble
    case .float64: value
    case .float16: Half(rounding: value).asDouble
    case .bfloat16: BFloat16(rounding: value).asDouble
    }
  }
}
