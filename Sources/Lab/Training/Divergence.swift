import Foundation
import Torch

/// Where a network's numbers stop being finite: for the one line that a diverged run leaves.
struct Divergence {
  /// The path of a layer (`layer1.0.conv2`) or of a parameter (`layer1.0.conv2.weight`); nil if none is to be blamed.
  var layer: String?
  /// "the output of layer1.0.conv2 (conv2d, 128×16×32×32: 12 of 2,097,152 numbers infinite)".
  var text: String

  /// Looks at the parameters first, then at a forward pass of `x` in the network's present mode.
  init(in network: any Module, input x: Tensor) throws(TorchError) {
    let broken = try Self.brokenParameters(of: network)
    if let first = broken.first {
      layer = first
      let others = broken.count > 1 ? " and \(broken.count - 1) more of \(network.parameters.count) parameters" : ""
      text = "the parameter \(first)\(others)"
      return
    }
    guard let value = try network.firstNonFiniteValue(x) else {
      layer = nil
      text = "the loss itself: every layer's output is finite"
      return
    }
    let operation = value.operation.split(separator: ".").dropFirst().first.map(String.init) ?? value.operation
    let shape = value.shape.map(String.init).joined(separator: "×")
    let count = ProgressText.thousands(Double(value.shape.reduce(1, *)))
    let kinds = [(value.nanCount, "NaN"), (value.infiniteCount, "infinite")].filter { $0.0 > 0 }
      .map { "\(ProgressText.thousands(Double($0.0))) \($0.1)" }.joined(separator: " and ")
    let details = "(\(operation), \(shape): \(kinds) of \(count) numbers)"
    if let path = Self.layer(of: value.parameters) {
      layer = path
      text = "the output of \(path) \(details)"
    } else if let path = Self.layer(of: value.parametersBefore) {
      layer = path
      text = "what follows \(path) \(details)"
    } else {
      layer = nil
      text = "what precedes the first layer \(details)"
    }
  }

  /// The parameters that are not finite, in the network's order.
  static func brokenParameters(of network: any Module) throws(TorchError) -> [String] {
    try withoutGradient { () throws(TorchError) in
      var broken: [String] = []
      for (name, tensor) in network.parameters where try tensor.isFinite().all().integer() == 0 { broken.append(name) }
      return broken
    }
  }

  /// The module that owns the first of these parameters; a parameter of the network itself is its own layer.
  private static func layer(of parameters: [String]) -> String? {
    parameters.first.map { name in
      name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
  }
}
