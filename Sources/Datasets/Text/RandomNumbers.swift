/// Where the random numbers of text data come from: independent sequences, each a function of its name alone.
///
/// The bench gives the library's counter-based streams (one for each seed and name), so that what is drawn depends neither
/// on threads nor on the order in which documents or epochs are asked for.
public protocol NumberStreams: Sendable {
  /// A sequence of random numbers.
  associatedtype Numbers: RandomNumberGenerator
  /// What determines the numbers, for example `philox, seed 7`: two with one identity give the same.
  var identity: String { get }
  /// The sequence of this name, from its beginning.
  func numbers(_ name: String) -> Numbers
}

// The standard library's own ways to shuffle and to draw below a bound may change from version to version; these do not.
extension RandomNumberGenerator {
  /// A number below `bound`, each with the same chance (Lemire 2019).
  mutating func below(_ bound: Int) -> Int {
    let bound = UInt64(max(bound, 1))
    let reject = (0 &- bound) % bound
    while true {
      let (high, low) = next().multipliedFullWidth(by: bound)
      if low >= reject { return Int(high) }
    }
  }

  /// A number from `least` to `most`, both included, each with the same chance.
  mutating func number(from least: Int, through most: Int) -> Int { least + below(most - least + 1) }

  /// A number of the uniform distribution on (0, 1), with 52 random bits; the half keeps 0 and 1 out.
  mutating func uniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

  /// Shuffles in place (Fisher-Yates, unbiased).
  mutating func shuffle<Element>(_ array: inout [Element]) {
    var remaining = array.count
    while remaining > 1 {
      array.swapAt(below(remaining), remaining - 1)
      remaining -= 1
    }
  }

  /// A permutation of 0..<count, each with the same chance.
  mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }
}
