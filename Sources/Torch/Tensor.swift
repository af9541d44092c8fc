import CTorch

/// An array of numbers of any number of axes, on the CPU or a GPU, that libtorch computes with and differentiates.
///
/// A `Tensor` owns one reference to libtorch's tensor and gives it back when it is deinitialised; ``liveCount`` counts
/// those references. Several Swift tensors can share memory: views (``reshaped(_:)``, ``narrow(axis:start:length:)``,
/// …) and ``detached()`` do.
///
/// Operations return new tensors and throw ``TorchError`` with libtorch's message. Those whose names begin with
/// `form`, and ``fill(_:)`` and ``copy(from:)``, change the tensor itself (PyTorch's `add_`, `mul_`, `fill_`, `copy_`).
/// Negative axes count from the end, as in PyTorch.
///
/// A tensor is not `Sendable`: one task uses it at a time.
public final class Tensor {
  let handle: OpaquePointer

  /// Takes over a handle that the C interface gave away.
  init(adopting handle: OpaquePointer) {
    self.handle = handle
  }

  deinit {
    ct_tensor_free(handle)
  }

  /// Runs a C function that writes a new handle.
  @inline(__always)
  static func make(
    _ operation: String, _ body: (inout OpaquePointer?) -> ct_status
  ) throws(TorchError) -> Tensor {
    var out: OpaquePointer?
    let status = body(&out)
    guard status == CT_OK, let out else { throw TorchError.last(status, operation) }
    return Tensor(adopting: out)
  }

  /// Handles to tensors and generators that are alive in the process. It comes back to its old value when work is
  /// done: that is what leak tests check.
  public static var liveCount: Int { Int(ct_live_handles()) }

  /// Handles made minus handles freed by the calling thread: for leak tests beside which other threads work.
  public static var liveCountOfThread: Int { Int(ct_live_handles_of_thread()) }
}

// MARK: What a tensor is

extension Tensor {
  /// The number of axes.
  public var rank: Int { ct_tensor_rank(handle) }

  /// The sizes of the axes; empty for a single number.
  public var shape: [Int] { ints(ct_tensor_dims) }

  /// Elements to step over in memory for one step along each axis.
  public var strides: [Int] { ints(ct_tensor_strides) }

  /// How many elements it has: the product of its sizes.
  public var elementCount: Int { Int(ct_tensor_element_count(handle)) }

  /// The size of one axis; negative axes count from the end.
  ///
  /// - Throws: ``TorchError`` of kind `index` for an axis that the tensor has not.
  public func size(_ axis: Int) throws(TorchError) -> Int {
    let shape = shape
    let index = axis < 0 ? axis + shape.count : axis
    guard shape.indices.contains(index) else {
      throw TorchError(
        kind: .index, operation: "Tensor.size", message: "axis \(axis) of a tensor with \(shape.count) axes \(shape)")
    }
    return shape[index]
  }

  /// The type of its elements.
  public var dtype: DType {
    // Every constructor here names its element type, and no operation that is offered leaves this set.
    DType(ct_tensor_dtype(handle)) ?? .float32
  }

  /// Where its memory lies.
  public var device: Device { Device(ct_tensor_device(handle)) }

  /// Whether the elements lie in memory in row-major order without gaps.
  public var isContiguous: Bool { ct_tensor_is_contiguous(handle, CT_CONTIGUOUS) }

  /// Whether its memory is in this order, without gaps.
  public func isContiguous(_ format: MemoryFormat) -> Bool { ct_tensor_is_contiguous(handle, format.code) }

  /// Whether both are views of one memory.
  public func sharesMemory(with other: Tensor) -> Bool { ct_tensor_shares_memory(handle, other.handle) }

  private func ints(_ read: (OpaquePointer, UnsafeMutablePointer<Int64>, Int) -> Void) -> [Int] {
    let rank = rank
    guard rank > 0 else { return [] }
    return withUnsafeTemporaryAllocation(of: Int64.self, capacity: rank) { buffer in
      buffer.initialize(repeating: 0)
      guard let base = buffer.baseAddress else { return [] }
      read(handle, base, rank)
      return buffer.map(Int.init)
    }
  }
}

// MARK: Passing lists to C

/// The integers as C sees them. `Int` and `int64_t` have one layout on every platform that libtorch runs on.
@inline(__always)
func withInts<R>(_ values: [Int], _ body: (UnsafePointer<Int64>?, Int) -> R) -> R {
  values.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return body(nil, 0) }
    return base.withMemoryRebound(to: Int64.self, capacity: buffer.count) { body($0, buffer.count) }
  }
}

/// The tensors' handles as C sees them; the tensors stay alive meanwhile.
@inline(__always)
func withHandles<R>(_ tensors: [Tensor], _ body: (UnsafePointer<OpaquePointer?>?, Int) -> R) -> R {
  withExtendedLifetime(tensors) {
    let handles = tensors.map { Optional($0.handle) }
    return handles.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
  }
}

/// A pointer to the number, or NULL when there is none.
@inline(__always)
func withOptional<T: BitwiseCopyable, R>(_ value: T?, _ body: (UnsafePointer<T>?) -> R) -> R {
  guard let value else { return body(nil) }
  return withUnsafePointer(to: value) { body($0) }
}
