import Torch

/// How layers of one shape differ from each other and from their own transposes (Figure 19, Appendix F.2).
public struct LayerDistances: Sendable {
  /// mean |W_i − W_j| of every pair, i < j.
  public let pairs: [(i: Int, j: Int, distance: Double)]
  /// The mean of `pairs`; 0 of a single layer.
  public let mean: Double
  /// mean |W − Wᵀ| over all layers; nil of layers that are not square matrices.
  public let asymmetry: Double?
  /// The mean of the diagonals' elements, 1 for the identity and −1 for −I; nil of layers that are not square matrices.
  public let diagonal: Double?

  /// - Parameter weights: Of one shape; one at least.
  /// - Throws: `TorchError` for weights of different shapes.
  public init(_ weights: [Tensor]) throws(TorchError) {
    (pairs, asymmetry, diagonal) = try withoutGradient { () throws(TorchError) in
      var pairs: [(i: Int, j: Int, distance: Double)] = []
      for i in weights.indices {
        for j in weights.indices where j > i {
          pairs.append((i, j, try (weights[i] - weights[j]).abs().mean().item()))
        }
      }
      let shape = weights.first?.shape ?? []
      guard shape.count == 2, shape[0] == shape[1] else { return (pairs, nil, nil) }
      var asymmetry = 0.0
      var diagonal = 0.0
      for weight in weights {
        asymmetry += try (weight - weight.transposed(0, 1)).abs().mean().item()
        diagonal += try weight.diagonal().mean().item()
      }
      return (pairs, asymmetry / Double(weights.count), diagonal / Double(weights.count))
    }
    mean = pairs.reduce(0) { $0 + $1.distance } / Double(max(pairs.count, 1))
  }

  /// `distanceI-J` of every pair, `meanDistance`, `asymmetry` and `diagonal`.
  public var row: Row {
    var row = Row(pairs.map { .init("distance\($0.i)-\($0.j)", .double($0.distance)) })
    row["meanDistance"] = .double(mean)
    row["asymmetry"] = asymmetry.map(JSONValue.double) ?? .null
    row["diagonal"] = diagonal.map(JSONValue.double) ?? .null
    return row
  }
}
