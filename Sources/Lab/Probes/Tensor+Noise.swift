import Torch

extension Tensor {
  /// This plus independent normal deviates of mean 0.
  ///
  /// - Parameters:
  ///   - noise: Their standard deviation; of 0 nothing is drawn.
  ///   - generator: Where they come from, on this tensor's device.
  /// - Returns: A tensor of its own, outside of differentiation.
  /// - Throws: `TorchError` for a generator of another device.
  public func noisy(_ noise: Double, generator: Generator) throws(TorchError) -> Tensor {
    let copy = try detached().cloned()
    guard noise != 0 else { return copy }
    try copy.formAdd(try Tensor.randn(shape, dtype: dtype, device: device, generator: generator), scale: noise)
    return copy
  }
}
