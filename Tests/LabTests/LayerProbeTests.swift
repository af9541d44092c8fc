import TestSupport
import Testing
import Torch

@testable import Lab

/// What training leaves where it was, on blocks whose gradients are counted by hand.
@Suite struct DeadWeightProbeTests {
  private func subject(last: Tensor, input: Tensor) throws -> ProbeSubject {
    ProbeSubject(
      method: "by hand", network: try OneBlock(first: Tensor.eye(3), last: last, head: Tensor.eye(3)), input: input,
      labels: try Tensor([0, 1, 2, 0] as [Int64]), classes: 3)
  }

  private func oneHot() throws -> Tensor { try Tensor([1, 0, 0] as [Float], shape: [1, 3]).repeated([4, 1]) }

  /// The gradient of the last weight is an outer product with what it gets, e_0 in every example: of its 3 × 3 elements
  /// the first column moves, for however many steps, since the first weight changes in its element (0, 0) alone.
  @Test(arguments: [1, 3, 10]) func oneFeatureMovesOneColumn(_ steps: Int) throws {
    let subject = try subject(last: Tensor.zeros([3, 3]), input: oneHot())
    let result = try DeadWeightProbe(steps: steps)(subject)
    #expect(result.rows.compactMap { $0.text("parameter") } == ["last.weight"])
    #expect(result.summary.number("unmoved") == 6.0 / 9)
    #expect(result.summary.number("steps") == Double(steps))
    #expect(result.verdict == .bad)
    // Everything is as it was, without gradients.
    #expect(try subject.network.parameters["last.weight"]?.isEqual(to: Tensor.zeros([3, 3])) == true)
    #expect(try subject.network.parameters["first.weight"]?.isEqual(to: Tensor.eye(3)) == true)
    #expect(subject.network.parameters.values.allSatisfy { $0.grad == nil })
  }

  @Test func everyFeatureMovesAll() throws {
    let input = try Tensor.randn([4, 3], generator: Generator(seed: 1))
    let result = try DeadWeightProbe()(subject(last: Tensor.zeros([3, 3]), input: input))
    #expect(result.summary.number("unmoved") == 0)
    #expect(result.verdict == .good)
  }

  @Test func aFrozenNetworkKeepsAll() throws {
    let input = try Tensor.randn([4, 3], generator: Generator(seed: 1))
    let result = try DeadWeightProbe(learningRate: 0)(subject(last: Tensor.eye(3), input: input))
    #expect(result.summary.number("unmoved") == 1)
    #expect(result.verdict == .bad)
  }

  /// A loss that is no number leaves nothing to judge.
  @Test func noStepIsNoVerdict() throws {
    let result = try DeadWeightProbe()(subject(last: Tensor.zeros([3, 3]), input: oneHot() * .infinity))
    #expect(result.summary.number("steps") == 0)
    #expect(result.verdict == .none && result.sentence.hasSuffix("training has blown up: the loss is NaN"))
  }

  @Test func fewerStepsThanNoneAreNone() throws {
    let result = try DeadWeightProbe(steps: -1)(subject(last: Tensor.eye(3), input: oneHot()))
    #expect(result.summary.number("steps") == 0 && result.verdict == .none)
  }

  /// Weights that have become NaN have left their start, too.
  @Test func aTrainingThatBlowsUpIsNoVerdict() throws {
    let input = try Tensor.randn([4, 3], generator: Generator(seed: 1))
    let result = try DeadWeightProbe(steps: 6, learningRate: 1e30)(subject(last: Tensor.eye(3), input: input))
    #expect((result.summary.number("steps") ?? 0) > 0)
    #expect(result.verdict == .none && result.sentence.contains("training has blown up"))
  }

  @Test func withoutBlocksThereIsNothingToSee() throws {
    let result = try DeadWeightProbe()(.chain([Tensor.eye(4), Tensor.eye(4)]))
    #expect(result.rows.isEmpty && result.summary["unmoved"] == .null && result.verdict == .none)
  }
}

@Suite struct SymmetryProbeTests {
  @Test func identicalLayersAreAtDistanceZero() throws {
    let result = try SymmetryProbe()(.chain([Tensor.eye(4), Tensor.eye(4), Tensor.eye(4)]))
    #expect(result.summary.number("pairs") == 3 && result.summary.number("equalPairs") == 3)
    #expect(result.summary.number("meanDistance") == 0 && result.summary.number("asymmetry") == 0)
  }

  /// Distances 0, 0.5 and 0.5 within the squares; 0.25 between the two wide ones; asymmetry of one of three squares: its
  /// six elements above the diagonal are 1, so that 12 of the 16 of |W − Wᵀ| are.
  @Test func distancesByHand() throws {
    let ones = try Tensor.ones([4, 4])
    let upper = try Tensor([0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0] as [Float], shape: [4, 4])
    let wide = try Tensor.ones([4, 2])
    let result = try SymmetryProbe()(
      .chain([ones, ones, ones * 0.5, wide.transposed(0, 1), wide, wide.transposed(0, 1) * 1.25, wide, upper]))
    func row(_ shape: String) throws -> Row { try #require(result.rows.first { $0.text("shape") == shape }) }
    // ones, ones, 0.5 and the triangle: |1 − upper| has 10 of 16 elements, |0.5 − upper| is 0.5 everywhere.
    #expect(try row("4×4").number("layers") == 4)
    let mean = 2.75 / 6  // 0, 0.5, 0.5, 0.625, 0.625, 0.5
    #expect(abs(try #require(row("4×4").number("meanDistance")) - mean) < 1e-7)
    #expect(try row("4×4").number("leastDistance") == 0)
    #expect(abs(try #require(row("4×4").number("asymmetry")) - 0.75 / 4) < 1e-7)
    #expect(abs(try #require(row("2×4").number("meanDistance")) - 0.25) < 1e-7)
    #expect(try row("4×2").number("meanDistance") == 0 && row("4×2")["asymmetry"] == .null)
    #expect(result.summary.number("pairs") == 8 && result.summary.number("equalPairs") == 2)
    #expect(result.summary.number("squareLayers") == 4)
  }

  @Test func aLayerAloneHasNoDistance() throws {
    let result = try SymmetryProbe()(.chain([Tensor.ones([3, 2])]))
    #expect(result.summary["meanDistance"] == .null && result.rows.first?["meanDistance"] == .null)
  }

  /// Figure 19's row of the same layers.
  @Test func theRowNamesEveryPair() throws {
    let row = try LayerDistances([Tensor.eye(2), Tensor.eye(2) * -1, Tensor.zeros([2, 2])]).row
    #expect(row.names == ["distance0-1", "distance0-2", "distance1-2", "meanDistance", "asymmetry", "diagonal"])
    #expect(row.cells.compactMap(\.value.number) == [1, 0.5, 0.5, 2.0 / 3, 0, 0])
  }
}
