import CTorch

// Matrices are the last two axes; the axes before them are a batch.

extension Tensor {
  /// The matrix product, with PyTorch's rules for vectors and batches.
  public func matmul(_ other: Tensor) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.matmul") { ct_tensor_matmul(&$0, handle, other.handle) }
      .traced("aten.matmul.default") { [.tensor(self), .tensor(other)] }
  }

  /// self[m, n] = q[m, k]·r[k, n] with k = min(m, n), orthonormal columns in q and r upper triangular.
  public func qr() throws(TorchError) -> (q: Tensor, r: Tensor) {
    var q: OpaquePointer?
    var r: OpaquePointer?
    let status = ct_linalg_qr(&q, &r, handle)
    guard status == CT_OK, let q, let r else { throw TorchError.last(status, "Tensor.qr") }
    let result = (q: Tensor(adopting: q), r: Tensor(adopting: r))
    GraphTracer.record("aten.linalg_qr.default", outputs: [result.q, result.r]) { [.tensor(self)] }
    return result
  }

  /// The min(m, n) singular values, largest first.
  public func singularValues() throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.singularValues") { ct_linalg_singular_values(&$0, handle) }
      .traced("aten.linalg_svdvals.default") { [.tensor(self)] }
  }

  /// self[m, n] = u[m, k]·diag(s[k])·vh[k, n] with k = min(m, n).
  public func svd() throws(TorchError) -> (u: Tensor, s: Tensor, vh: Tensor) {
    var u: OpaquePointer?
    var s: OpaquePointer?
    var vh: OpaquePointer?
    let status = ct_linalg_svd(&u, &s, &vh, handle)
    guard status == CT_OK, let u, let s, let vh else { throw TorchError.last(status, "Tensor.svd") }
    let result = (u: Tensor(adopting: u), s: Tensor(adopting: s), vh: Tensor(adopting: vh))
    GraphTracer.record("aten.linalg_svd.default", outputs: [result.u, result.s, result.vh]) { [.tensor(self)] }
    return result
  }

  /// The eigenvalues of a symmetric matrix, smallest first; only the lower triangle is read.
  public func symmetricEigenvalues() throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.symmetricEigenvalues") { ct_linalg_symmetric_eigenvalues(&$0, handle) }
      .traced("aten.linalg_eigvalsh.default") { [.tensor(self)] }
  }

  /// The number of singular values above a tolerance, for each matrix of the batch.
  ///
  /// - Parameters:
  ///   - tolerance: In the units of the matrix (`atol`).
  ///   - relativeTolerance: A part of the largest singular value (`rtol`). If both are nil it is max(m, n)·ε of the
  ///     element type, as in PyTorch and NumPy; with `tolerance` alone it is 0.
  /// - Returns: int64, of the batch's shape.
  /// - Throws: ``TorchError`` for a tensor of fewer than two axes, or if the singular values do not converge.
  public func matrixRank(tolerance: Double? = nil, relativeTolerance: Double? = nil) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.matrixRank") { out in
      withOptional(tolerance) { absolute in
        withOptional(relativeTolerance) { relative in ct_linalg_matrix_rank(&out, handle, absolute, relative) }
      }
    }.traced("aten.linalg_matrix_rank.atol_rtol_float") { [.tensor(self)] }
  }

  /// x with self·x = right.
  ///
  /// - Throws: ``TorchError`` of kind `linearAlgebra` if the matrix is singular.
  public func solve(_ right: Tensor) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.solve") { ct_linalg_solve(&$0, handle, right.handle) }
      .traced("aten.linalg_solve.default") { [.tensor(self), .tensor(right)] }
  }

  /// x that makes ‖self·x − right‖ smallest.
  public func leastSquares(_ right: Tensor) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.leastSquares") { ct_linalg_least_squares(&$0, handle, right.handle) }
      .traced("aten.linalg_lstsq.default") { [.tensor(self), .tensor(right)] }
  }
}
