import Foundation
import IDInit
import Networks
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

/// Probes on networks whose answers are known.
@Suite struct ProbeTests {
  private func subject(_ weights: [Tensor], batch: Int = 8) throws -> ProbeSubject {
    try .chain(weights, batch: batch)
  }

  private func orthogonal(_ size: Int, seed: UInt64 = 1) throws -> Tensor {
    try Tensor.randn([size, size], generator: Generator(seed: seed)).qr().q
  }

  // MARK: Jacobian

  @Test func anOrthogonalNetworkHasSingularValuesOfOne() throws {
    let result = try JacobianProbe().measure(subject((0..<5).map { try orthogonal(24, seed: UInt64($0)) }))
    let values = result.rows.compactMap { $0.number("singularValue") }
    #expect(values.count == 4 * 24)
    for value in values { #expect(abs(value - 1) < 1e-5) }
    #expect(abs((result.summary.number("chi") ?? 0) - 1) < 1e-5)
    #expect(result.verdict == .good)
  }

  /// χ is gain^(2L), the largest singular value gain^L, for L layers before the last, which only reads.
  @Test(arguments: [0.5, 1.5]) func aScaledChainGrowsByItsGain(_ gain: Double) throws {
    let weights = try (0..<7).map { _ in try Tensor.eye(10) * gain }
    let result = try JacobianProbe().measure(subject(weights))
    let chi = try #require(result.summary.number("chi"))
    #expect(abs(chi / pow(gain, 12) - 1) < 1e-4)
    #expect(abs((result.summary.number("largest") ?? 0) / pow(gain, 6) - 1) < 1e-4)
    #expect(result.verdict == .bad || gain == 1.5 && chi > 100)
  }

  /// The estimate agrees with the whole Jacobian on a network with a ReLU; 4,096 random vectors give χ to 3 %.
  @Test func theEstimateAgreesWithTheWhole() throws {
    let network = try LinearNet(widths: [30, 40, 40, 20], nonlinearity: .relu)
    let generator = try Generator(seed: 9)
    let example = try Tensor.randn([1, 30], generator: generator)
    try network.initialize(by: network.plan(Schemes.scheme(named: "kaiming"), example: example, seed: 4))
    let values = try JacobianProbe.whole(network, example, outputs: 40)
    let chi = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    let estimate = try JacobianProbe(probes: 4096).estimated(network, example, seed: 5)
    #expect(values.count == 30 && chi > 0)
    #expect(abs(estimate.meanSquare / chi - 1) < 0.03 * 3)
    #expect(abs(estimate.largest / values[0] - 1) < 1e-3)
  }

  @Test func modesAndStatisticsStay() throws {
    let entry = try NetworkCatalog.network(named: "resnet20")
    let subject = try ProbeSubject.noise(entry, method: "idinit", batch: 4, seed: 0, device: .cpu)
    let before = try subject.network.parameters.merging(subject.network.buffers) { one, _ in one }.mapValues {
      try $0.detached().cloned()
    }
    for probe in Probes.all { _ = try probe(subject) }
    #expect(subject.network.isTraining)
    for (name, tensor) in subject.network.parameters.merging(
      subject.network.buffers, uniquingKeysWith: { one, _ in one })
    {
      let old = try #require(before[name])
      #expect(try tensor.isEqual(to: old), "\(name)")
    }
  }

  // MARK: Signal

  @Test(arguments: [0.5, 1.0, 2.0]) func theSignalGrowsByTheGain(_ gain: Double) throws {
    let weights = try (0..<5).map { _ in try orthogonal(16) * gain }
    let result = try SignalProbe().measure(subject(weights, batch: 512))
    // From the first layer's input to the fifth's: four steps of the gain, exactly, for orthogonal weights.
    let forward = try #require(result.summary.number("forwardRatio"))
    let backward = try #require(result.summary.number("backwardRatio"))
    #expect(abs(forward / pow(gain, 4) - 1) < 1e-4)
    #expect(abs(backward / pow(gain, 4) - 1) < 1e-4)
    #expect(result.rows.compactMap { $0.text("layer") } == ["0", "1", "2", "3", "4"])
    #expect((result.verdict == .good) == (gain == 1))
  }

  // MARK: Start

  @Test func zerosLoseTheLogarithmOfTheClasses() throws {
    let result = try StartProbe().measure(subject([Tensor.eye(7), Tensor.zeros([7, 7])]))
    #expect(abs((result.summary.number("loss") ?? 0) - log(7)) < 1e-6)
    #expect(result.verdict == .good)
    // The gradient of the last weight is there, that of the first is stopped by the zeros.
    let norms = result.rows.compactMap { $0.number("gradientNorm") }
    #expect(norms.count == 2 && norms[0] == 0 && norms[1] > 0)
    let large = try StartProbe().measure(subject([Tensor.eye(7) * 1e4]))
    #expect(large.verdict == .bad)
  }

  // MARK: Weights

  @Test func ranksAreThoseOfTheMatrices() throws {
    let generator = try Generator(seed: 2)
    let thin = try Tensor.randn([12, 3], generator: generator)
    let low = try thin.matmul(thin.transposed(0, 1))
    let result = try RankProbe().measure(subject([low, Tensor.eye(12), thin.transposed(0, 1).contiguous()]))
    #expect(result.rows.compactMap { $0.number("rank") } == [3, 12, 3])
    #expect(result.rows[1].number("residualRank") == 0)
    #expect(result.rows[0].number("residualRank") == 12)
    #expect(result.rows[2]["residualRank"] == .null)
    #expect(result.summary.number("fullRank") == 2)
  }

  /// Three identities stacked make each feature thrice; noise of 1e-6 leaves close copies and no exact ones.
  @Test func copiesAreCounted() throws {
    let stacked = try Tensor.concatenate([Tensor.eye(5), Tensor.eye(5), Tensor.eye(5), Tensor.zeros([2, 5])])
    let head = try Tensor.ones([3, 17])
    let exact = try ReplicaProbe().measure(subject([stacked, head]))
    #expect(exact.summary.number("exactCopies") == 10)
    #expect(exact.summary.number("closeCopies") == 10)
    #expect(exact.summary.number("silent") == 2)
    let noise = try Tensor.randn([17, 5], generator: Generator(seed: 1)) * 1e-6
    let loose = try ReplicaProbe().measure(subject([stacked + noise * stacked, head]))
    #expect(loose.summary.number("exactCopies") == 0)
    #expect(loose.summary.number("closeCopies") == 10)
  }

  @Test func zerosAndBins() throws {
    let weight = try Tensor([-1, -0.5, 0, 0, 0.5, 1] as [Float], shape: [2, 3])
    let result = try WeightProbe(bins: 4).measure(subject([weight]))
    #expect(abs((result.summary.number("zeros") ?? 0) - 2.0 / 6) < 1e-9)
    #expect(result.rows[0]["histogram"] == .array([1, 1, 2, 2].map(JSONValue.int)))
  }

  // MARK: Rate

  /// The identity's loss is tame at small rates; a rate that throws it off is not survived, and the weights come back.
  @Test func theRateProbePutsTheWeightsBack() throws {
    let subject = try subject([Tensor.eye(6) * 30, Tensor.eye(6) * 30])
    let before = try subject.network.parameters.values.map { try $0.detached().cloned() }
    let result = try RateProbe(rates: [1e-7, 1e6], steps: 5).measure(subject)
    for (parameter, old) in zip(subject.network.parameters.values, before) {
      #expect(try parameter.isEqual(to: old))
    }
    #expect(result.rows.map { $0["stable"] } == [.bool(true), .bool(false)])
    #expect(result.summary.number("largestStableRate") == 1e-7)
  }

  // MARK: Catalogue

  /// Every network of the catalogue starts from IDInit and is measured; the paper's point shows on the 64 blocks.
  @Test func theBlocksAreIsometricFromIDInitAlone() throws {
    let entry = try NetworkCatalog.network(named: "blocks64")
    func chi(_ method: String) throws -> Double {
      let subject = try ProbeSubject.noise(entry, method: method, batch: 4, seed: 0, device: .cpu)
      return try JacobianProbe(examples: 1).measure(subject).summary.number("chi") ?? .nan
    }
    let (ours, kaiming) = try (chi("idinit"), chi("kaiming"))
    #expect(ours > 0.3 && ours < 3, "\(ours)")
    #expect(kaiming > 2000 || !kaiming.isFinite, "\(kaiming)")
  }

  @Test func aMisspeltNetworkIsNamed() throws {
    let error = #expect(throws: LabError.self) { try NetworkCatalog.network(named: "resnet65") }
    #expect(error?.message.contains("did you mean") == true)
  }
}
