extension Module {
  /// Runs `body` and puts back what a forward pass in training mode changes: buffers (running statistics), and the
  /// generators that dropout draws from.
  ///
  /// - Parameter body: Passes through this module.
  /// - Returns: What `body` returns.
  /// - Throws: ``TorchError`` from `body`, after everything is put back, or if it cannot be.
  public func keepingState<R>(_ body: () throws(TorchError) -> R) throws(TorchError) -> R {
    var saved: [(buffer: Tensor, copy: Tensor)] = []
    for buffer in buffers.values { saved.append((buffer, try buffer.cloned())) }
    var states: [(generator: Generator, state: [UInt8])] = []
    for generator in generators.values { states.append((generator, try generator.state())) }
    let result: Result<R, TorchError>
    do throws(TorchError) {
      result = .success(try body())
    } catch {
      result = .failure(error)
    }
    try withoutGradient { () throws(TorchError) in
      for (buffer, copy) in saved { try buffer.copy(from: copy) }
    }
    for (generator, state) in states { try generator.restore(state) }
    return try result.get()
  }

  /// Runs `body` in evaluation mode and puts the modes back.
  ///
  /// - Parameter body: Passes through this module.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func evaluating<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    let modes = modules.map { (module: $0.module, isTraining: $0.module.isTraining) }
    isTraining = false
    defer { for (module, isTraining) in modes { module.isTraining = isTraining } }
    return try body()
  }
}
