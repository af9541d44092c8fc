import OrderedCollections
import Torch

final class TemporaryNet: Module {
  let layers: [Linear]
  let isReLU: Bool
  init(_ widths: [Int], isReLU: Bool) throws(TorchError) {
    var layers: [Linear] = []
    for i in 1..<widths.count { layers.append(try Linear(widths[i - 1], widths[i])) }
    self.layers = layers
    self.isReLU = isReLU
  }
  var submodules: OrderedDictionary<String, any Module> {
    var all: OrderedDictionary<String, any Module> = [:]
    for (i, l) in layers.enumerated() { all["fc\(i + 1)"] = l }
    return all
  }
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var h = try x.flattened(from: 1)
    for (i, l) in layers.enumerated() {
      h = try l(h)
      if i < layers.count - 1 { h = isReLU ? try relu(h) : try tanh(h) }
    }
    return h
  }
}
