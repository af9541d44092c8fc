import Testing

@testable import IDInit

@Suite("Noise that a type's rounding takes away")
struct LostLoosenessTests {
  @Test(
    "it is found from the type's precision: the distance of neighbours is 2^(exponent − fraction bits)",
    arguments: [
      (ElementType.bfloat16, 1.0, 1e-6, 0x1p-7 as Double?), (.float16, 1, 1e-6, 0x1p-10), (.float32, 1, 1e-6, nil),
      (.float64, 1, 1e-6, nil), (.bfloat16, 2.0.squareRoot(), 1e-6, 0x1p-7), (.bfloat16, 0.5, 1e-6, 0x1p-8),
      (.float16, 3, 1e-6, 0x1p-9), (.float32, 1, 1e-9, 0x1p-23), (.bfloat16, 1, 0x1p-7, nil), (.float16, 1, 1e-3, nil),
      (.bfloat16, 1, 0, nil), (.bfloat16, 0, 1e-6, nil),
    ])
  func step(_ type: ElementType, _ gain: Double, _ looseness: Double, _ expected: Double?) {
    let rule = Rule.identity(IdentityRule(gain: gain, looseness: looseness))
    #expect(rule.stepOfLostLooseness(in: type, geometry: .linear(out: 6, in: 4)) == expected)
  }

  @Test("where it says so, copies of rows are exact copies; the step that it gives tells them apart")
  func copies() throws {
    let geometry = WeightGeometry.linear(out: 400, in: 4)
    func distinct(_ looseness: Double) throws -> Int {
      let rule = Rule.identity(IdentityRule(looseness: looseness))
      let values = try rule.values(geometry: geometry, as: BFloat16.self, seed: 0, name: "w")
      return Set(values.filter { $0.bitPattern != 0 }.map(\.bitPattern)).count
    }
    let rule = Rule.identity(IdentityRule())
    let step = try #require(rule.stepOfLostLooseness(in: .bfloat16, geometry: geometry))
    #expect(try distinct(1e-6) == 1)
    #expect(try distinct(step) > 4)
  }

  @Test(
    "rules without noise lose none; a Hadamard matrix' elements are smaller, and so are their neighbours' distances")
  func others() {
    let tall = WeightGeometry.linear(out: 64, in: 4)
    #expect(Rule.nearZeroIdentity(NearZeroIdentityRule()).stepOfLostLooseness(in: .bfloat16, geometry: tall) == nil)
    #expect(Rule.kaiming(.torchDefault).stepOfLostLooseness(in: .bfloat16, geometry: tall) == nil)
    #expect(Rule.hadamard(HadamardRule()).stepOfLostLooseness(in: .bfloat16, geometry: tall) == nil)
    // 1/√64 = 2⁻³
    let loose = Rule.hadamard(HadamardRule(looseness: 1e-6))
    #expect(loose.stepOfLostLooseness(in: .bfloat16, geometry: tall) == 0x1p-10)
    #expect(
      Rule.centreTap(CentreTapRule(gain: 2)).stepOfLostLooseness(in: .float16, geometry: tall) == 0x1p-9)
  }
}
