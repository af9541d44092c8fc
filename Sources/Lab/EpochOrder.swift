import IDInit

/// The order in which an epoch goes through the data: a function of seed and epoch alone, so that a run that goes on
/// needs no memory of it.
public enum EpochOrder {
  /// A permutation of 0..<count (Fisher-Yates, unbiased), the same on every platform.
  public static func permutation(count: Int, seed: UInt64, epoch: Int) -> [Int64] {
    var numbers = StreamNumbers(RandomStream(seed: seed, name: "lab/order/epoch-\(epoch)"))
    var order = (0..<Int64(count)).map { $0 }
    var remaining = count
    while remaining > 1 {
      order.swapAt(Int(numbers.below(UInt64(remaining))), remaining - 1)
      remaining -= 1
    }
    return order
  }
}

/// The words of a counter-based stream, one after the other.
struct StreamNumbers {
  private let stream: RandomStream
  private var block: UInt64 = 0
  private var words: SIMD4<UInt32> = .zero
  private var used = 4

  init(_ stream: RandomStream) { self.stream = stream }

  mutating func next() -> UInt32 {
    if used == 4 {
      words = stream.block(block)
      block += 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// A number below `bound`, each with the same chance (Lemire 2019).
  mutating func below(_ bound: UInt64) -> UInt64 {
    let reject = (0 &- bound) % bound
    while true {
      let word = UInt64(next()) << 32 | UInt64(next())
      let (high, low) = word.multipliedFullWidth(by: bound)
      if low >= reject { return high }
    }
  }
}
