import Datasets
import IDInit

/// The library's counter-based random numbers for text data: which sentences share a batch, what BERT's examples hide.
///
/// A sequence is a function of seed and name alone, on every platform; the names have a prefix of their own, so that data
/// never share numbers with weights or with the order of images.
public struct PhiloxStreams: NumberStreams, Hashable {
  /// What all sequences depend on, beside their names.
  public let seed: UInt64

  /// The sequences of a seed.
  public init(seed: UInt64) { self.seed = seed }

  public var identity: String { "philox, seed \(seed)" }

  public func numbers(_ name: String) -> Numbers {
    Numbers(words: StreamNumbers(RandomStream(seed: seed, name: "datasets/\(name)")))
  }

  /// A sequence of random numbers, 64 bits each.
  public struct Numbers: RandomNumberGenerator {
    fileprivate var words: StreamNumbers

    public mutating func next() -> UInt64 {
      let high = UInt64(words.next())
      return high << 32 | UInt64(words.next())
    }
  }
}
