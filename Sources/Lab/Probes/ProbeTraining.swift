import Torch

/// A few steps of SGD with momentum on a probe's one batch.
struct ProbeTraining {
  let learningRate: Double
  let momentum: Double
  let steps: Int

  /// Trains the subject's network, which stays changed: see ``Torch/Module/keepingParameters(_:)``.
  ///
  /// - Parameter subject: What is trained, and on what.
  /// - Returns: The loss before each step and after the last, as far as it is finite: one more than the steps done.
  /// - Throws: `TorchError` if a pass fails.
  func losses(_ subject: ProbeSubject) throws -> [Double] {
    let network = subject.network
    let optimizer = try SGD(network.parameters, learningRate: learningRate, momentum: momentum)
    var losses: [Double] = []
    for step in 0...max(0, steps) {
      let loss = try subject.loss(network(subject.input))
      losses.append(try loss.item())
      guard step < steps, losses.last?.isFinite == true else { break }
      try optimizer.zeroGrad()
      try backward(loss)
      try optimizer.step()
    }
    return losses
  }
}

extension Module {
  /// Runs `body`, which may train, and puts the parameters back, without gradients.
  ///
  /// - Parameter body: What changes them.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws, once they are back; `TorchError` if they cannot be.
  func keepingParameters<R>(_ body: () throws -> R) throws -> R {
    let parameters = Array(parameters.values)
    let start = try parameters.map { parameter throws(TorchError) in try parameter.detached().cloned() }
    let result = Result { try body() }
    try withoutGradient { () throws(TorchError) in
      for (parameter, value) in zip(parameters, start) { try parameter.copy(from: value) }
    }
    try clearGradients(of: parameters)
    return try result.get()
  }
}
