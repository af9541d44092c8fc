import IDInit

/// The order in which an epoch goes through the data: a function of seed and epoch alone, so that a run that goes on
/// needs no memory of it.
public enum EpochOrder {
  /// A permutation of 0..<count (Fisher-Yates, unbiased), the same on every platform.
  public static func permutation(count: Int, seed: UInt64, epoch: Int) -> [Int64] {
    indices(count: count, seed: seed, epoch: epoch).map(Int64.init)
  }

  static func indices(count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var numbers = StreamNumbers(RandomStream(seed: seed, name: "lab/order/epoch-\(epoch)"))
    return numbers.permutation(count)
  }
}
