import CTorch

extension Tensor {
  /// A tensor of a Swift array's values, in row-major order, copied; of one axis unless a shape is given, whose
  /// product is `values.count`.
  ///
  /// - Throws: ``TorchError`` of kind `argument` for a shape that holds another number of elements.
  public convenience init<Scalar: TorchScalar>(
    _ values: [Scalar], shape: [Int]? = nil, device: Device = .cpu
  ) throws(TorchError) {
    var out: OpaquePointer?
    let dims = shape ?? [values.count]
    let status = values.withUnsafeBytes { bytes in
      withInts(dims) { dims, rank in
        ct_tensor_from_bytes(&out, bytes.baseAddress, bytes.count, dims, rank, Scalar.dtype.code, device.code)
      }
    }
    guard status == CT_OK, let out else { throw TorchError.last(status, "Tensor.init") }
    self.init(adopting: out)
  }

  /// A tensor of row-major bytes, copied.
  public convenience init(
    bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType, device: Device = .cpu
  ) throws(TorchError) {
    var out: OpaquePointer?
    let status = withInts(shape) { dims, rank in
      ct_tensor_from_bytes(&out, bytes.baseAddress, bytes.count, dims, rank, dtype.code, device.code)
    }
    guard status == CT_OK, let out else { throw TorchError.last(status, "Tensor.init") }
    self.init(adopting: out)
  }

  /// A tensor of no axes that holds one number.
  public convenience init(
    scalar value: Double, dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) {
    var out: OpaquePointer?
    let status = ct_tensor_full(&out, nil, 0, value, dtype.code, device.code)
    guard status == CT_OK, let out else { throw TorchError.last(status, "Tensor.init") }
    self.init(adopting: out)
  }

  /// A tensor of zeros.
  public static func zeros(
    _ shape: [Int], dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) -> Tensor {
    try full(shape, 0, dtype: dtype, device: device, operation: "Tensor.zeros")
      .traced("aten.zeros.default") { [.integers(shape)] }
  }

  /// A tensor of ones.
  public static func ones(
    _ shape: [Int], dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) -> Tensor {
    try full(shape, 1, dtype: dtype, device: device, operation: "Tensor.ones")
      .traced("aten.ones.default") { [.integers(shape)] }
  }

  /// A tensor of one value.
  public static func full(
    _ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) -> Tensor {
    try full(shape, value, dtype: dtype, device: device, operation: "Tensor.full")
      .traced("aten.full.default") { [.integers(shape), .real(value)] }
  }

  private static func full(
    _ shape: [Int], _ value: Double, dtype: DType, device: Device, operation: String
  ) throws(TorchError) -> Tensor {
    try make(operation) { out in
      withInts(shape) { dims, rank in ct_tensor_full(&out, dims, rank, value, dtype.code, device.code) }
    }
  }

  /// Memory that is not initialised: write every element before reading one.
  public static func empty(
    _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, format: MemoryFormat = .contiguous
  ) throws(TorchError) -> Tensor {
    try make("Tensor.empty") { out in
      withInts(shape) { dims, rank in
        ct_tensor_empty(&out, dims, rank, dtype.code, device.code, format.code)
      }
    }.traced("aten.empty.memory_format") { [.integers(shape)] }
  }

  /// A tensor of this one's shape, element type, device and memory format, full of one number.
  public func filledLike(_ value: Double) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.filledLike") { ct_tensor_full_like(&$0, handle, value) }
      .traced("aten.full_like.default") { [.tensor(self), .real(value)] }
  }

  /// `start`, `start + step`, … below `end`.
  public static func arange(
    from start: Double = 0, to end: Double, by step: Double = 1, dtype: DType = .int64, device: Device = .cpu
  ) throws(TorchError) -> Tensor {
    try make("Tensor.arange") { ct_tensor_arange(&$0, start, end, step, dtype.code, device.code) }
      .traced("aten.arange.start_step") { [.real(start), .real(end), .real(step)] }
  }

  /// Ones on the main diagonal of a `rows` × `columns` matrix (square if `columns` is absent).
  public static func eye(
    _ rows: Int, _ columns: Int? = nil, dtype: DType = .float32, device: Device = .cpu
  ) throws(TorchError) -> Tensor {
    let columns = columns ?? rows
    return try make("Tensor.eye") {
      ct_tensor_eye(&$0, Int64(rows), Int64(columns), dtype.code, device.code)
    }.traced("aten.eye.m") { [.integer(rows), .integer(columns)] }
  }

  // MARK: Random

  /// Normal deviates of mean 0 and variance 1: the numbers of `torch.randn` with a generator of the same seed.
  public static func randn(
    _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, generator: Generator
  ) throws(TorchError) -> Tensor {
    let out = try empty(shape, dtype: dtype, device: device)
    try out.fillNormal(generator: generator)
    return out
  }

  /// Uniform numbers in [0, 1): the numbers of `torch.rand` with a generator of the same seed.
  public static func rand(
    _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, generator: Generator
  ) throws(TorchError) -> Tensor {
    let out = try empty(shape, dtype: dtype, device: device)
    try out.fillUniform(generator: generator)
    return out
  }

  /// Whole numbers in [low, high).
  public static func randint(
    _ shape: [Int], low: Int = 0, high: Int, dtype: DType = .int64, device: Device = .cpu, generator: Generator
  ) throws(TorchError) -> Tensor {
    let out = try empty(shape, dtype: dtype, device: device)
    try check(
      ct_random_integers_in_place(out.handle, Int64(low), Int64(high), generator.handle), "Tensor.randint")
    return out
  }

  /// 0 ..< count in random order, int64.
  public static func randperm(_ count: Int, generator: Generator) throws(TorchError) -> Tensor {
    try make("Tensor.randperm") { ct_random_permutation(&$0, Int64(count), generator.handle) }
  }

  /// Overwrites the elements with normal deviates.
  public func fillNormal(
    mean: Double = 0, standardDeviation: Double = 1, generator: Generator
  ) throws(TorchError) {
    try check(
      ct_random_normal_in_place(handle, mean, standardDeviation, generator.handle), "Tensor.fillNormal")
  }

  /// Overwrites the elements with uniform numbers in [low, high).
  public func fillUniform(low: Double = 0, high: Double = 1, generator: Generator) throws(TorchError) {
    try check(ct_random_uniform_in_place(handle, low, high, generator.handle), "Tensor.fillUniform")
  }

  /// Overwrites each element with 1 with this probability, else 0.
  public func fillBernoulli(probability: Double, generator: Generator) throws(TorchError) {
    try check(ct_random_bernoulli_in_place(handle, probability, generator.handle), "Tensor.fillBernoulli")
  }
}
