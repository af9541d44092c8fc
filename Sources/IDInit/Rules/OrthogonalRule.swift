/// A random (semi-)orthogonal matrix, uniform over the Haar measure, times a gain: `torch.nn.init.orthogonal_`
/// (Saxe, McClelland, Ganguli 2013). With at least as many rows as columns the columns are orthonormal, else the
/// rows. A kernel is its matrix out × (in/groups · k…k); unlike PyTorch's, which flattens the stored shape, a
/// transposed layer's matrix has the outputs as rows too.
public struct OrthogonalRule: WeightRule {
  /// Who multiplies the matrices.
  public enum Arithmetic: String, Codable, CaseIterable, Sendable {
    /// A BLAS library (OpenBLAS, Accelerate) where one is found at run time, else Swift. The random vectors are the
    /// same and so is the matrix up to rounding, but the last bits depend on the library.
    case automatic
    /// Swift alone: the same bits everywhere.
    case portable
  }

  public var gain: Double
  public var arithmetic: Arithmetic

  public init(gain: Double = 1, arithmetic: Arithmetic = .automatic) {
    self.gain = gain
    self.arithmetic = arithmetic
  }

  init(_ options: inout RuleOptions) {
    self.init(gain: options.take(\.gain) ?? 1, arithmetic: options.take(\.arithmetic) ?? .automatic)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.gain = gain
    options.arithmetic = arithmetic
    return options
  }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.finite(gain, "gain", of: "orthogonal")
  }

  func write(_ target: FillTarget) { target.zero() }
}
