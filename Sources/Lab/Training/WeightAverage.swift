import OrderedCollections
import Torch

/// The exponential moving average of a network's parameters: a ← d·a + (1 − d)·w after every step, from the first weights
/// on. Buffers (running statistics) are not averaged: the network's own are used with the averaged weights.
final class WeightAverage {
  private let decay: Double
  private let parameters: OrderedDictionary<String, Tensor>
  private(set) var averages: OrderedDictionary<String, Tensor> = [:]

  init(of network: any Module, decay: Double) throws(TorchError) {
    self.decay = decay
    parameters = network.parameters
    for (name, parameter) in parameters { averages[name] = try parameter.detached().cloned() }
  }

  /// Takes the present weights in.
  func update() throws(TorchError) {
    // Both go by the parameters' names, in their order.
    try updateAverages(Array(averages.values), with: Array(parameters.values), decay: decay)
  }

  /// Starts from averages that were saved.
  func load(_ saved: OrderedDictionary<String, Tensor>) throws {
    let (found, expected) = (Set(saved.keys), Set(averages.keys))
    guard found == expected else {
      let names = found.symmetricDifference(expected).sorted().joined(separator: ", ")
      throw LabError(.data, "averaged weights differ in \(names) from the network's parameters")
    }
    for (name, average) in averages {
      guard let given = saved[name] else { continue }
      guard given.shape == average.shape else {
        throw LabError(.data, "ema.\(name) has shape \(given.shape), expected \(average.shape)")
      }
      try average.copy(from: given)
    }
  }

  /// Runs `body` while the network holds the averages, and puts its own weights back, bit by bit.
  func withAverages<R>(_ body: () throws -> R) throws -> R {
    var own: [(parameter: Tensor, copy: Tensor)] = []
    for parameter in parameters.values { own.append((parameter, try parameter.detached().cloned())) }
    func putBack() throws(TorchError) {
      try withoutGradient { () throws(TorchError) in
        for (parameter, copy) in own { try parameter.copy(from: copy) }
      }
    }
    let result: R
    do {
      try withoutGradient { () throws(TorchError) in
        for (name, average) in averages { try parameters[name]?.copy(from: average) }
      }
      result = try body()
    } catch {
      try putBack()
      throw error
    }
    try putBack()
    return result
  }
}
