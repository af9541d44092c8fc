import Torch

/// How many features a layer gets that are copies of others (the replica problem, Section 3.2.2): equal features get
/// equal gradients and may stay equal. The loose condition's noise tells them apart.
public struct ReplicaProbe: Probe {
  public let name = "replicas"
  public let title = "Features that each layer gets that are exact or close copies of others, or 0 on every example"

  /// Two features count as close where their difference is at most this share of the larger one's size.
  public var tolerance: Double

  /// The probe with this tolerance.
  public init(tolerance: Double = 1e-3) { self.tolerance = tolerance }

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    let layers = try subject.network.observed(subject.input).layers
    var rows: [Row] = []
    var totals = (features: 0, exact: 0, close: 0, silent: 0)
    // What the first layer gets is the network's input.
    for layer in layers.dropFirst() where layer.input.shape.count >= 2 {
      // Features as rows: channels of images, [N, C, …], and what a linear layer gets at every place, [N, …, C].
      let axis = layer.operation.contains("conv") ? 1 : layer.input.shape.count - 1
      let features = try layer.input.detached().transposed(0, axis).flattened(from: 1).to(.float64)
      let counts = try self.counts(features)
      rows.append([
        "layer": .string(layer.layer), "features": .int(counts.features), "exactCopies": .int(counts.exact),
        "closeCopies": .int(counts.close), "silent": .int(counts.silent),
      ])
      totals.features += counts.features
      totals.exact += counts.exact
      totals.close += counts.close
      totals.silent += counts.silent
    }
    let all = Double(max(1, totals.features))
    func percent(_ count: Int) -> String { NumberText.fixed(Double(count) / all * 100, digits: 0) + " %" }
    return ProbeResult(
      rows: rows,
      summary: [
        "features": .int(totals.features), "exactCopies": .int(totals.exact), "closeCopies": .int(totals.close),
        "silent": .int(totals.silent),
      ],
      verdict: .none,
      sentence:
        "of \(NumberText.count(totals.features)) hidden features \(percent(totals.exact)) are exact copies of another, "
        + "\(percent(totals.close)) are within \(NumberText.three(tolerance)) of one, \(percent(totals.silent)) are silent"
    )
  }

  /// A feature is a copy if an earlier one is equal (close) to it; silent features are none.
  ///
  /// - Parameter features: [C, M] float64.
  /// - Returns: How many there are of each kind.
  /// - Throws: `TorchError` for another shape.
  func counts(_ features: Tensor) throws -> (features: Int, exact: Int, close: Int, silent: Int) {
    let count = features.shape[0]
    var groups = (exact: 0, close: 0)
    let sizes = try features.norm([1]).to(.cpu).array(of: Double.self)
    let sounding = sizes.indices.filter { sizes[$0] > 0 }
    for (place, index) in sounding.enumerated().dropFirst() {
      let earlier = try features.indexSelect(
        axis: 0, Tensor(sounding[..<place].map(Int64.init), device: features.device))
      let distances = try (earlier - features.select(axis: 0, index)).norm([1]).to(.cpu).array(of: Double.self)
      if distances.contains(0) { groups.exact += 1 }
      if zip(sounding, distances).contains(where: { $1 <= tolerance * max(sizes[$0], sizes[index]) }) {
        groups.close += 1
      }
    }
    return (count, groups.exact, groups.close, count - sounding.count)
  }
}
