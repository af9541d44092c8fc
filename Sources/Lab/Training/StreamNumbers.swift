import Foundation
import IDInit

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

  /// A permutation of 0..<count (Fisher-Yates, unbiased).
  mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    var remaining = count
    while remaining > 1 {
      order.swapAt(Int(below(UInt64(remaining))), remaining - 1)
      remaining -= 1
    }
    return order
  }

  /// A number of the uniform distribution on (0, 1), with 52 random bits; the half keeps 0 and 1 out.
  mutating func uniform() -> Double {
    (Double((UInt64(next()) << 32 | UInt64(next())) >> 12) + 0.5) * 0x1p-52
  }

  /// A standard normal deviate (Box and Muller 1958; the second of the pair is not used).
  mutating func normal() -> Double {
    (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  /// The logarithm of a deviate of the gamma distribution of this shape and scale 1.
  ///
  /// Marsaglia and Tsang, "A simple method for generating gamma variables" (2000): exact, by rejection. Below shape 1 a
  /// deviate of shape + 1 times U^(1/shape), as they advise; in logarithms, since for small shapes the power is below the
  /// least number that there is.
  mutating func logGamma(shape: Double) -> Double {
    guard shape >= 1 else {
      let boost = log(uniform()) / shape
      return logGamma(shape: shape + 1) + boost
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if log(uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return log(d) + log(v) }
    }
  }

  /// A deviate of the beta distribution Beta(α, α), α > 0: G₁ / (G₁ + G₂) of two gamma deviates; exact.
  mutating func beta(_ alpha: Double) -> Double {
    let (first, second) = (logGamma(shape: alpha), logGamma(shape: alpha))
    return 1 / (1 + exp(second - first))
  }
}
