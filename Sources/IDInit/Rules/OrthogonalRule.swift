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

  /// What the matrix is multiplied by.
  public var gain: Double
  /// What the matrix is computed with.
  public var arithmetic: Arithmetic

  /// The rule with these options.
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
    guard geometry.rows <= Int(Int32.max), geometry.columns <= Int(Int32.max),
      geometry.rows * geometry.columns <= Self.mostElements
    else {
      throw RuleError(
        .geometry, "orthogonal",
        "a matrix of \(geometry.rows) × \(geometry.columns) is made in memory as a whole; expected at most "
          + "\(Self.mostElements) values")
    }
  }

  /// 2^34 values, 64 GiB in single precision: more than any layer has, and few enough to be counted safely.
  static let mostElements = 1 << 34

  func write(_ target: FillTarget) {
    switch target.type {
    case .float64: write(target, in: Double.self)
    case .float32, .float16, .bfloat16: write(target, in: Float.self)
    }
  }

  /// Makes the matrix in place where its storage is row-major and all of it is asked for, else aside.
  private func write<Scalar: MatrixScalar>(_ target: FillTarget, in _: Scalar.Type) {
    let layout = MatrixLayout(target.geometry, .channelFirst)
    let (rows, columns) = (layout.rows, layout.columns)
    let first = layout.offset(row: 0, column: 0)
    let matrix = RandomOrthogonal<Scalar>(
      length: max(rows, columns), count: min(rows, columns), isRowMajor: rows > columns, gain: gain,
      stream: target.stream, firstIndex: target.selection.firstDraw &* columns, threads: target.threads,
      library: arithmetic == .automatic ? BLAS.shared : nil)
    let storage = first..<(first + rows * columns)
    if target.type == Scalar.elementType, layout.isRowMajor, storage.clamped(to: target.range) == storage {
      target.zero()
      matrix.write(target.place(first).assumingMemoryBound(to: Scalar.self))
      return
    }
    let values = UnsafeMutablePointer<Scalar>.allocate(capacity: rows * columns)
    defer { values.deallocate() }
    values.initialize(repeating: 0, count: rows * columns)
    matrix.write(values)
    for row in 0..<rows {
      for column in 0..<columns {
        target.store(Double(values[row * columns + column]), at: layout.offset(row: row, column: column))
      }
    }
  }
}
