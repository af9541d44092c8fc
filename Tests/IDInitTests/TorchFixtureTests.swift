import Foundation
import Testing

@testable import IDInit

/// Numbers that PyTorch's own code gave (scripts/golden/torch_init.py).
struct TorchFixture: Decodable {
  struct Gain: Decodable { let nonlinearity: String, negativeSlope: Double?, gain: Double }
  struct Case: Decodable {
    let shape: [Int], fanIn: Int, fanOut: Int
    let xavierUniformBound: Double, xavierNormalStd: Double
    let kaimingUniformBound: Double, kaimingNormalStd: Double
    let kaimingNormalFanOutReluStd: Double, kaimingNormalTanhStd: Double
    let torchDefaultBound: Double
  }
  struct Transposed: Decodable { let shape: [Int], groups: Int, fans: [Int] }
  let torch: String, gains: [Gain], cases: [Case], transposed: [Transposed]

  static func load() throws -> TorchFixture {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/torch-init.json")
    return try JSONDecoder().decode(TorchFixture.self, from: Data(contentsOf: file))
  }
}

@Suite struct TorchFixtureTests {
  /// The same formulas in double precision: equal to a few units in the last place.
  private func equal(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 4 * b.ulp }

  @Test func gains() throws {
    let fixture = try TorchFixture.load()
    #expect(fixture.gains.count == 8)
    for line in fixture.gains {
      let gain = try Gain(line.nonlinearity, negativeSlope: line.negativeSlope)
      #expect(equal(gain.value, line.gain), "\(line.nonlinearity)")
    }
  }

  @Test func fansAndScales() throws {
    let root3 = 3.0.squareRoot()
    let cases = try TorchFixture.load().cases
    #expect(cases.count == 8)
    for line in cases {
      let geometry = WeightGeometry.convolution(shape: line.shape)
      #expect(geometry.torchFanIn == line.fanIn && geometry.torchFanOut == line.fanOut, "\(line.shape)")
      #expect(equal(XavierRule(.uniform, gain: 1.5).std(geometry) * root3, line.xavierUniformBound))
      #expect(equal(XavierRule(.normal, gain: 1.5).std(geometry), line.xavierNormalStd))
      #expect(equal(KaimingRule(.uniform).std(geometry) * root3, line.kaimingUniformBound))
      #expect(equal(KaimingRule(.normal).std(geometry), line.kaimingNormalStd))
      #expect(
        equal(
          KaimingRule(.normal, mode: .fanOut, nonlinearity: .relu).std(geometry), line.kaimingNormalFanOutReluStd))
      #expect(equal(KaimingRule(.normal, nonlinearity: .tanh).std(geometry), line.kaimingNormalTanhStd))
      #expect(equal(KaimingRule.torchDefault.std(geometry) * root3, line.torchDefaultBound))
      // That is what the weights keep to.
      let values = try Rule(.torchDefault).values(geometry: geometry, as: Double.self, seed: 0, name: "w")
      #expect(values.allSatisfy { abs($0) <= line.torchDefaultBound })
      #expect(values.count < 100 || values.contains { abs($0) > 0.95 * line.torchDefaultBound })
    }
  }

  @Test func transposedFansAreSwapped() throws {
    let lines = try TorchFixture.load().transposed
    #expect(lines.count == 2)
    for line in lines {
      let geometry = WeightGeometry.transposedConvolution(shape: line.shape, groups: line.groups)
      #expect([geometry.torchFanIn, geometry.torchFanOut] == line.fans)
    }
  }

  @Test func computedFans() throws {
    let depthwise = WeightGeometry.convolution(shape: [64, 1, 3, 3], groups: 64)
    let torch = KaimingRule(.normal, mode: .fanOut).std(depthwise)
    let computed = KaimingRule(.normal, mode: .fanOut, fans: .computed).std(depthwise)
    #expect(abs(computed / torch - 8) < 1e-12)
  }
}
