import Foundation
import IDInit
import Testing

@testable import Lab

/// What augmentation draws, against the distributions that it promises. Seeds are fixed, so a test passes always or
/// never; bounds are quantiles of 1 − 1e-6 or beyond, and each test shows a wrong distribution that it refuses.
@Suite struct AugmentationDrawTests {
  private let count = 40_000

  @Test func halfTheImagesAreMirrored() {
    func distance(_ augmentation: Augmentation, from expected: Double) -> Double {
      let draws = BatchDraws(augmentation, seed: 3, epoch: 1)
      let flips = (0..<count).count { draws.placement(at: $0).isFlipped }
      // In standard deviations of the binomial distribution.
      return (Double(flips) - expected * Double(count)) / (expected * (1 - expected) * Double(count)).squareRoot()
    }
    #expect(abs(distance(Augmentation(flip: true), from: 0.5)) < 5)
    // A share that is wrong by 5 % of itself is refused.
    #expect(abs(distance(Augmentation(flip: true), from: 0.475)) > 5)
    #expect((0..<100).allSatisfy { !BatchDraws(.none, seed: 3, epoch: 1).placement(at: $0).isFlipped })
  }

  /// χ² over the 9 × 9 windows of padding 4: 80 degrees of freedom, 1 − 1e-6 quantile 152.
  @Test func everyWindowIsEquallyLikely() {
    let draws = BatchDraws(Augmentation(cropPadding: 4), seed: 3, epoch: 2)
    func chiSquare(_ offset: (Int) -> (Int, Int)) -> Double {
      var counts = [Double](repeating: 0, count: 81)
      for position in 0..<count {
        let (down, right) = offset(position)
        counts[(down + 4) * 9 + right + 4] += 1
      }
      let expected = Double(count) / 81
      return counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    }
    #expect(chiSquare { (draws.placement(at: $0).down, draws.placement(at: $0).right) } < 152)
    // One image in twenty left where it is.
    #expect(chiSquare { $0 % 20 == 0 ? (0, 0) : (draws.placement(at: $0).down, draws.placement(at: $0).right) } > 152)
  }

  /// Rows, columns and mirror do not tell each other anything, nor do epochs: correlations of n independent pairs are
  /// below 5/√n.
  @Test func drawsAreIndependent() {
    let draws = [1, 2].map { BatchDraws(Augmentation(cropPadding: 4, flip: true), seed: 3, epoch: $0) }
    func correlation(_ first: (Int) -> Double, _ second: (Int) -> Double) -> Double {
      let (x, y) = ((0..<count).map(first), (0..<count).map(second))
      let (mx, my) = (x.reduce(0, +) / Double(count), y.reduce(0, +) / Double(count))
      var (xy, xx, yy) = (0.0, 0.0, 0.0)
      for (x, y) in zip(x, y) {
        xy += (x - mx) * (y - my)
        xx += (x - mx) * (x - mx)
        yy += (y - my) * (y - my)
      }
      return xy / (xx * yy).squareRoot()
    }
    let down = { Double(draws[0].placement(at: $0).down) }
    let right = { Double(draws[0].placement(at: $0).right) }
    let flip = { draws[0].placement(at: $0).isFlipped ? 1.0 : 0 }
    let bound = 5 / Double(count).squareRoot()
    for (first, second) in [
      (down, right), (down, flip), (right, flip), (down, { Double(draws[1].placement(at: $0).down) }),
      (down, { down($0 + 1) }),
    ] {
      #expect(abs(correlation(first, second)) < bound)
    }
    #expect(abs(correlation(down) { down($0) + 20 * right($0) }) > bound)
  }

  /// Draws do not depend on what else is asked for: turning the mirror on moves no window.
  @Test func optionsDoNotDisturbEachOther() {
    let alone = BatchDraws(Augmentation(cropPadding: 4), seed: 9, epoch: 1)
    let both = BatchDraws(Augmentation(cropPadding: 4, flip: true, mixup: 1), seed: 9, epoch: 1)
    for position in 0..<100 {
      #expect(alone.placement(at: position).down == both.placement(at: position).down)
      #expect(alone.placement(at: position).right == both.placement(at: position).right)
    }
  }

  // MARK: λ

  /// The largest distance between the share of the draws below x and Beta(α, α)'s distribution function, in units of
  /// 1/√n: by Kolmogorov's limit above 2.7 with probability 1e-6.
  private func kolmogorov(_ draws: [Double], _ distribution: (Double) -> Double) -> Double {
    let sorted = draws.sorted()
    let n = Double(sorted.count)
    var largest = 0.0
    for (rank, x) in sorted.enumerated() {
      let expected = distribution(x)
      largest = max(largest, abs(expected - Double(rank) / n), abs(expected - Double(rank + 1) / n))
    }
    return largest * n.squareRoot()
  }

  private func draws(_ alpha: Double) -> [Double] {
    var numbers = StreamNumbers(RandomStream(seed: 4, name: "beta/\(alpha)"))
    return (0..<count).map { _ in numbers.beta(alpha) }
  }

  /// The distribution functions of Beta(α, α) that have a closed form.
  static let closedForms: [(alpha: Double, distribution: @Sendable (Double) -> Double)] = [
    (0.5, { 2 / .pi * asin($0.squareRoot()) }), (1, { $0 }), (2, { $0 * $0 * (3 - 2 * $0) }),
    (3, { pow($0, 3) * (10 - 15 * $0 + 6 * $0 * $0) }),
  ]

  @Test(arguments: closedForms.indices) func betaHasItsDistribution(_ index: Int) {
    let (alpha, distribution) = Self.closedForms[index]
    let draws = draws(alpha)
    #expect(draws.allSatisfy { (0...1).contains($0) })
    #expect(kolmogorov(draws, distribution) < 2.7)
    // Another α of the same mean is refused.
    #expect(kolmogorov(draws, Self.closedForms[(index + 1) % Self.closedForms.count].distribution) > 2.7)
  }

  /// Mean ½ and variance 1/(4(2α + 1)) of any α; the variance's standard error from the fourth moment,
  /// 3/(16(2α + 1)(2α + 3)).
  @Test(arguments: [0.1, 0.2, 0.4, 1, 1.5, 8]) func betaHasItsMoments(_ alpha: Double) {
    let draws = draws(alpha)
    let n = Double(count)
    let variance = 1 / (4 * (2 * alpha + 1))
    let fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3))
    let mean = draws.reduce(0, +) / n
    let measured = draws.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / n
    let error = ((fourth - variance * variance) / n).squareRoot()
    #expect(abs(mean - 0.5) < 5 * (variance / n).squareRoot())
    #expect(abs(measured - variance) < 5 * error)
    // α wrong by a tenth would show, but for the smallest, whose variance hardly depends on it: by its double there.
    let wrong = alpha < 0.3 ? 2 * alpha : 1.1 * alpha
    #expect(abs(measured - 1 / (4 * (2 * wrong + 1))) > 5 * error)
  }

  /// For small α both gammas are below the least positive number; λ is then near 0 or 1, and never none.
  @Test func theSmallestAlphasAreNumbers() {
    var numbers = StreamNumbers(RandomStream(seed: 4, name: "tiny"))
    let draws = (0..<1000).map { _ in numbers.beta(1e-4) }
    #expect(draws.allSatisfy { (0...1).contains($0) })
    let high = draws.count { $0 > 0.5 }
    #expect((420...580).contains(high))
  }

  // MARK: Mixing

  @Test func partnersAreAPermutation() throws {
    let draws = BatchDraws(Augmentation(mixup: 1), seed: 1, epoch: 1)
    for (step, count) in [(0, 1), (1, 2), (2, 128), (3, 79)] {
      let mixing = try #require(draws.mixing(step: step, count: count, height: 32, width: 32))
      #expect(mixing.kind == .blend)
      #expect(mixing.partners.sorted() == Array(0..<count))
    }
    let steps = (0..<50).map { draws.mixing(step: $0, count: 8, height: 4, width: 4) }
    #expect(Set(steps).count == 50)
  }

  /// λ of a cut batch is the share of pixels that stay; its box has the authors' sides before it is clipped.
  @Test func theShareOfACutIsThatOfItsPixels() throws {
    let draws = BatchDraws(Augmentation(cutmix: 1), seed: 1, epoch: 1)
    var clipped = 0
    for step in 0..<2000 {
      let mixing = try #require(draws.mixing(step: step, count: 4, height: 32, width: 24))
      guard case .paste(let rows, let columns) = mixing.kind else {
        Issue.record("a blend, where only cuts are on")
        return
      }
      let inside = (0..<32).reduce(0) { sum, row in
        sum + (0..<24).count { rows.contains(row) && columns.contains($0) }
      }
      #expect(mixing.share == 1 - Double(inside) / (32 * 24))
      if rows.lowerBound == 0 || rows.upperBound == 32 { clipped += 1 }
    }
    #expect(clipped > 200)
  }

  /// The authors' rand_bbox with λ uniform, a centre uniform in 0 ..< 32 and whole half-sides: its mean share, by going
  /// through all centres and a fine grid of λ, is that of the draws within 5 standard errors.
  @Test func cutsAreAsLargeAsTheAuthors() throws {
    let draws = BatchDraws(Augmentation(cutmix: 1), seed: 8, epoch: 1)
    var lengths: [[Double]] = []
    for half in 0...16 {
      lengths.append((0..<32).map { Double(min(32, $0 + half) - max(0, $0 - half)) })
    }
    let grid = 20_000
    var (mean, square) = (0.0, 0.0)
    for index in 0..<grid {
      let lambda = (Double(index) + 0.5) / Double(grid)
      let sides = lengths[Int(32 * (1 - lambda).squareRoot()) / 2]
      let first = sides.reduce(0, +) / 32
      let second = sides.reduce(0) { $0 + $1 * $1 } / 32
      mean += first * first / 1024
      square += second * second / (1024 * 1024)
    }
    mean /= Double(grid)
    let deviation = (square / Double(grid) - mean * mean).squareRoot()
    let steps = 20_000
    let measured =
      try (0..<steps).reduce(0.0) { sum, step in
        sum + 1 - (try #require(draws.mixing(step: step, count: 2, height: 32, width: 32)).share)
      } / Double(steps)
    #expect(abs(measured - mean) < 5 * deviation / Double(steps).squareRoot())
    #expect(abs(measured - mean * 1.05) > 5 * deviation / Double(steps).squareRoot())
  }

  @Test(arguments: [0.0, 0.25, 1]) func batchesAreCutWithTheirProbability(_ probability: Double) throws {
    let draws = BatchDraws(
      Augmentation(mixup: 1, cutmix: 1, switchProbability: probability), seed: 2, epoch: 1)
    let steps = 4000
    let cuts = try (0..<steps).count { step in
      try #require(draws.mixing(step: step, count: 2, height: 8, width: 8)).kind != .blend
    }
    let deviation = (probability * (1 - probability) * Double(steps)).squareRoot()
    #expect(abs(Double(cuts) - probability * Double(steps)) <= 5 * deviation)
  }
}
