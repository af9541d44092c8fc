/// The element types that matrices are multiplied in.
protocol MatrixScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// Columns of the portable micro-kernel's tile; it has ``PortableProduct/tileRows`` rows.
  static var tileColumns: Int { get }

  /// Adds `scale` times the product of a packed strip of A (depth × tileRows) and one of B (depth × tileColumns) to
  /// the tile at `c`, whose rows are `stride` apart.
  static func multiplyTile(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, depth: Int, scale: Self, _ c: UnsafeMutablePointer<Self>,
    stride: Int)

  static func sampler() -> NormalSampler
  static var elementType: ElementType { get }

  /// The library's product for this type.
  static func multiply(
    _ library: BLAS, transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, scale: Self,
    _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int, keep: Self,
    _ c: UnsafeMutablePointer<Self>, _ ldc: Int)
}

extension MatrixScalar {
  static func sampler() -> NormalSampler { NormalSampler(mean: 0, std: 1) }
}

extension Float: MatrixScalar {
  static var tileColumns: Int { 8 }

  static func multiplyTile(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, depth: Int, scale: Float, _ c: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    typealias V = SIMD4<Float>
    var (c00, c01, c10, c11) = (V.zero, V.zero, V.zero, V.zero)
    var (c20, c21, c30, c31) = (V.zero, V.zero, V.zero, V.zero)
    let rawB = UnsafeRawPointer(b)
    for p in 0..<depth {
      let b0 = rawB.loadUnaligned(fromByteOffset: p &* 32, as: V.self)
      let b1 = rawB.loadUnaligned(fromByteOffset: p &* 32 &+ 16, as: V.self)
      let strip = a + p &* 4
      let a0 = V(repeating: strip[0])
      c00 = c00 + a0 * b0
      c01 = c01 + a0 * b1
      let a1 = V(repeating: strip[1])
      c10 = c10 + a1 * b0
      c11 = c11 + a1 * b1
      let a2 = V(repeating: strip[2])
      c20 = c20 + a2 * b0
      c21 = c21 + a2 * b1
      let a3 = V(repeating: strip[3])
      c30 = c30 + a3 * b0
      c31 = c31 + a3 * b1
    }
    let scale = V(repeating: scale)
    @inline(__always) func add(_ row: Int, _ left: V, _ right: V) {
      let place = UnsafeMutableRawPointer(c + row &* stride)
      place.storeBytes(of: place.loadUnaligned(as: V.self) + scale * left, as: V.self)
      place.storeBytes(
        of: place.loadUnaligned(fromByteOffset: 16, as: V.self) + scale * right, toByteOffset: 16, as: V.self)
    }
    add(0, c00, c01)
    add(1, c10, c11)
    add(2, c20, c21)
    add(3, c30, c31)
  }

  static func multiply(
    _ library: BLAS, transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, scale: Float,
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, keep: Float,
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) {
    library.sgemm(
      BLAS.rowMajor, BLAS.transposition(transposeA), BLAS.transposition(transposeB), Int32(m), Int32(n), Int32(k),
      scale, a, Int32(lda), b, Int32(ldb), keep, c, Int32(ldc))
  }
}

extension Double: MatrixScalar {
  static var tileColumns: Int { 4 }

  static func multiplyTile(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, depth: Int, scale: Double,
    _ c: UnsafeMutablePointer<Double>, stride: Int
  ) {
    typealias V = SIMD2<Double>
    var (c00, c01, c10, c11) = (V.zero, V.zero, V.zero, V.zero)
    var (c20, c21, c30, c31) = (V.zero, V.zero, V.zero, V.zero)
    let rawB = UnsafeRawPointer(b)
    for p in 0..<depth {
      let b0 = rawB.loadUnaligned(fromByteOffset: p &* 32, as: V.self)
      let b1 = rawB.loadUnaligned(fromByteOffset: p &* 32 &+ 16, as: V.self)
      let strip = a + p &* 4
      let a0 = V(repeating: strip[0])
      c00 = c00 + a0 * b0
      c01 = c01 + a0 * b1
      let a1 = V(repeating: strip[1])
      c10 = c10 + a1 * b0
      c11 = c11 + a1 * b1
      let a2 = V(repeating: strip[2])
      c20 = c20 + a2 * b0
      c21 = c21 + a2 * b1
      let a3 = V(repeating: strip[3])
      c30 = c30 + a3 * b0
      c31 = c31 + a3 * b1
    }
    let scale = V(repeating: scale)
    @inline(__always) func add(_ row: Int, _ left: V, _ right: V) {
      let place = UnsafeMutableRawPointer(c + row &* stride)
      place.storeBytes(of: place.loadUnaligned(as: V.self) + scale * left, as: V.self)
      place.storeBytes(
        of: place.loadUnaligned(fromByteOffset: 16, as: V.self) + scale * right, toByteOffset: 16, as: V.self)
    }
    add(0, c00, c01)
    add(1, c10, c11)
    add(2, c20, c21)
    add(3, c30, c31)
  }

  static func multiply(
    _ library: BLAS, transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, scale: Double,
    _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int, keep: Double,
    _ c: UnsafeMutablePointer<Double>, _ ldc: Int
  ) {
    library.dgemm(
      BLAS.rowMajor, BLAS.transposition(transposeA), BLAS.transposition(transposeB), Int32(m), Int32(n), Int32(k),
      scale, a, Int32(lda), b, Int32(ldb), keep, c, Int32(ldc))
  }
}
