import Testing

@testable import Datasets

@Suite struct RandomNumbersTests {
  private static let n = 60_000

  @Test func numbersBelowABoundComeEquallyOften() {
    var numbers = MixStreams(seed: 1).numbers("below")
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<Self.n { counts[numbers.below(6)] += 1 }
    for count in counts {
      let part = Proportion(count: count, n: Self.n, p: 1.0 / 6)
      #expect(part.isRight && part.hasPower, "\(counts)")
    }
    let drawn = Set((0..<200).map { _ in numbers.number(from: -1, through: 2) })
    #expect(drawn == [-1, 0, 1, 2])
    #expect((0..<10).allSatisfy { _ in numbers.below(1) == 0 })
  }

  /// A bound far from a power of two, where taking the remainder would favour the lower half by an eighth.
  @Test func noNumberIsFavoured() {
    var numbers = MixStreams(seed: 2).numbers("below")
    let bound = 3 << 61
    let low = (0..<Self.n).count { _ in numbers.below(bound) < bound / 2 }
    let part = Proportion(count: low, n: Self.n, p: 0.5)
    #expect(part.isRight && part.hasPower, "\(low)")
  }

  @Test func everyOrderComesEquallyOften() {
    var numbers = MixStreams(seed: 3).numbers("order")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<Self.n { counts[numbers.permutation(3), default: 0] += 1 }
    #expect(counts.count == 6)
    for count in counts.values { #expect(Proportion(count: count, n: Self.n, p: 1.0 / 6).isRight, "\(counts)") }
    #expect(numbers.permutation(0) == [] && numbers.permutation(1) == [0])
  }

  @Test func theUnitIntervalIsFilledEvenly() {
    var numbers = MixStreams(seed: 4).numbers("unit")
    let drawn = (0..<Self.n).map { _ in numbers.uniform() }
    #expect(drawn.allSatisfy { $0 > 0 && $0 < 1 })
    for tenth in 1..<10 {
      let part = Proportion(count: drawn.count { $0 < Double(tenth) / 10 }, n: Self.n, p: Double(tenth) / 10)
      #expect(part.isRight, "\(part)")
    }
  }
}
