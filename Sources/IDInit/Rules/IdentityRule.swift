/// IDI(τ) and, for kernels, IDIC(τ): the padded identity of "IDInit" (Sections 3.2 and 3.3.1, Equations 3 and 6).
///
/// Of the matrix (rows are outputs, columns inputs) `w[m][j] = τ_m` where `j = m mod columns`, else 0: a wide matrix
/// keeps its right-hand columns 0, a tall one stacks identities. τ_m ~ N(τ, ε_τ²) is drawn for each non-zero element
/// (the "loose" condition). A kernel is its matrix out × (in/groups · k…k), columns in ``columnOrder``.
///
/// In 16-bit types noise of 1e-6 on a weight near 1 is below the spacing of the numbers and rounds away.
public struct IdentityRule: WeightRule {
  /// τ. The paper: 1, and √2 for the first layer of a ReLU network.
  public var gain: Double
  /// ε_τ, the noise's standard deviation; 0 turns it off.
  public var looseness: Double
  /// Has an effect only where there is a window.
  public var columnOrder: ColumnOrder

  /// The rule with these numbers; the paper's where they are left out.
  public init(gain: Double = 1, looseness: Double = 1e-6, columnOrder: ColumnOrder = .channelFirst) {
    self.gain = gain
    self.looseness = looseness
    self.columnOrder = columnOrder
  }

  init(_ options: inout RuleOptions) {
    self.init(
      gain: options.take(\.gain) ?? 1, looseness: options.take(\.looseness) ?? 1e-6,
      columnOrder: options.take(\.columnOrder) ?? .channelFirst)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.gain = gain
    options.looseness = looseness
    options.columnOrder = columnOrder
    return options
  }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.finite(gain, "gain", of: "idi")
    try Check.nonNegative(looseness, "looseness", of: "idi")
  }

  func write(_ target: FillTarget) {
    let layout = MatrixLayout(target.geometry, columnOrder)
    let columns = layout.columns
    LooseDiagonal(gain: gain, looseness: looseness).write(target) { row in
      layout.offset(row: row, column: row % columns)
    }
  }
}

/// Zeros but for one element a row, τ_m = τ + ε_τ·z_m, with z_m drawn by the row's number in the whole weight.
struct LooseDiagonal {
  var gain: Double
  var looseness: Double

  /// `offset` gives the place of a row's element, or nil for a row that has none.
  @inline(__always)
  func write(_ target: FillTarget, offset: (_ row: Int) -> Int?) {
    let sampler = NormalSampler(mean: 0, std: 1)
    let selection = target.selection
    target.zeroThenRows { rows in
      guard looseness > 0 else {
        for row in rows { if let offset = offset(row) { target.store(gain, at: offset) } }
        return
      }
      selection.forEachRun(in: rows) { run in
        var start = run.lowerBound
        while start < run.upperBound {
          let count = min(1024, run.upperBound - start)
          withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { noise in
            guard let base = noise.baseAddress else { return }
            let first = selection[start]
            sampler.write(UnsafeMutableRawPointer(base), as: .float32, first..<(first + count), target.stream)
            for index in 0..<count {
              guard let offset = offset(start + index) else { continue }
              target.store(gain + looseness * Double(base[index]), at: offset)
            }
          }
          start += count
        }
      }
    }
  }
}
