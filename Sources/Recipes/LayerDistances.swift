import Lab
import Torch

/// How square layers of one shape differ.
struct LayerDistances {
  /// `distanceI-J`: mean |W_i − W_j| for every pair; `meanDistance`: their mean; `asymmetry`: mean |W − Wᵀ|;
  /// `diagonal`: the mean of the diagonals' elements, 1 for the identity and −1 for −I.
  let row: Row

  var mean: Double { row.number("meanDistance") ?? .nan }

  init(_ weights: [Tensor]) throws {
    row = try withoutGradient {
      var row: Row = [:]
      var sum = 0.0
      var pairs = 0
      for i in weights.indices {
        for j in weights.indices where j > i {
          let distance = try (weights[i] - weights[j]).abs().mean().item()
          row["distance\(i)-\(j)"] = .double(distance)
          sum += distance
          pairs += 1
        }
      }
      var asymmetry = 0.0
      var diagonal = 0.0
      for weight in weights {
        asymmetry += try (weight - weight.transposed(0, 1)).abs().mean().item()
        diagonal += try weight.diagonal().mean().item()
      }
      row["meanDistance"] = .double(sum / Double(max(pairs, 1)))
      row["asymmetry"] = .double(asymmetry / Double(weights.count))
      row["diagonal"] = .double(diagonal / Double(weights.count))
      return row
    }
  }
}
