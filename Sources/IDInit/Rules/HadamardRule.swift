/// ZerO's matrix (Zhao et al. 2021, Algorithm 1): a partial identity where the outputs do not outnumber the inputs (but
/// see ``squares``), else the upper left corner of a Hadamard matrix, `w[i][j] = (−1)^popcount(i & j) · scale`. A kernel has it at its
/// centre tap (Algorithm 2).
public struct HadamardRule: WeightRule {
  /// With 2^c the least power of two that holds the outputs.
  public enum Normalization: String, Codable, CaseIterable, Sendable {
    /// 2^(−c/2), which makes the full Hadamard matrix orthonormal: what the authors' released code does.
    case orthonormal
    /// 2^(−(c−1)/2), √2 larger, as the method is quoted from the paper's text. The two sources disagree.
    case paper
  }

  /// What a matrix with as many outputs as inputs is.
  public enum Squares: String, Codable, CaseIterable, Sendable {
    /// ZerO's own: no dimension is gained, so that the identity will do.
    case identity
    /// The Hadamard matrix' corner there too, as Figure 2(b) of IDInit must have it: its curve is not the identity's.
    case hadamard
  }

  /// How the Hadamard matrix is scaled.
  public var normalization: Normalization
  /// What square weights are.
  public var squares: Squares
  /// What everything is multiplied by.
  public var gain: Double
  /// Standard deviation of the noise on the non-zero elements (Figure 4 of IDInit tries it); 0 is ZerO's own.
  public var looseness: Double

  /// The rule with these numbers.
  public init(
    normalization: Normalization = .orthonormal, squares: Squares = .identity, gain: Double = 1, looseness: Double = 0
  ) {
    self.normalization = normalization
    self.squares = squares
    self.gain = gain
    self.looseness = looseness
  }

  init(_ options: inout RuleOptions) {
    self.init(
      normalization: options.take(\.normalization) ?? .orthonormal, squares: options.take(\.squares) ?? .identity,
      gain: options.take(\.gain) ?? 1, looseness: options.take(\.looseness) ?? 0)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.normalization = normalization
    options.squares = squares
    options.gain = gain
    options.looseness = looseness
    return options
  }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.finite(gain, "gain", of: "hadamard")
    try Check.nonNegative(looseness, "looseness", of: "hadamard")
  }

  func write(_ target: FillTarget) {
    let layout = MatrixLayout(target.geometry, .channelFirst)
    let (rows, channels, centre) = (layout.rows, layout.channels, target.geometry.centrePosition)
    guard isHadamard(rows: rows, channels: channels) else {
      PartialIdentityRule(gain: gain, looseness: looseness).write(target)
      return
    }
    let scale = gain * Self.scale(rows: rows, normalization)
    if target.geometry.windowCount > 1 { target.zero() }
    target.forEachRows(minimum: max(1, (1 << 14) / max(channels, 1))) { part in
      for row in part {
        for channel in 0..<channels {
          let offset = layout.offset(row: row, channel: channel, position: centre)
          guard target.range.contains(offset) else { continue }
          let value = (row & channel).nonzeroBitCount & 1 == 0 ? scale : -scale
          target.store(looseness > 0 ? value + looseness * target.stream.normal(at: offset) : value, at: offset)
        }
      }
    }
  }

  /// Whether a matrix of this shape is part of a Hadamard matrix; else it is a partial identity.
  public func isHadamard(rows: Int, channels: Int) -> Bool {
    squares == .hadamard ? rows >= channels : rows > channels
  }

  /// 2^(−c/2) or 2^(−(c−1)/2), c = ⌈log2 rows⌉.
  static func scale(rows: Int, _ normalization: Normalization) -> Double {
    let c = rows <= 1 ? 0 : Int.bitWidth - (rows - 1).leadingZeroBitCount
    let halvings = normalization == .orthonormal ? c : c - 1
    let square = Double(sign: .plus, exponent: -halvings, significand: 1)
    return square.squareRoot()
  }
}
