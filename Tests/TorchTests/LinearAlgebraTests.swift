import Testing
import Torch

struct LinearAlgebraTests {
  private func close(_ a: Tensor, _ b: Tensor, _ tolerance: Double = 1e-12) throws -> Bool {
    try a.isClose(to: b, relative: 0, absolute: tolerance)
  }

  @Test(arguments: [[5, 5], [7, 3], [3, 7], [1, 4], [4, 1]])
  func qrGivesOrthonormalColumnsAndATriangle(_ shape: [Int]) throws {
    let a = try Tensor.randn(shape, dtype: .float64, generator: Generator(seed: 1))
    let (q, r) = try a.qr()
    let k = shape.min() ?? 0
    #expect(q.shape == [shape[0], k] && r.shape == [k, shape[1]])
    #expect(try close(q.matmul(r), a))
    #expect(try close(q.transposed().matmul(q), Tensor.eye(k, dtype: .float64)))
    #expect(try r.isEqual(to: r.upperTriangle()))
  }

  /// Singular values of a product U diag(s) V with known s.
  @Test func singularValuesAreFound() throws {
    let u = try sines([6, 4], 1.7, 0.3).to(.float64).qr().q
    let v = try sines([5, 4], 0.9, 0.1).to(.float64).qr().q
    let s = try Tensor([4, 2, 1, 0.5] as [Double])
    let a = try (u * s).matmul(v.transposed())
    #expect(try close(a.singularValues().narrow(axis: 0, start: 0, length: 4), s))
    let (left, values, right) = try a.svd()
    #expect(left.shape == [6, 5] && right.shape == [5, 5])
    #expect(try close((left * values).matmul(right), a))
    #expect(try a.matrixRank().integer() == 4)
    #expect(try a.matrixRank(tolerance: 0.75).integer() == 3)
    #expect(try a.matrixRank(relativeTolerance: 0.4).integer() == 2)
    #expect(try close(a.transposed().matmul(a).symmetricEigenvalues().index(-1), Tensor(scalar: 16, dtype: .float64)))
  }

  @Test func aSingularSystemSaysSo() throws {
    let error = #expect(throws: TorchError.self) { try Tensor.ones([3, 3]).solve(Tensor.ones([3, 1])) }
    #expect(error?.kind == .linearAlgebra)
    #expect(error?.operation == "Tensor.solve")
  }

  @Test func solvingAndLeastSquares() throws {
    let a = try (sines([4, 4], 1.7, 0.3) + 3 * Tensor.eye(4)).to(.float64)
    let x = try sines([4, 2], 0.5, 0.2).to(.float64)
    #expect(try close(a.solve(a.matmul(x)), x))
    // The residual of least squares is orthogonal to the columns.
    let tall = try Tensor.randn([9, 3], dtype: .float64, generator: Generator(seed: 1))
    let right = try sines([9, 1], 0.6, 1).to(.float64)
    let residual = try tall.matmul(tall.leastSquares(right)) - right
    #expect(try close(tall.transposed().matmul(residual), Tensor.zeros([3, 1], dtype: .float64)))
    #expect(try residual.norm().item() > 0.1)
  }

  @Test func productsOfBatches() throws {
    let a = try sines([2, 3, 4], 0.7, 0.1), b = try sines([4, 5], 0.3, 0.2)
    #expect(try a.matmul(b).shape == [2, 3, 5])
    #expect(try a.matmul(b).index(1).isClose(to: a.index(1).matmul(b), relative: 1e-5, absolute: 1e-6))
  }
}
