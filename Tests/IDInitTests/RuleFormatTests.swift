import Foundation
import Testing

@testable import IDInit

/// Names, options, JSON and errors.
@Suite struct RuleFormatTests {
  private func decode(_ json: String) throws -> Rule { try JSONDecoder().decode(Rule.self, from: Data(json.utf8)) }

  private func message(_ json: String) -> String {
    do {
      _ = try decode(json)
      return ""
    } catch DecodingError.dataCorrupted(let context) {
      return context.debugDescription
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: sampleRules)
  func roundTrip(rule: Rule) throws {
    let data = try JSONEncoder().encode(rule)
    #expect(try JSONDecoder().decode(Rule.self, from: data) == rule)
    #expect(try Rule(rule.name, rule.options) == rule)
  }

  @Test func documentedForm() throws {
    let json = #"{"rule":"idi","gain":1,"looseness":1e-6,"columnOrder":"channel-first"}"#
    #expect(try decode(json) == .identity(IdentityRule()))
    #expect(try decode(#"{"rule":"idic","gain":1.414}"#) == .identity(IdentityRule(gain: 1.414)))
    #expect(try decode(#"{"rule":"zero"}"#) == .zero)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    #expect(
      String(decoding: try encoder.encode(Rule.identity(IdentityRule(looseness: 0.5))), as: UTF8.self)
        == #"{"columnOrder":"channel-first","gain":1,"looseness":0.5,"rule":"idi"}"#)
  }

  @Test func everyNameMakesARule() throws {
    for name in Rule.Name.allCases {
      var options = RuleOptions()
      if name == .constant { options.value = 2 }
      let rule = try Rule(name, options)
      _ = try rule.values(geometry: .linear(out: 3, in: 4), as: Float.self, seed: 0, name: "w")
      #expect(!name.summary.isEmpty)
      #expect(try Rule(named: rule.name.rawValue, rule.options) == rule)
    }
    #expect(try Rule(.torchDefault) == .kaiming(.torchDefault))
    let aliases: Set<Rule.Name> = [.idic, .idizc, .torchDefault]
    #expect(Set(sampleRules.map(\.name)).union(aliases) == Set(Rule.Name.allCases))
  }

  @Test func unknownThings() {
    #expect(message(#"{"rule":"kaiming-nromal"}"#).contains("did you mean 'kaiming-normal'?"))
    #expect(message(#"{"rule":"idi","gian":2}"#).contains("unknown key gian; did you mean 'gain'?"))
    #expect(message(#"{"rule":"idi","epsilon":2}"#).contains("the option epsilon does nothing for this rule"))
    #expect(message(#"{"rule":"idi","epsilon":2}"#).contains("gain, looseness, columnOrder"))
    #expect(message(#"{"rule":"zero","gain":2}"#).contains("it has none"))
    #expect(message(#"{"rule":"constant"}"#).contains("no value"))
    #expect(message(#"{"rule":"kaiming-normal","nonlinearity":"gelu"}"#).contains("no such nonlinearity"))
    #expect(message(#"{"rule":"kaiming-normal","nonlinearity":"relu","negativeSlope":1}"#).contains("leaky_relu"))
    #expect(message(#"{"rule":"truncated-normal","low":1}"#).contains("both low and high"))
    #expect(message(#"{"rule":"truncated-normal","low":1,"high":2,"cutoff":3}"#).contains("either cutoff"))
    #expect(throws: (any Error).self) { try decode(#"{"rule":"idi","gain":"much"}"#) }
    #expect(throws: (any Error).self) { try decode(#"{"gain":1}"#) }
  }

  static let badRules: [(Rule, String)] = [
    (.identity(IdentityRule(gain: .nan)), "gain is nan"),
    (.identity(IdentityRule(looseness: -1)), "looseness is -1.0; expected a finite number of at least 0"),
    (.nearZeroIdentity(NearZeroIdentityRule(epsilon: -1)), "epsilon is -1.0"),
    (.centreTap(CentreTapRule(gain: .infinity)), "gain is inf"),
    (.xavier(XavierRule(.normal, gain: -2)), "gain is -2.0"),
    (.kaiming(KaimingRule(.normal, nonlinearity: .leakyReLU(negativeSlope: .nan))), "negativeSlope is nan"),
    (.orthogonal(OrthogonalRule(gain: .nan)), "gain is nan"),
    (.hadamard(HadamardRule(looseness: .nan)), "looseness is nan"),
    (.truncatedNormal(TruncatedNormalRule(std: 0)), "std is 0.0; expected a finite number above 0"),
    (.truncatedNormal(TruncatedNormalRule(bounds: .standardDeviations(-1))), "cutoff is -1.0"),
    (.truncatedNormal(TruncatedNormalRule(bounds: .absolute(low: 2, high: 2))), "expected low to be below high"),
    (.truncatedNormal(TruncatedNormalRule(bounds: .absolute(low: .nan, high: 2))), "expected low to be below high"),
    (.truncatedNormal(TruncatedNormalRule(std: 1e-9, bounds: .absolute(low: 1, high: 2))), "million standard"),
    (.normal(NormalRule(std: -1)), "std is -1.0"),
    (.uniform(UniformRule(low: 2, high: 1)), "expected low to be at most high"),
    (.uniform(UniformRule(low: -1e308, high: 1e308)), "low is"),
    (.constant(ConstantRule(.infinity)), "value is inf"),
  ]

  @Test(arguments: badRules)
  func badNumbers(rule: Rule, message: String) {
    let error = #expect(throws: RuleError.self) {
      _ = try rule.values(geometry: .linear(out: 2, in: 3), as: Float.self, seed: 0, name: "fc.weight")
    }
    #expect(error?.kind == .parameter)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("fc.weight: \(rule.name.rawValue): ") == true, "\(error?.description ?? "")")
  }

  @Test func badBuffers() {
    let rule = Rule.zero
    var values = [Float](repeating: 1, count: 6)
    let geometry = WeightGeometry.linear(out: 2, in: 3)
    func fails(_ range: Range<Int>?, _ kind: RuleError.Kind, _ text: String, threads: Int = 1) {
      let error = #expect(throws: RuleError.self) {
        try values.withUnsafeMutableBufferPointer {
          try rule.fill($0, range: range, geometry: geometry, seed: 0, name: "w", threads: threads)
        }
      }
      #expect(error?.kind == kind && error?.description.contains(text) == true, "\(error?.description ?? "")")
    }
    fails(0..<7, .range, "elements 0..<7 lie outside the 6")
    fails(-1..<5, .range, "elements -1..<5")
    fails(0..<5, .range, "the buffer holds 24 bytes; 5 elements of float32 take 20")
    fails(nil, .parameter, "0 threads", threads: 0)
    #expect(values == [Float](repeating: 1, count: 6))
  }

  @Test func matrixRulesNeedAMatrix() {
    for rule in sampleRules where rule.weightRule.needsMatrix {
      let error = #expect(throws: RuleError.self) { try rule.check(.elements(shape: [5]), name: "bias") }
      #expect(error?.description.contains("has no input axis") == true)
    }
    for rule in sampleRules where !rule.weightRule.needsMatrix {
      #expect(throws: Never.self) { try rule.check(.elements(shape: [5]), name: "bias") }
    }
  }

  @Test(arguments: sampleRules)
  func emptyWeights(rule: Rule) throws {
    for geometry in [
      WeightGeometry.linear(out: 0, in: 4), .linear(out: 4, in: 0), .convolution(shape: [4, 2, 0, 3]),
      .transposedConvolution(shape: [0, 4, 3]),
    ] {
      #expect(try rule.values(geometry: geometry, as: Float.self, seed: 0, name: "w").isEmpty)
    }
    let packed = WeightGeometry.linear(out: 4, in: 3).block(2..<2)
    #expect(try rule.doubles(packed) == [Double](repeating: 0, count: 12))
  }
}
