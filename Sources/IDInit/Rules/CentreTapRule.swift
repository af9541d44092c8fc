/// Centre-tap identity, the "channel-maintain" convolution that "IDInit" ablates (Section 3.3.1): a kernel of zeros
/// whose centre position is IDI(τ) of the matrix out × in/groups.
///
/// Unlike `torch.nn.init.dirac_`, which sets min(out, in) rows, rows beyond the input channels repeat (as IDI does).
/// The centre of an axis of k positions is k/2 rounded down, as in `dirac_`: of an even window the later of the two
/// middle positions. Without a window this is IDI.
public struct CentreTapRule: WeightRule {
  /// The value at the kernel's centre: τ.
  public var gain: Double
  /// Standard deviation of the noise on the non-zero elements; 0 turns it off.
  public var looseness: Double

  /// The rule with these numbers.
  public init(gain: Double = 1, looseness: Double = 1e-6) {
    self.gain = gain
    self.looseness = looseness
  }

  init(_ options: inout RuleOptions) {
    self.init(gain: options.take(\.gain) ?? 1, looseness: options.take(\.looseness) ?? 1e-6)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.gain = gain
    options.looseness = looseness
    return options
  }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.finite(gain, "gain", of: "centre-tap")
    try Check.nonNegative(looseness, "looseness", of: "centre-tap")
  }

  func write(_ target: FillTarget) {
    let layout = MatrixLayout(target.geometry, .channelFirst)
    let (channels, centre) = (layout.channels, target.geometry.centrePosition)
    LooseDiagonal(gain: gain, looseness: looseness).write(target) { row in
      layout.offset(row: row, channel: row % channels, position: centre)
    }
  }
}

extension WeightGeometry {
  /// The window position with index k/2 (rounded down) on each axis, counted row-major; 0 without a window.
  var centrePosition: Int { windowAxes.reduce(0) { $0 * size($1) + size($1) / 2 } }
}
