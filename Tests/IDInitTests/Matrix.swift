import IDInit

/// A weight as the matrix that it computes with: `matrix[row][column]`.
func matrix(_ values: [Double], _ geometry: WeightGeometry, _ order: ColumnOrder = .channelFirst) -> [[Double]] {
  let layout = MatrixLayout(geometry, order)
  return (0..<layout.rows).map { row in
    (0..<layout.columns).map { values[layout.offset(row: row, column: $0)] }
  }
}

extension Rule {
  /// Values in double precision, as a matrix.
  func doubles(_ geometry: WeightGeometry, seed: UInt64 = 0, name: String = "w") throws -> [Double] {
    try values(geometry: geometry, as: Double.self, seed: seed, name: name)
  }
}

/// Square, wide, tall, 1 × n, n × 1, primes.
let matrixShapes: [(Int, Int)] = [
  (1, 1), (4, 4), (4, 6), (6, 4), (2, 7), (7, 2), (1, 9), (9, 1), (13, 29), (29, 13), (17, 17), (3, 4), (4, 3), (5, 15),
]

/// One geometry of each kind, with every matrix element in the storage once.
let sampleGeometries: [WeightGeometry] = [
  .linear(out: 5, in: 7),
  .transposedLinear(in: 7, out: 5),
  .convolution(shape: [8, 2, 3]),
  .convolution(shape: [8, 2, 3, 3]),
  .convolution(shape: [4, 3, 2, 3, 2]),
  .convolution(shape: [12, 2, 3, 3], groups: 3),
  .convolution(shape: [16, 1, 3, 3], groups: 16),
  .transposedConvolution(shape: [6, 4, 3, 2]),
  .transposedConvolution(shape: [6, 4, 3], groups: 3),
  WeightGeometry(shape: [3, 3, 2, 8], outAxis: 3, inAxis: 2, windowAxes: [0, 1]),  // HWIO, as JAX stores kernels
]
