import OrderedCollections

/// Modules one after another, under the names "0", "1", … or names of their own (`torch.nn.Sequential`).
public final class Sequential: Module {
  public let submodules: OrderedDictionary<String, any Module>

  /// Modules under the names "0", "1", ….
  public init(_ modules: [any Module]) {
    submodules = OrderedDictionary(uniqueKeysWithValues: modules.enumerated().map { (String($0), $1) })
  }

  /// Modules under names of their own.
  public init(_ modules: OrderedDictionary<String, any Module>) {
    submodules = modules
  }

  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var x = x
    for module in submodules.values { x = try module(x) }
    return x
  }
}

/// A function as a module without parameters: `Activation(relu)`, `Activation { try $0.flattened(from: 1) }`.
public final class Activation: Module {
  private let function: (Tensor) throws(TorchError) -> Tensor

  /// The module that does this to its input.
  public init(_ function: @escaping (Tensor) throws(TorchError) -> Tensor) {
    self.function = function
  }

  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor { try function(x) }
}
