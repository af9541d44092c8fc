/// Matrix products in Swift: packed strips and a 4-row micro-kernel, as in Goto and van de Geijn, "Anatomy of
/// high-performance matrix multiplication" (2008). The order of the sums does not depend on the threads.
enum PortableProduct {
  static let tileRows = 4
  /// Depth of a packed block: a strip of B stays in the first-level cache.
  private static let blockDepth = 256
  private static let blockRows = 128
  private static let blockColumns = 1024

  /// C += scale · op(A) · op(B), row-major; op(A) is m × k, op(B) k × n.
  static func multiply<Scalar: MatrixScalar>(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, scale: Scalar, _ a: UnsafePointer<Scalar>, _ lda: Int,
    _ b: UnsafePointer<Scalar>, _ ldb: Int, _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int, threads: Int
  ) {
    let strideA = transposeA ? (row: 1, column: lda) : (row: lda, column: 1)
    let strideB = transposeB ? (row: 1, column: ldb) : (row: ldb, column: 1)
    // Each thread has its own part of C; about a million multiplications make a thread worth its while.
    let minimum = max(16, (1 << 20) / max(1, min(m, n) * k))
    // The parts of C are disjoint and A, B are only read.
    nonisolated(unsafe) let (a, b, c) = (a, b, c)
    if m >= n {
      Parallel.forEach(0..<m, threads: threads, alignment: tileRows, minimum: minimum) { rows in
        part(
          rows.count, n, k, scale, a + rows.lowerBound * strideA.row, strideA, b, strideB,
          c + rows.lowerBound * ldc, ldc)
      }
    } else {
      Parallel.forEach(0..<n, threads: threads, alignment: Scalar.tileColumns, minimum: minimum) { columns in
        part(
          m, columns.count, k, scale, a, strideA, b + columns.lowerBound * strideB.column, strideB,
          c + columns.lowerBound, ldc)
      }
    }
  }

  private static func part<Scalar: MatrixScalar>(
    _ m: Int, _ n: Int, _ k: Int, _ scale: Scalar, _ a: UnsafePointer<Scalar>, _ strideA: (row: Int, column: Int),
    _ b: UnsafePointer<Scalar>, _ strideB: (row: Int, column: Int), _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int
  ) {
    let width = Scalar.tileColumns
    let packedA = UnsafeMutablePointer<Scalar>.allocate(capacity: blockRows * blockDepth)
    let packedB = UnsafeMutablePointer<Scalar>.allocate(capacity: blockColumns * blockDepth)
    let edge = UnsafeMutablePointer<Scalar>.allocate(capacity: tileRows * width)
    defer {
      packedA.deallocate()
      packedB.deallocate()
      edge.deallocate()
    }
    for firstColumn in stride(from: 0, to: n, by: blockColumns) {
      let columns = min(blockColumns, n - firstColumn)
      for firstDepth in stride(from: 0, to: k, by: blockDepth) {
        let depth = min(blockDepth, k - firstDepth)
        pack(
          b + firstColumn * strideB.column + firstDepth * strideB.row, across: strideB.column, along: strideB.row,
          count: columns, depth: depth, width: width, to: packedB)
        for firstRow in stride(from: 0, to: m, by: blockRows) {
          let rows = min(blockRows, m - firstRow)
          pack(
            a + firstRow * strideA.row + firstDepth * strideA.column, across: strideA.row, along: strideA.column,
            count: rows, depth: depth, width: tileRows, to: packedA)
          for column in stride(from: 0, to: columns, by: width) {
            let stripB = packedB + column * depth
            for row in stride(from: 0, to: rows, by: tileRows) {
              let stripA = packedA + row * depth
              let place = c + (firstRow + row) * ldc + firstColumn + column
              let (height, breadth) = (min(tileRows, rows - row), min(width, columns - column))
              if height == tileRows, breadth == width {
                Scalar.multiplyTile(stripA, stripB, depth: depth, scale: scale, place, stride: ldc)
              } else {
                edge.update(repeating: 0, count: tileRows * width)
                Scalar.multiplyTile(stripA, stripB, depth: depth, scale: scale, edge, stride: width)
                for i in 0..<height { for j in 0..<breadth { place[i * ldc + j] += edge[i * width + j] } }
              }
            }
          }
        }
      }
    }
  }

  /// Copies a block into strips of `width`, each running along the depth; the last strip is padded with zeros.
  private static func pack<Scalar: MatrixScalar>(
    _ source: UnsafePointer<Scalar>, across: Int, along: Int, count: Int, depth: Int, width: Int,
    to packed: UnsafeMutablePointer<Scalar>
  ) {
    for start in stride(from: 0, to: count, by: width) {
      let strip = packed + start &* depth
      let used = min(width, count - start)
      let from = source + start &* across
      if used < width { strip.update(repeating: 0, count: width * depth) }
      if across == 1 {
        for p in 0..<depth { for i in 0..<used { strip[p &* width &+ i] = from[p &* along &+ i] } }
      } else {
        for i in 0..<used { for p in 0..<depth { strip[p &* width &+ i] = from[i &* across &+ p &* along] } }
      }
    }
  }
}
