import Foundation
import TestSupport
import Testing

@testable import IDInit

/// IDI, IDIC, IDIZ, IDIZC, centre tap and partial identity against their closed forms, written out here anew.
@Suite struct IdentityRuleTests {
  private func idi(_ rows: Int, _ columns: Int, _ value: Double) -> [[Double]] {
    (0..<rows).map { m in (0..<columns).map { $0 == m % columns ? value : 0 } }
  }

  private func idiz(_ rows: Int, _ columns: Int, _ epsilon: Double) -> [[Double]] {
    var w = idi(rows, columns, epsilon)
    for m in 0..<rows {
      if rows < columns {
        w[m][rows + m % (columns - rows)] = -epsilon
      } else {
        w[m][(m % columns + 1) % columns] = -epsilon
      }
    }
    return w
  }

  @Test(arguments: matrixShapes)
  func identity(rows: Int, columns: Int) throws {
    let geometry = WeightGeometry.linear(out: rows, in: columns)
    let exact = try Rule.identity(IdentityRule(gain: 1.5, looseness: 0)).doubles(geometry)
    #expect(matrix(exact, geometry) == idi(rows, columns, 1.5))

    let loose = try Rule.identity(IdentityRule(gain: 1.5, looseness: 1e-3)).doubles(geometry)
    var noise: [Double] = []
    for (m, row) in matrix(loose, geometry).enumerated() {
      for (j, value) in row.enumerated() {
        if j == m % columns {
          noise.append(value - 1.5)
        } else {
          #expect(value == 0)
        }
      }
    }
    #expect(noise.allSatisfy { abs($0) < 8e-3 && $0 != 0 })
    #expect(Set(noise).count == rows, "noise is drawn for each element")
  }

  /// Rows of the paper's Figure 3: every input reaches some output, every output reads one input.
  @Test func rankOfStackedIdentities() throws {
    let geometry = WeightGeometry.linear(out: 6, in: 4)
    let w = matrix(try Rule.identity(IdentityRule(looseness: 0)).doubles(geometry), geometry)
    #expect(w == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]])
  }

  @Test(arguments: matrixShapes)
  func nearZero(rows: Int, columns: Int) throws {
    let geometry = WeightGeometry.linear(out: rows, in: columns)
    let w = matrix(try Rule.nearZeroIdentity(NearZeroIdentityRule(epsilon: 0.5)).doubles(geometry), geometry)
    #expect(w == idiz(rows, columns, 0.5))
    for row in w {
      if columns == 1 {
        // No second input: the last write wins.
        #expect(row == [-0.5])
      } else {
        #expect(row.reduce(0, +) == 0)
        #expect(row.reduce(0) { $0 + $1 * $1 } == 0.5)
      }
    }
  }

  @Test func nearZeroOfTheFigure() throws {
    let geometry = WeightGeometry.linear(out: 4, in: 6)
    let w = matrix(try Rule.nearZeroIdentity(NearZeroIdentityRule(epsilon: 1)).doubles(geometry), geometry)
    #expect(
      w == [[1, 0, 0, 0, -1, 0], [0, 1, 0, 0, 0, -1], [0, 0, 1, 0, -1, 0], [0, 0, 0, 1, 0, -1]])
  }

  /// The variance of an output of IDIZ is 2φε² for independent inputs of variance φ: the row's sum of squares.
  @Test func defaults() throws {
    let geometry = WeightGeometry.linear(out: 3, in: 3)
    #expect(matrix(try Rule.nearZeroIdentity(NearZeroIdentityRule()).doubles(geometry), geometry) == idiz(3, 3, 1e-6))
    let loose = try Rule.identity(IdentityRule()).doubles(.linear(out: 4000, in: 1))
    let m = Moments(loose.map { ($0 - 1) / 1e-6 })
    #expect(abs(m.variance - 1) < 4 * (2.0 / 4000).squareRoot())
  }

  /// Kernels of every kind: the matrix in the asked order is IDI or IDIZ, wherever it lies in the storage.
  @Test(arguments: sampleGeometries, ColumnOrder.allCases)
  func kernels(geometry: WeightGeometry, order: ColumnOrder) throws {
    let (rows, columns) = (geometry.rows, geometry.columns)
    let identity = try Rule.identity(IdentityRule(gain: 2, looseness: 0, columnOrder: order)).doubles(geometry)
    #expect(matrix(identity, geometry, order) == idi(rows, columns, 2))
    let nearZero = try Rule.nearZeroIdentity(NearZeroIdentityRule(epsilon: 2, columnOrder: order)).doubles(geometry)
    #expect(matrix(nearZero, geometry, order) == idiz(rows, columns, 2))
  }

  /// Depthwise channels take different window positions.
  @Test func depthwise() throws {
    let w = try Rule.identity(IdentityRule(looseness: 0)).doubles(.convolution(shape: [4, 1, 3], groups: 4))
    #expect(w == [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0])
  }

  @Test func centreTap() throws {
    let kernel = WeightGeometry.convolution(shape: [3, 2, 3, 3])
    let w = try Rule.centreTap(CentreTapRule(gain: 1.5, looseness: 0)).doubles(kernel)
    for (offset, value) in w.enumerated() {
      let (o, i, position) = (offset / 18, offset / 9 % 2, offset % 9)
      #expect(value == (position == 4 && i == o % 2 ? 1.5 : 0))
    }
    // Even windows take the later middle position, as torch.nn.init.dirac_: k/2 rounded down.
    let even = try Rule.centreTap(CentreTapRule(looseness: 0)).doubles(.convolution(shape: [1, 1, 4, 2]))
    #expect(even.firstIndex(of: 1) == 2 * 2 + 1)
    #expect(even.filter { $0 != 0 }.count == 1)
    // Without a window it is IDI.
    let linear = WeightGeometry.linear(out: 5, in: 3)
    #expect(
      try Rule.centreTap(CentreTapRule(looseness: 0)).doubles(linear)
        == Rule.identity(IdentityRule(looseness: 0)).doubles(linear))
    // A transposed kernel: stored [in, out, k].
    let transposed = WeightGeometry.transposedConvolution(shape: [2, 4, 3])
    let t = try Rule.centreTap(CentreTapRule(looseness: 0)).doubles(transposed)
    for i in 0..<2 { for o in 0..<4 { #expect(t[(i * 4 + o) * 3 + 1] == (i == o % 2 ? 1 : 0)) } }
  }

  @Test(arguments: matrixShapes)
  func partialIdentity(rows: Int, columns: Int) throws {
    let geometry = WeightGeometry.linear(out: rows, in: columns)
    let w = matrix(try Rule.partialIdentity(PartialIdentityRule(gain: 3)).doubles(geometry), geometry)
    #expect(w == (0..<rows).map { m in (0..<columns).map { $0 == m ? 3 : 0 } })
  }

  /// Sylvester's recursion, as the matrix of the released code is built.
  private func sylvester(_ size: Int) -> [[Double]] {
    var h = [[1.0]]
    while h.count < size {
      h = h.map { $0 + $0 } + h.map { $0 + $0.map { -$0 } }
    }
    return h
  }

  @Test(arguments: matrixShapes)
  func hadamard(rows: Int, columns: Int) throws {
    let geometry = WeightGeometry.linear(out: rows, in: columns)
    let w = matrix(try Rule.hadamard(HadamardRule()).doubles(geometry), geometry)
    guard rows > columns else {
      #expect(w == (0..<rows).map { m in (0..<columns).map { $0 == m ? 1 : 0 } })
      return
    }
    let c = Int(ceil(log2(Double(rows))))
    let h = sylvester(1 << c)
    let scale = pow(2, -Double(c) / 2)
    let larger = matrix(try Rule.hadamard(HadamardRule(normalization: .paper)).doubles(geometry), geometry)
    for i in 0..<rows {
      for j in 0..<columns {
        #expect(abs(w[i][j] - h[i][j] * scale) < 1e-15)
        #expect(abs(larger[i][j] - h[i][j] * scale * 2.0.squareRoot()) < 1e-15)
      }
    }
    if rows.nonzeroBitCount == 1 {
      for a in 0..<columns {
        for b in 0..<columns {
          let product = (0..<rows).reduce(0.0) { $0 + w[$1][a] * w[$1][b] }
          #expect(abs(product - (a == b ? 1 : 0)) < 1e-12)
        }
      }
    }
  }

  /// Of a size that is a power of two an orthogonal matrix, like the tall one whose upper part it is; wide ones stay.
  @Test func squaresCanBeHadamardToo() throws {
    let rule = HadamardRule(squares: .hadamard)
    for size in [8, 6] {
      let geometry = WeightGeometry.linear(out: size, in: size)
      let w = matrix(try Rule.hadamard(rule).doubles(geometry), geometry)
      let scale = pow(8, -0.5)
      let h = sylvester(8)
      for i in 0..<size { for j in 0..<size { #expect(abs(w[i][j] - h[i][j] * scale) < 1e-15) } }
    }
    let wide = WeightGeometry.linear(out: 3, in: 5)
    #expect(try Rule.hadamard(rule).doubles(wide) == Rule.partialIdentity(PartialIdentityRule()).doubles(wide))
    #expect(try Rule(parsing: "hadamard,squares=hadamard") == .hadamard(rule))
  }

  @Test func hadamardKernelSitsAtTheCentre() throws {
    let kernel = WeightGeometry.convolution(shape: [4, 2, 3])
    let linear = try Rule.hadamard(HadamardRule()).doubles(.linear(out: 4, in: 2))
    let w = try Rule.hadamard(HadamardRule()).doubles(kernel)
    for (offset, value) in w.enumerated() { #expect(value == (offset % 3 == 1 ? linear[offset / 3] : 0)) }
  }

  @Test func looseVariants() throws {
    let geometry = WeightGeometry.linear(out: 64, in: 5)
    let exact = try Rule.hadamard(HadamardRule()).doubles(geometry)
    let loose = try Rule.hadamard(HadamardRule(looseness: 1e-6)).doubles(geometry)
    let noise = zip(exact, loose).map { ($1 - $0) / 1e-6 }
    #expect(abs(Moments(noise).variance - 1) < 4 * (2.0 / 320).squareRoot())
    let partial = try Rule.partialIdentity(PartialIdentityRule(looseness: 1e-3)).doubles(geometry)
    #expect(partial.filter { $0 != 0 }.count == 5)
    #expect(partial.filter { $0 != 0 && $0 != 1 }.count == 5)
  }
}
