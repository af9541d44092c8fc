/// The identity padded with zeros: `w[m][m] = gain` for m < min(rows, columns), else 0 ("partial identity" of ZerO,
/// Zhao et al. 2021; "zero padding" in Figure 4 of IDInit). A kernel has it at its centre tap (k/2 rounded down).
public struct PartialIdentityRule: WeightRule {
  /// The value on the diagonal.
  public var gain: Double
  /// Standard deviation of the noise on the non-zero elements (Figure 4 tries it); 0 is ZerO's own.
  public var looseness: Double

  /// The rule with these numbers.
  public init(gain: Double = 1, looseness: Double = 0) {
    self.gain = gain
    self.looseness = looseness
  }

  init(_ options: inout RuleOptions) {
    self.init(gain: options.take(\.gain) ?? 1, looseness: options.take(\.looseness) ?? 0)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.gain = gain
    options.looseness = looseness
    return options
  }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.finite(gain, "gain", of: "partial-identity")
    try Check.nonNegative(looseness, "looseness", of: "partial-identity")
  }

  func write(_ target: FillTarget) {
    let layout = MatrixLayout(target.geometry, .channelFirst)
    let (channels, centre) = (layout.channels, target.geometry.centrePosition)
    LooseDiagonal(gain: gain, looseness: looseness).write(target) { row in
      row < channels ? layout.offset(row: row, channel: row, position: centre) : nil
    }
  }
}
