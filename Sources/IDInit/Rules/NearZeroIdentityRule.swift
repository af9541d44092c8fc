/// IDIZ(ε) and, for kernels, IDIZC(ε): "IDInit", Section 3.3.2, Equation 8 and Figure 6. Almost zero, so that a
/// residual block starts as the identity, but without dead neurons.
///
/// First IDI(ε), exact (no noise). Then, with fewer rows than columns, the columns from `rows` on are IDI(−ε) of
/// their own block; otherwise also `w[m][(m mod columns + 1) mod columns] = −ε`. Every row is a difference of two
/// inputs. With a single column there is no second input: the last write, −ε, stays.
public struct NearZeroIdentityRule: WeightRule {
  /// ε: the size of every element that is not 0.
  public var epsilon: Double
  /// Has an effect only where there is a window.
  public var columnOrder: ColumnOrder

  /// The rule with these numbers; the paper's where they are left out.
  public init(epsilon: Double = 1e-6, columnOrder: ColumnOrder = .channelFirst) {
    self.epsilon = epsilon
    self.columnOrder = columnOrder
  }

  init(_ options: inout RuleOptions) {
    self.init(epsilon: options.take(\.epsilon) ?? 1e-6, columnOrder: options.take(\.columnOrder) ?? .channelFirst)
  }

  var options: RuleOptions {
    var options = RuleOptions()
    options.epsilon = epsilon
    options.columnOrder = columnOrder
    return options
  }

  func check(_ geometry: WeightGeometry) throws(RuleError) {
    try Check.nonNegative(epsilon, "epsilon", of: "idiz")
  }

  func write(_ target: FillTarget) {
    let layout = MatrixLayout(target.geometry, columnOrder)
    let (rows, columns) = (layout.rows, layout.columns)
    target.zeroThenRows { part in
      for row in part {
        target.store(epsilon, at: layout.offset(row: row, column: row % columns))
        let second = rows < columns ? rows + row % (columns - rows) : (row % columns + 1) % columns
        target.store(-epsilon, at: layout.offset(row: row, column: second))
      }
    }
  }
}
