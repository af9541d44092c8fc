import OrderedCollections
import Torch

@testable import Lab

/// Linear layers without bias or nonlinearity between them, of given weights.
final class Chain: Module {
  let layers: [Linear]

  init(_ weights: [Tensor]) throws {
    layers = try weights.map { try Linear($0) }
  }

  var submodules: OrderedDictionary<String, any Module> {
    OrderedDictionary(uniqueKeysWithValues: layers.enumerated().map { ("\($0)", $1 as any Module) })
  }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var x = x
    for layer in layers { x = try layer(x) }
    return x
  }
}

/// head(x + last(first(x))), of given weights.
final class OneBlock: Module {
  let first: Linear
  let last: Linear
  let head: Linear

  init(first: Tensor, last: Tensor, head: Tensor) throws {
    (self.first, self.last, self.head) = (try Linear(first), try Linear(last), try Linear(head))
  }

  var submodules: OrderedDictionary<String, any Module> { ["first": first, "last": last, "head": head] }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor { try head(x + last(first(x))) }
}

extension Linear {
  fileprivate convenience init(_ weight: Tensor) throws {
    try self.init(weight.shape[1], weight.shape[0], bias: false, dtype: weight.dtype)
    try withoutGradient { try self.weight.copy(from: weight) }
  }
}

extension ProbeSubject {
  /// A chain of these weights on normal deviates and random labels.
  static func chain(_ weights: [Tensor], batch: Int = 8) throws -> ProbeSubject {
    let generator = try Generator(seed: 3)
    let (inputs, outputs) = (weights[0].shape[1], weights[weights.count - 1].shape[0])
    return ProbeSubject(
      method: "by hand", network: try Chain(weights), input: try Tensor.randn([batch, inputs], generator: generator),
      labels: try Tensor.randint([batch], high: outputs, generator: generator), classes: outputs)
  }
}
