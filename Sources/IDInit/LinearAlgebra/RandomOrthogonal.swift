/// Random matrices with orthonormal columns, uniform over the Haar measure.
///
/// Stewart, "The efficient generation of random orthogonal matrices" (SIAM J. Numer. Anal. 17, 1980): the QR
/// factorisation of a Gaussian matrix applies Householder reflections of independent Gaussian vectors of decreasing
/// length, so these vectors can be drawn instead of computed, which saves the factorisation. The columns' signs are
/// those for which R has a positive diagonal, as in `torch.nn.init.orthogonal_`.
///
/// The reflections are applied in blocks, I − V·T·Vᵀ (Schreiber and van Loan 1989), by matrix products.
struct RandomOrthogonal<Scalar: MatrixScalar> {
  /// The tall matrix: `length` ≥ `count` orthonormal columns.
  let length: Int
  let count: Int
  /// Stored row by row (`length` × `count`), or column by column?
  let isRowMajor: Bool
  let gain: Double
  let stream: RandomStream
  /// The random element (column k, row i) has the index `firstIndex` + k·length + i.
  let firstIndex: Int
  let threads: Int
  let library: BLAS?

  /// Reflections that are applied together.
  private var blockSize: Int { min(64, count) }

  /// Writes the matrix; `q` holds length · count zeros.
  func write(_ q: UnsafeMutablePointer<Scalar>) {
    guard let library else { return compute(q) }
    library.limited(to: threads) { compute(q) }
  }

  private func compute(_ q: UnsafeMutablePointer<Scalar>) {
    let vectors = UnsafeMutablePointer<Scalar>.allocate(capacity: blockSize * length)
    let work = UnsafeMutablePointer<Scalar>.allocate(capacity: 2 * blockSize * count)
    let small = UnsafeMutablePointer<Scalar>.allocate(capacity: 3 * blockSize * blockSize)
    defer {
      vectors.deallocate()
      work.deallocate()
      small.deallocate()
    }
    // Q = H₀·H₁ ⋯ applied to the identity, last block first: the rows and columns before it are untouched till then.
    let last = (count - 1) / blockSize * blockSize
    for first in stride(from: last, through: 0, by: -blockSize) {
      apply(first..<min(first + blockSize, count), q, vectors, work, small)
    }
  }

  private func apply(
    _ block: Range<Int>, _ q: UnsafeMutablePointer<Scalar>, _ v: UnsafeMutablePointer<Scalar>,
    _ work: UnsafeMutablePointer<Scalar>, _ small: UnsafeMutablePointer<Scalar>
  ) {
    let (first, size) = (block.lowerBound, block.count)
    let extent = length - first
    let later = count - block.upperBound
    let signs = draw(block, v, extent)
    let (gram, t, corner) = (small, small + size * size, small + 2 * size * size)
    // Tᵢⱼ from the products of the vectors.
    multiply(false, true, size, size, extent, 1, v, extent, v, extent, keep: 0, gram, size)
    triangle(gram, t, size)
    if later > 0 {
      let (x, y) = (work, work + size * later)
      if isRowMajor {
        let c = q + first * count + block.upperBound
        multiply(false, false, size, later, extent, 1, v, extent, c, count, keep: 0, x, later)
        multiply(false, false, size, later, size, 1, t, size, x, later, keep: 0, y, later)
        multiply(true, false, extent, later, size, -1, v, extent, y, later, keep: 1, c, count)
      } else {
        let c = q + block.upperBound * length + first
        multiply(false, true, later, size, extent, 1, c, length, v, extent, keep: 0, x, size)
        multiply(false, true, later, size, size, 1, x, size, t, size, keep: 0, y, size)
        multiply(false, false, later, extent, size, -1, y, size, v, extent, keep: 1, c, length)
      }
    }
    // The block's own columns: (I − V·T·V₁ᵀ)·D, D the signs times the gain, V₁ the first `size` rows of V.
    multiply(false, false, size, size, size, 1, t, size, v, extent, keep: 0, corner, size)
    for i in 0..<size { for j in 0..<size { corner[i * size + j] *= Scalar(signs[j] * gain) } }
    if isRowMajor {
      let c = q + first * count + first
      multiply(true, false, extent, size, size, -1, v, extent, corner, size, keep: 0, c, count)
      for j in 0..<size { c[j * count + j] += Scalar(signs[j] * gain) }
    } else {
      let c = q + first * length + first
      multiply(true, false, size, extent, size, -1, corner, size, v, extent, keep: 0, c, length)
      for j in 0..<size { c[j * length + j] += Scalar(signs[j] * gain) }
    }
  }

  /// Draws the block's vectors, one a row of `v`, scaled so that reflection i is I − v·vᵀ. Returns the columns' signs.
  private func draw(_ block: Range<Int>, _ v: UnsafeMutablePointer<Scalar>, _ extent: Int) -> [Double] {
    let first = block.lowerBound
    // The threads write different vectors and different signs.
    nonisolated(unsafe) let v = v
    return [Double](unsafeUninitializedCapacity: block.count) { signs, count in
      nonisolated(unsafe) let signs = signs
      Parallel.forEach(0..<block.count, threads: threads, minimum: max(1, (1 << 14) / max(1, extent))) { part in
        for index in part {
          let row = v + index * extent
          row.update(repeating: 0, count: index)
          let start = firstIndex + (first + index) * length + first + index
          Scalar.sampler().write(
            UnsafeMutableRawPointer(row + index), as: Scalar.elementType, start..<(start + extent - index), stream)
          signs[index] = reflect(row + index, extent - index)
        }
      }
      count = block.count
    }
  }

  /// Turns a Gaussian vector x into v = √2·u/|u|, u = x + sign(x₀)·|x|·e₀. Returns −sign(x₀), the sign of R's element.
  private func reflect(_ x: UnsafeMutablePointer<Scalar>, _ count: Int) -> Double {
    let square = sumOfSquares(x, count)
    guard square > 0 else {
      x[0] = 0
      return 1
    }
    let sign: Double = x[0] < 0 ? -1 : 1
    x[0] += Scalar(sign * square.squareRoot())
    let scale = Scalar((2 / sumOfSquares(x, count)).squareRoot())
    for i in 0..<count { x[i] *= scale }
    return -sign
  }

  private func sumOfSquares(_ x: UnsafeMutablePointer<Scalar>, _ count: Int) -> Double {
    var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0)
    var i = 0
    while i &+ 4 <= count {
      let (a, b, c, d) = (Double(x[i]), Double(x[i &+ 1]), Double(x[i &+ 2]), Double(x[i &+ 3]))
      s0 += a * a
      s1 += b * b
      s2 += c * c
      s3 += d * d
      i &+= 4
    }
    while i < count {
      s0 += Double(x[i]) * Double(x[i])
      i &+= 1
    }
    return (s0 + s1) + (s2 + s3)
  }

  /// The upper triangular T with H₀·H₁ ⋯ = I − V·T·Vᵀ: Tᵢᵢ = 1, T₀‥ᵢ,ᵢ = −T₀‥ᵢ,₀‥ᵢ · (Vᵀvᵢ).
  private func triangle(_ gram: UnsafeMutablePointer<Scalar>, _ t: UnsafeMutablePointer<Scalar>, _ size: Int) {
    var wide = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      // v·v is 2 but for rounding; 2/(v·v) is the factor that makes the reflection orthogonal.
      let square = Double(gram[i * size + i])
      let factor = square > 0 ? 2 / square : 0
      wide[i * size + i] = factor
      for row in 0..<i {
        var sum = 0.0
        for k in row..<i { sum += wide[row * size + k] * Double(gram[k * size + i]) }
        wide[row * size + i] = -factor * sum
      }
    }
    for index in wide.indices { t[index] = Scalar(wide[index]) }
  }

  private func multiply(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ scale: Scalar, _ a: UnsafePointer<Scalar>,
    _ lda: Int, _ b: UnsafePointer<Scalar>, _ ldb: Int, keep: Scalar, _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int
  ) {
    if let library {
      Scalar.multiply(
        library, transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, scale: scale, a, lda, b, ldb,
        keep: keep, c, ldc)
    } else {
      if keep == 0 { for row in 0..<m { (c + row * ldc).update(repeating: 0, count: n) } }
      PortableProduct.multiply(
        transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, scale: scale, a, lda, b, ldb, c, ldc,
        threads: threads)
    }
  }
}
