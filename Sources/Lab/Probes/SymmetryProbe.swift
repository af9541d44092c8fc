import OrderedCollections
import Torch

/// How far layers of equal shape are from each other, and square ones from their own transposes (Appendix F.2, Figure 19).
///
/// Layers that start as the same identity are at distance 0 and symmetric. As long as their gradients are equal too, they
/// stay so, and cannot become a map with negative eigenvalues (Bartlett et al. 2019).
public struct SymmetryProbe: Probe {
  public let name = "symmetry"
  public let title = "Mean absolute difference of layers of equal shape, and of square ones from their transposes"

  /// The probe, which has no options.
  public init() {}

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    var groups: OrderedDictionary<[Int], [Tensor]> = [:]
    for weight in subject.network.parameters.values where weight.shape.count >= 2 {
      groups[weight.shape, default: []].append(try weight.detached().to(.float64))
    }
    var rows: [Row] = []
    var (pairs, equal, sum) = (0, 0, 0.0)
    for (shape, weights) in groups {
      let distances = try LayerDistances(weights)
      pairs += distances.pairs.count
      equal += distances.pairs.count { $0.distance == 0 }
      sum += distances.pairs.reduce(0) { $0 + $1.distance }
      var row: Row = [
        "shape": .string(shape.map(String.init).joined(separator: "×")), "layers": .int(weights.count),
      ]
      let isOne = weights.count == 1
      row["meanDistance"] = isOne ? .null : .double(distances.mean)
      row["leastDistance"] = distances.pairs.map(\.distance).min().map(JSONValue.double) ?? .null
      row["asymmetry"] = distances.asymmetry.map(JSONValue.double) ?? .null
      rows.append(row)
    }
    let asymmetries = zip(rows, groups.values).compactMap { row, weights in
      row.number("asymmetry").map { (sum: $0 * Double(weights.count), count: weights.count) }
    }
    let square = asymmetries.reduce(0) { $0 + $1.count }
    let mean = pairs == 0 ? nil : sum / Double(pairs)
    let asymmetry = square == 0 ? nil : asymmetries.reduce(0) { $0 + $1.sum } / Double(square)
    var summary: Row = ["pairs": .int(pairs), "equalPairs": .int(equal), "squareLayers": .int(square)]
    summary["meanDistance"] = mean.map(JSONValue.double) ?? .null
    summary["asymmetry"] = asymmetry.map(JSONValue.double) ?? .null
    let distance =
      mean.map {
        "\(equal) of \(pairs) pairs of layers of equal shape are equal; their mean distance is \(NumberText.three($0))"
      }
      ?? "no two layers have the same shape"
    let symmetry = asymmetry.map { "; \(square) square ones differ from their transposes by \(NumberText.three($0))" }
    return ProbeResult(rows: rows, summary: summary, verdict: .none, sentence: distance + (symmetry ?? ""))
  }
}
