import CTorch

/// A source of random numbers that is always passed by hand: nothing here draws from a global one.
///
/// The numbers are PyTorch's: the same seed gives what `torch.Generator().manual_seed(seed)` gives (a Mersenne twister
/// on the CPU, Philox on a GPU). Weights do not come from here: a plan has its own counter-based streams, which depend
/// on the parameter's name. This is for batches, dropout and noise.
public final class Generator {
  let handle: OpaquePointer

  /// - Throws: ``TorchError`` for a device that is not there.
  public init(seed: UInt64, device: Device = .cpu) throws(TorchError) {
    var out: OpaquePointer?
    let status = ct_generator_create(&out, seed, device.code)
    guard status == CT_OK, let out else { throw TorchError.last(status, "Generator.init") }
    handle = out
  }

  deinit {
    ct_generator_free(handle)
  }

  /// Starts again from a seed.
  public func seed(_ seed: UInt64) throws(TorchError) {
    try check(ct_generator_seed(handle, seed), "Generator.seed")
  }

  /// The whole state (5,056 bytes on the CPU): what a run saves to continue with the same numbers.
  public func state() throws(TorchError) -> [UInt8] {
    var count = 0
    try check(ct_generator_state(nil, &count, handle), "Generator.state")
    var bytes = [UInt8](repeating: 0, count: count)
    let status = bytes.withUnsafeMutableBufferPointer { ct_generator_state($0.baseAddress, &count, handle) }
    try check(status, "Generator.state")
    return bytes
  }

  /// Continues from a state that ``state()`` gave.
  ///
  /// - Throws: ``TorchError`` if the bytes are no state of such a generator.
  public func restore(_ state: [UInt8]) throws(TorchError) {
    let status = state.withUnsafeBufferPointer { ct_generator_state_set(handle, $0.baseAddress, $0.count) }
    try check(status, "Generator.restore")
  }
}
