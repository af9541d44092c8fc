import CTorch

/// Takes values into exponential moving averages, in one call for all: a ← d·a + (1 − d)·v for each pair.
///
/// - Parameters:
///   - averages: Changed in place.
///   - values: As many tensors of the same shapes; no gradient is recorded.
///   - decay: d.
/// - Throws: ``TorchError`` of kind `argument` for lists that do not fit each other; then nothing is changed.
public func updateAverages(
  _ averages: [Tensor], with values: [Tensor], decay: Double
) throws(TorchError) {
  guard averages.count == values.count else {
    throw TorchError(
      kind: .argument, operation: "updateAverages",
      message: "\(averages.count) averages of \(values.count) values")
  }
  let status = withExtendedLifetime((averages, values)) {
    ct_optimizer_average(averages.map(\.handle), values.map(\.handle), averages.count, decay)
  }
  try check(status, "updateAverages")
}
