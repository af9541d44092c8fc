/// Count, bounds, mean and standard deviation of a weight's values, gathered piece by piece.
struct WeightStatistics {
  private(set) var count = 0
  private(set) var nonZeroCount = 0
  private(set) var nonZeroMinimum = Double.infinity
  private(set) var nonZeroMaximum = -Double.infinity
  private(set) var mean = 0.0
  /// Sum of the squared distances from the mean.
  private var squares = 0.0

  /// The standard deviation as `torch.std` computes it (n − 1); nil for a single value.
  var std: Double? { count > 1 ? (squares / Double(count - 1)).squareRoot() : nil }

  /// Adds a piece: its own mean and squares first, then merged (Chan et al. 1979), so that nothing cancels.
  mutating func add(_ values: UnsafeBufferPointer<Double>) {
    guard !values.isEmpty else { return }
    var sum = 0.0
    for value in values {
      sum += value
      if value != 0 {
        nonZeroCount += 1
        nonZeroMinimum = min(nonZeroMinimum, value)
        nonZeroMaximum = max(nonZeroMaximum, value)
      }
    }
    let pieceMean = sum / Double(values.count)
    var pieceSquares = 0.0
    for value in values { pieceSquares += (value - pieceMean) * (value - pieceMean) }

    let total = Double(count + values.count)
    let distance = pieceMean - mean
    squares += pieceSquares + distance * distance * Double(count) * Double(values.count) / total
    mean += distance * Double(values.count) / total
    count += values.count
  }
}
