import CTorch

// Numbers in and out. CPU memory is lent without a copy; everything else is copied.

extension Tensor {
  /// The number in a tensor of one element, of any element type.
  public func item() throws(TorchError) -> Double {
    var value = 0.0
    try check(ct_tensor_item(&value, handle), "Tensor.item")
    return value
  }

  /// The whole number in a tensor of one element; exact for int64.
  public func integer() throws(TorchError) -> Int {
    var value: Int64 = 0
    try check(ct_tensor_item_int64(&value, handle), "Tensor.integer")
    return Int(value)
  }

  /// The elements in row-major order, copied, converted if the tensor has another element type.
  public func array<Scalar: TorchScalar>(of type: Scalar.Type = Scalar.self) throws(TorchError) -> [Scalar] {
    let source = dtype == Scalar.dtype ? self : try to(Scalar.dtype)
    let count = elementCount
    var status = CT_OK
    let values = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      status = ct_tensor_copy_bytes(buffer.baseAddress, count * MemoryLayout<Scalar>.stride, source.handle)
      initialized = status == CT_OK ? count : 0
    }
    try check(status, "Tensor.array")
    return values
  }

  /// Lends the elements' memory, row-major, without a copy. The pointer is good inside `body` only.
  ///
  /// - Throws: ``TorchError`` of kind `argument` unless the tensor is on the CPU and contiguous, and what `body` throws.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    try withExtendedLifetime(self) {
      try body(UnsafeRawBufferPointer(lentBytes("Tensor.withUnsafeBytes", willWrite: false)))
    }
  }

  /// Lends the elements' memory, row-major, for writing, without a copy. The pointer is good inside `body` only.
  ///
  /// Autograd does not see the writes as an operation, but knows that the tensor has changed: a backward pass that
  /// needs the old values throws.
  ///
  /// - Throws: ``TorchError`` of kind `argument` unless the tensor is on the CPU and contiguous, and what `body` throws.
  public func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) throws -> R {
    try withExtendedLifetime(self) {
      try body(lentBytes("Tensor.withUnsafeMutableBytes", willWrite: true))
    }
  }

  /// Lends the elements as Swift numbers, for writing: how a rule of the method fills a parameter in place.
  ///
  /// ```swift
  /// try weight.withUnsafeMutableValues(of: Float.self) { try rule.fill($0, geometry: …, seed: 0, name: "fc1.weight") }
  /// ```
  ///
  /// - Throws: ``TorchError`` of kind `argument` unless the tensor is on the CPU, contiguous and of this element type,
  ///   and what `body` throws.
  public func withUnsafeMutableValues<Scalar: TorchScalar, R>(
    of type: Scalar.Type, _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> R
  ) throws -> R {
    guard dtype == Scalar.dtype else {
      throw TorchError(
        kind: .argument, operation: "Tensor.withUnsafeMutableValues",
        message: "the tensor holds \(dtype.rawValue), not \(Scalar.dtype.rawValue)")
    }
    return try withUnsafeMutableBytes { bytes in try body(bytes.bindMemory(to: Scalar.self)) }
  }

  private func lentBytes(_ operation: String, willWrite: Bool) throws(TorchError) -> UnsafeMutableRawBufferPointer {
    guard isContiguous else {
      throw TorchError(
        kind: .argument, operation: operation,
        message: "the tensor of shape \(shape) and strides \(strides) is not contiguous; use contiguous() first")
    }
    var data: UnsafeMutableRawPointer?
    try check(ct_tensor_data(&data, handle, willWrite), operation)
    return UnsafeMutableRawBufferPointer(start: data, count: elementCount * dtype.byteCount)
  }

  /// A tensor that reads and writes somebody else's memory, without a copy.
  ///
  /// - Parameters:
  ///   - bytes: Row-major elements; exactly as many bytes as the shape needs.
  ///   - shape: The sizes of the axes.
  ///   - dtype: What the bytes are.
  ///   - owner: Kept alive until the last tensor that uses the memory is gone.
  /// - Returns: A CPU tensor on that memory.
  /// - Throws: ``TorchError`` of kind `argument` for another number of bytes.
  public static func borrowing(
    _ bytes: UnsafeMutableRawBufferPointer, shape: [Int], dtype: DType, owner: AnyObject
  ) throws(TorchError) -> Tensor {
    let kept = Unmanaged.passRetained(owner)
    do {
      return try make("Tensor.borrowing") { out in
        withInts(shape) { dims, rank in
          ct_tensor_borrow(
            &out, bytes.baseAddress, bytes.count, dims, rank, dtype.code,
            { context in
              if let context { Unmanaged<AnyObject>.fromOpaque(context).release() }
            }, kept.toOpaque())
        }
      }
    } catch {
      kept.release()
      throw error
    }
  }

  /// Overwrites the elements with another tensor's, converted and broadcast (`copy_`).
  public func copy(from source: Tensor) throws(TorchError) {
    try check(ct_tensor_copy_in_place(handle, source.handle), "Tensor.copy")
  }

  /// A copy in memory of its own; differentiable.
  public func cloned() throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.cloned") { ct_tensor_clone(&$0, handle) }
      .traced("aten.clone.default") { [.tensor(self)] }
  }

  /// Converted to another element type; the same memory if it already has it.
  public func to(_ dtype: DType) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.to") {
      ct_tensor_to(&$0, handle, dtype.code, ct_tensor_device(handle), CT_PRESERVE, false)
    }.traced("aten.to.dtype") { [.tensor(self), .string("torch.\(dtype.rawValue)")] }
  }

  /// Moved to another device; the same memory if it is already there.
  public func to(_ device: Device) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.to") {
      ct_tensor_to(&$0, handle, ct_tensor_dtype(handle), device.code, CT_PRESERVE, false)
    }.traced("aten.to.device") { [.tensor(self), .string("\(device)")] }
  }

  /// The same values laid out in memory as asked; the same memory if they already are.
  public func contiguous(_ format: MemoryFormat = .contiguous) throws(TorchError) -> Tensor {
    try Tensor.make("Tensor.contiguous") { ct_tensor_contiguous(&$0, handle, format.code) }
      .traced("aten.contiguous.default") { [.tensor(self)] }
  }
}
