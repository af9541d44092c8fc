import Torch

/// Ranks of the weights as matrices of outputs × all else, and, where such a matrix is square, of W − I, the residual
/// component that the paper's Theorem 3.1 bounds (Section 3.2.1, Figure 4).
public struct RankProbe: Probe {
  public let name = "rank"
  public let title = "Rank of each weight, and of W − I of square ones"

  /// A singular value counts above this share of the largest.
  public var tolerance: Double

  /// The probe with this tolerance.
  public init(tolerance: Double = 1e-5) { self.tolerance = tolerance }

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    var rows: [Row] = []
    var full = 0
    for (name, weight) in subject.network.parameters where weight.shape.count >= 2 {
      let matrix = try weight.detached().to(.float64).flattened(from: 1)
      let (out, rest) = (matrix.shape[0], matrix.shape[1])
      let rank = try Self.rank(matrix, tolerance)
      if rank == min(out, rest) { full += 1 }
      var row: Row = [
        "parameter": .string(name), "rank": .int(rank), "fullRank": .int(min(out, rest)),
      ]
      if out == rest {
        let identity = try Tensor.eye(out, dtype: .float64, device: matrix.device)
        row["residualRank"] = .int(try Self.rank(matrix - identity, tolerance))
      } else {
        row["residualRank"] = .null
      }
      rows.append(row)
    }
    return ProbeResult(
      rows: rows, summary: ["weights": .int(rows.count), "fullRank": .int(full)], verdict: .none,
      sentence: "\(full) of \(rows.count) weights have full rank")
  }

  /// Singular values above `tolerance` × the largest; 0 for a matrix of zeros or with numbers that are not finite.
  static func rank(_ matrix: Tensor, _ tolerance: Double) throws -> Int {
    guard try matrix.isFinite().all().integer() != 0 else { return 0 }
    let values = try matrix.singularValues().to(.cpu).array(of: Double.self)
    guard let largest = values.first, largest > 0 else { return 0 }
    return values.count { $0 > tolerance * largest }
  }
}
