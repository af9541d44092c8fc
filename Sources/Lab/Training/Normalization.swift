/// How pixels become numbers: (pixel / 255 − mean) / std, a mean and a deviation a channel.
public struct Normalization: Hashable, Sendable {
  /// One a channel, as shares of the brightest pixel.
  public var mean: [Double]
  /// One a channel, above 0, as shares of the brightest pixel.
  public var std: [Double]

  /// A mean and a deviation for each channel.
  public init(mean: [Double], std: [Double]) {
    (self.mean, self.std) = (mean, std)
  }

  /// What each of the 256 values of a pixel becomes, channel by channel: `channels` × 256 numbers.
  ///
  /// In single precision: the value times 1/(255·std), rounded, plus −mean/std, rounded; the numbers of PyTorch's
  /// `x.float().mul_(1 / (255 * std)).add_(-mean / std)`.
  func table() -> [Float] {
    zip(mean, std).flatMap { mean, std in
      let (scale, shift) = (Float(1 / (255 * std)), Float(-mean / std))
      return (0..<256).map { Float($0) * scale + shift }
    }
  }

  /// - Throws: `LabError` (`.configuration`) unless there is one finite mean and one deviation above 0 a channel.
  func validate(channels: Int, of data: String) throws(LabError) {
    guard mean.count == channels, std.count == channels else {
      throw LabError(
        .configuration,
        "\(mean.count) means and \(std.count) deviations to normalise by; \(data) has \(channels) channels and needs "
          + "one of each a channel")
    }
    guard mean.allSatisfy(\.isFinite), std.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw LabError(
        .configuration, "normalisation by means \(mean) and deviations \(std); expected finite ones, deviations above 0"
      )
    }
  }
}
