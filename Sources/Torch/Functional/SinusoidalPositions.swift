import Foundation

/// The positions of a Transformer without weights (Vaswani et al., "Attention Is All You Need", 2017, Section 3.5):
/// PE[p, 2i] = sin(p / 10000^(2i/width)) and PE[p, 2i + 1] = cos(p / 10000^(2i/width)).
///
/// - Parameters:
///   - length: Positions, from 0 on.
///   - width: Features of each; one that is odd ends with a sine.
///   - device: Where the table lives.
/// - Returns: float32 [length, width], computed in double precision.
/// - Throws: ``TorchError`` of kind `argument` for a size below 1.
public func sinusoidalPositions(_ length: Int, width: Int, device: Device = .cpu) throws(TorchError) -> Tensor {
  guard length > 0, width > 0 else {
    throw TorchError(
      kind: .argument, operation: "sinusoidalPositions",
      message: "\(length) positions of \(width) features; each is at least 1")
  }
  let rates = (0..<width).map { exp(-Double($0 / 2 * 2) / Double(width) * log(10_000)) }
  var values: [Float] = []
  values.reserveCapacity(length * width)
  for position in 0..<length {
    for (feature, rate) in rates.enumerated() {
      let angle = Double(position) * rate
      values.append(Float(feature.isMultiple(of: 2) ? sin(angle) : cos(angle)))
    }
  }
  return try Tensor(values, shape: [length, width], device: device)
}
