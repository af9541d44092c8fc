import Dispatch

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Android)
  import Android
#endif

/// A BLAS library found at run time: OpenBLAS, BLIS or MKL by their sonames, Accelerate on Apple's systems.
///
/// Nothing is linked, so the package builds and runs without one. The reference BLAS is not looked for: the portable
/// product is faster.
struct BLAS: Sendable {
  // cblas_sgemm and cblas_dgemm.
  typealias SingleProduct =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>, Int32, Float,
      UnsafeMutablePointer<Float>, Int32
    ) -> Void

  typealias DoubleProduct =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Double, UnsafePointer<Double>, Int32, UnsafePointer<Double>, Int32,
      Double,
      UnsafeMutablePointer<Double>, Int32
    ) -> Void

  static let rowMajor: Int32 = 101
  static func transposition(_ isTransposed: Bool) -> Int32 { isTransposed ? 112 : 111 }

  let sgemm: SingleProduct
  let dgemm: DoubleProduct
  private let setThreads: (@convention(c) (Int32) -> Void)?
  private let getThreads: (@convention(c) () -> Int32)?

  /// The library of this machine, or nil. Loaded at first use, and used only if its products are right: a library
  /// that takes the processor for another one has been seen to give wrong numbers.
  static let shared: BLAS? = BLAS().flatMap { $0.isSound ? $0 : nil }

  private static let names = [
    "/System/Library/Frameworks/Accelerate.framework/Accelerate", "libopenblas.so.0", "libopenblas.so",
    "libblis.so.4", "libmkl_rt.so.2",
  ]

  private init?() {
    #if canImport(ucrt)
      return nil
    #else
      for name in Self.names {
        guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
        guard let single = dlsym(handle, "cblas_sgemm"), let double = dlsym(handle, "cblas_dgemm") else {
          dlclose(handle)
          continue
        }
        // The signatures are those of cblas.h with 32-bit dimensions, which these sonames stand for.
        sgemm = unsafeBitCast(single, to: SingleProduct.self)
        dgemm = unsafeBitCast(double, to: DoubleProduct.self)
        let set = dlsym(handle, "openblas_set_num_threads") ?? dlsym(handle, "MKL_Set_Num_Threads")
        let get = dlsym(handle, "openblas_get_num_threads") ?? dlsym(handle, "MKL_Get_Max_Threads")
        setThreads = set.map { unsafeBitCast($0, to: (@convention(c) (Int32) -> Void).self) }
        getThreads = get.map { unsafeBitCast($0, to: (@convention(c) () -> Int32).self) }
        return
      }
      return nil
    #endif
  }

  /// The number of threads is the library's global state: one user at a time.
  private static let queue = DispatchQueue(label: "idinit.blas")

  /// Runs `body` with the library limited to `threads` threads, where it can be told, and puts the limit back.
  func limited<Result>(to threads: Int, _ body: () -> Result) -> Result {
    Self.queue.sync {
      let before = getThreads?() ?? 0
      setThreads?(Int32(clamping: threads))
      defer { if before > 0 { setThreads?(before) } }
      return body()
    }
  }

  /// Whether products of odd sizes agree with the portable ones in all the ways they are asked for.
  private var isSound: Bool { agrees(Float.self, tolerance: 1e-4) && agrees(Double.self, tolerance: 1e-12) }

  private func agrees<Scalar: MatrixScalar>(_: Scalar.Type, tolerance: Scalar) -> Bool {
    let (m, n, k) = (67, 83, 101)
    // Whole numbers of both signs, in a fixed pattern.
    let a = (0..<(m * k)).map { Scalar(($0 * 37 + 11) % 23 - 11) / 8 }
    let b = (0..<(k * n)).map { Scalar(($0 * 53 + 7) % 19 - 9) / 8 }
    for (transposeA, transposeB) in [(false, false), (false, true), (true, false)] {
      var ours = [Scalar](repeating: 1, count: m * n)
      var theirs = ours
      let (lda, ldb) = (transposeA ? m : k, transposeB ? k : n)
      PortableProduct.multiply(
        transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, scale: -2, a, lda, b, ldb, &ours, n,
        threads: 1)
      Scalar.multiply(
        self, transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, scale: -2, a, lda, b, ldb, keep: 1,
        &theirs, n)
      for index in ours.indices where !((ours[index] - theirs[index]).magnitude <= tolerance * 100) { return false }
    }
    return true
  }
}
