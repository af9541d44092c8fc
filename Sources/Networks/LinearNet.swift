import OrderedCollections
import Torch

/// What acts between layers.
public enum Nonlinearity: String, Codable, CaseIterable, Hashable, Sendable {
  /// max(0, x), and the hyperbolic tangent.
  case relu, tanh
  /// Nothing.
  case linear

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    switch self {
    case .linear: x
    case .relu: try Torch.relu(x)
    case .tanh: try Torch.tanh(x)
    }
  }
}

/// Linear layers with a nonlinearity between them: `fc1`, `fc2`, ….
///
/// The paper's Linear-5 (Appendix C.1) is `LinearNet(widths: [784, 512, 512, 512, 512, 10], …)`: five linear layers
/// "whose hidden layers are all of dimension 512".
public final class LinearNet: Module {
  /// The inputs, the width of each layer, and the outputs.
  public let widths: [Int]
  /// What acts between layers.
  public let nonlinearity: Nonlinearity
  private let layers: [Linear]

  /// - Parameters:
  ///   - widths: Features in, of each hidden layer, and out: one more than there are layers, two at least.
  ///   - nonlinearity: What acts after every layer but the last.
  ///   - device: Where the parameters live.
  /// - Throws: `TorchError` of kind `argument` for fewer than two widths or a width below 1.
  public init(widths: [Int], nonlinearity: Nonlinearity, device: Device = .cpu) throws(TorchError) {
    try widths.checkWidths("LinearNet", least: 2)
    self.widths = widths
    self.nonlinearity = nonlinearity
    var layers: [Linear] = []
    for (fanIn, fanOut) in zip(widths, widths.dropFirst()) {
      layers.append(try Linear(fanIn, fanOut, device: device))
    }
    self.layers = layers
  }

  public var submodules: OrderedDictionary<String, any Module> {
    OrderedDictionary(uniqueKeysWithValues: layers.enumerated().map { ("fc\($0 + 1)", $1 as any Module) })
  }

  /// - Parameter x: [N, …], flattened to [N, widths.first].
  /// - Returns: The logits, [N, widths.last].
  /// - Throws: `TorchError` for an input of another width.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var x_NF = x.shape.count > 2 ? try x.flattened(from: 1) : x
    for (index, layer) in layers.enumerated() {
      x_NF = try layer(x_NF)
      if index < layers.count - 1 { x_NF = try nonlinearity(x_NF) }
    }
    return x_NF
  }
}

extension [Int] {
  func checkWidths(_ operation: String, least: Int) throws(TorchError) {
    guard count >= least, allSatisfy({ $0 > 0 }) else {
      throw TorchError(
        kind: .argument, operation: operation,
        message: "widths are \(self); expected at least \(least), each of at least 1")
    }
  }
}
