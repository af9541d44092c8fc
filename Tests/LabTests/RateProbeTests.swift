import Foundation
import TestSupport
import Testing
import Torch

@testable import Lab

/// The sweep of learning rates on quadratics, whose limits are known.
@Suite struct RateProbeTests {
  /// ½ λ w² from w = 1: the mean squared error of one output, w times the input √(λ/2), from 0.
  private func quadratic(_ curvature: Double) throws -> ProbeSubject {
    let input = try Tensor.ones([1, 1]) * (curvature / 2).squareRoot()
    return ProbeSubject(
      method: "by hand", network: try Chain([Tensor.eye(1)]), input: input,
      target: .values(try Tensor.zeros([1, 1])))
  }

  /// A step multiplies w by 1 − ηλ, k steps the loss by (1 − ηλ)^2k, which is at most 2 up to
  /// η = (1 + 2^(1/2k))/λ: 2/λ for many steps. Ten halvings of the gap leave a factor of 3^(1/1024).
  @Test(arguments: [(0.5, 10), (0.5, 200), (40, 200)]) func plainDescentEndsAtTwoOverTheCurvature(
    _ curvature: Double, _ steps: Int
  ) throws {
    let result = try RateProbe(steps: steps, momentum: 0, halvings: 10)(
      quadratic(curvature), rates: [0.3 / curvature, 1 / curvature, 3 / curvature, 9 / curvature])
    let (low, high) = try limits(result)
    let limit = (1 + pow(2, 1 / Double(2 * steps))) / curvature
    #expect(low <= limit * (1 + 1e-4) && high >= limit * (1 - 1e-4) && high / low < 1.002)
    if steps == 200 { #expect(abs(low * curvature / 2 - 1) < 0.004) }
  }

  /// With momentum the limit of many steps is 2(1 + β)/λ. At it the steps first overshoot 19-fold and then neither grow
  /// nor fall; a share ε below it they fall by 38 ε a step, so that 1,000 steps show it to ln(19)/38,000, below 0.01 %.
  @Test func momentumWidensTheLimit() throws {
    let result = try RateProbe(steps: 1000, momentum: 0.9, halvings: 12)(
      quadratic(2), rates: [0.1, 1, 3])
    let (low, high) = try limits(result)
    #expect(abs(low / 1.9 - 1) < 0.002 && abs(high / 1.9 - 1) < 0.002, "\(low) to \(high)")
  }

  /// The loss after k steps, for each rate: (1 − ηλ)^2k times that of the start, λ/2.
  @Test func theSweepHasTheLossOfEveryRate() throws {
    let result = try RateProbe(steps: 3, momentum: 0, halvings: 0)(quadratic(1), rates: [0.5, 1.5, 4, 1e30])
    #expect(result.rows.compactMap { $0.number("learningRate") } == [0.5, 1.5, 4, 1e30])
    for row in result.rows.prefix(3) {
      let rate = try #require(row.number("learningRate"))
      #expect(abs(try #require(row.number("firstLoss")) - 0.5) < 1e-6)
      #expect(abs(try #require(row.number("lastLoss")) / (0.5 * pow(1 - rate, 6)) - 1) < 1e-4)
    }
    #expect(result.rows.map { $0["stable"] } == [.bool(true), .bool(true), .bool(false), .bool(false)])
    // What is no number ends its training.
    #expect(result.rows[3].number("lastLoss")?.isFinite == false && (result.rows[3].number("steps") ?? 9) < 3)
    #expect(result.summary.number("largestStableRate") == 1.5 && result.summary.number("leastUnstableRate") == 4)
  }

  @Test func nothingIsLargerThanWhatWasTried() throws {
    let all = try RateProbe(steps: 3, momentum: 0)(quadratic(1), rates: [0.1, 0.2])
    #expect(all.sentence.hasSuffix("the largest that was tried") && all.summary["leastUnstableRate"] == .null)
    let none = try RateProbe(steps: 3, momentum: 0)(quadratic(1), rates: [30, 300])
    #expect(none.verdict == .bad && none.summary["largestStableRate"] == .null)
    #expect(none.sentence.hasPrefix("even a learning rate of 30 blows up"))
  }

  /// A rate that throws the network off is not survived, and the weights come back.
  @Test func theWeightsComeBack() throws {
    let subject = try ProbeSubject.chain([Tensor.eye(6) * 30, Tensor.eye(6) * 30])
    let before = try subject.network.parameters.values.map { try $0.detached().cloned() }
    let result = try RateProbe(rates: [1e-7, 1e6], steps: 5, halvings: 0)(subject)
    for (parameter, old) in zip(subject.network.parameters.values, before) {
      #expect(try parameter.isEqual(to: old))
      #expect(parameter.grad == nil)
    }
    #expect(result.rows.map { $0["stable"] } == [.bool(true), .bool(false)])
  }

  private func limits(_ result: ProbeResult) throws -> (Double, Double) {
    let low = try #require(result.summary.number("largestStableRate"))
    let high = try #require(result.summary.number("leastUnstableRate"))
    return (low, high)
  }
}

extension RateProbe {
  fileprivate func callAsFunction(_ subject: ProbeSubject, rates: [Double]) throws -> ProbeResult {
    var probe = self
    probe.rates = rates
    return try probe(subject)
  }
}
