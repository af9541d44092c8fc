import Crypto
import Foundation
import TestSupport

@testable import Datasets

/// Random numbers for tests: SplitMix64 (Steele, Lea and Flood 2014) from a seed and a hash of the name.
struct MixStreams: NumberStreams {
  struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
  }

  var seed: UInt64 = 0
  var identity: String { "mix, seed \(seed)" }

  func numbers(_ name: String) -> Numbers {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    var first = Numbers(state: hash ^ seed)
    return Numbers(state: first.next())
  }
}

/// What scripts/golden/text.py wrote.
enum TextGolden {
  static let folder = packageFolder.appendingPathComponent("Tests/Fixtures/Text")
  static let vocabulary = folder.appendingPathComponent("vocabulary.txt").path

  struct Case: Decodable {
    let text: String
    let ids: [Int32]
  }

  static func cases() throws -> [Case] {
    try JSONDecoder().decode([Case].self, from: Data(contentsOf: folder.appendingPathComponent("wordpiece.json")))
  }

  struct Real: Decodable {
    struct Scalars: Decodable {
      let first: UInt32
      let last: UInt32
      let step: Int
      let digest: String
    }
    struct Vectors: Decodable {
      let words: Int
      let every: Int
      let digest: String
      let the: [Float]
    }
    struct Examples: Decodable {
      let lines: Int
      let longest: Int
      let short: Double
      let runs: Int
      let documents: Int
      /// Of one copy: mean and standard deviation over `runs`.
      let statistics: [String: [Double]]
    }
    let chunk: Int
    let examples: Examples
    let wordpiece: [String: [String]]
    let scalars: [Scalars]
    let words: [String: String]
    let vectors: Vectors
  }

  static func real() throws -> Real {
    try JSONDecoder().decode(Real.self, from: Data(contentsOf: folder.appendingPathComponent("real.json")))
  }

  /// As the script's `numbers_digest`.
  static func digest(_ lines: [[Int32]]) -> String {
    var hash = SHA256()
    for line in lines {
      (line + [-1]).map(\.littleEndian).withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().hexadecimal
  }

  static func digest(_ bytes: some Sequence<UInt8>) -> String { SHA256.hash(data: Array(bytes)).hexadecimal }
}

extension Scratch {
  @discardableResult
  func write(_ text: String, _ name: String) throws -> String { try write(Array(text.utf8), name) }
}

/// Whether a count of `n` trials of probability `p` is within four standard errors of what it should be. With `n` as large
/// as the tests have it, a probability wrong by 5 % is over four standard errors away; `power` says so.
struct Proportion {
  let count: Int
  let n: Int
  let p: Double

  private var error: Double { (p * (1 - p) / Double(n)).squareRoot() }
  func distance(from p: Double) -> Double { abs(Double(count) / Double(n) - p) / error }
  var isRight: Bool { distance(from: p) < 4 }
  /// A true value 5 % off would be refused (on average).
  var hasPower: Bool { 0.05 * p > 4 * error }
}
