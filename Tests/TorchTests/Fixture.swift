import Foundation
import Torch

/// PyTorch's own numbers, made by the scripts in scripts/golden.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Fixtures/torch").standardized

  static func decode<T: Decodable>(_ type: T.Type, _ file: String) throws -> T {
    try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(file)))
  }
}

/// The largest |a − b| / max(1, |b|); infinity if the lengths differ or a number is NaN.
func largestDeviation(_ a: [Float], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { largest, pair in
    let deviation = abs(Double(pair.0) - pair.1) / max(1, abs(pair.1))
    return deviation.isNaN ? .infinity : max(largest, deviation)
  }
}

/// v[i] = sin(a·i + b), computed in double and rounded once, as the scripts do.
func sines(_ shape: [Int], _ a: Double, _ b: Double) throws(TorchError) -> Tensor {
  try Tensor((0..<shape.reduce(1, *)).map { Float(sin(a * Double($0) + b)) }, shape: shape)
}
