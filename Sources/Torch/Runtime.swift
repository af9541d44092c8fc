import CTorch

/// What holds for the whole process: libtorch's version, threads, CUDA, memory.
public enum Runtime {
  /// The libtorch that this was compiled against, as `2.13.0`.
  public static var libtorchVersion: String { String(cString: ct_libtorch_version()) }

  /// Threads that one operation may use.
  public static var threadCount: Int { Int(ct_thread_count()) }

  /// Whether a GPU can be used. The first call looks for libtorch_cuda beside libtorch_cpu and loads it.
  public static var isCUDAAvailable: Bool { ct_cuda_available() }

  /// How many CUDA devices libtorch can use; 0 without CUDA.
  public static var cudaDeviceCount: Int { Int(ct_cuda_device_count()) }

  /// One line that says why CUDA is not used though this machine has an NVIDIA driver; nil when there is nothing
  /// to say.
  public static var cudaExplanation: String? {
    let text = String(cString: ct_cuda_explanation())
    return text.isEmpty ? nil : text
  }

  /// Keeps freed memory in the process instead of giving it back to the kernel and faulting it in again at every
  /// training step. Call it once, before training. False where the C library offers no such setting.
  @discardableResult
  public static func keepFreedMemory() -> Bool { ct_allocator_keep_memory() }

  /// Treats denormal numbers as zero. False where the processor cannot.
  @discardableResult
  public static func setFlushDenormals(_ on: Bool) -> Bool { ct_flush_denormals_set(on) }
}

/// Sets the number of threads that one operation may use (`torch.set_num_threads`). Results can differ in the last
/// bits between thread counts, so a run that is to be repeated exactly fixes it.
///
/// - Throws: ``TorchError`` for a count below 1.
public func setThreadCount(_ count: Int) throws(TorchError) {
  try check(ct_thread_count_set(Int32(clamping: count)), "setThreadCount")
}
