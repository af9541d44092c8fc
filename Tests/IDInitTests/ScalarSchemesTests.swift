import Foundation
import TestSupport
import Testing

@testable import IDInit

@Suite("Fixup, SkipInit, ReZero, and the other schemes on networks that are built for them")
struct ScalarSchemesTests {
  typealias Network = ScalarTests.Network

  // MARK: Fixup

  /// He's deviation by fan_out, √(2 / (out · 3 · 3)), over √L: written as decimals, so that the formula is not its own
  /// judge. √(2/144) = 0.11785113, over 3, √27 and √54.
  @Test(
    "Fixup's deviation at L = 9, 27 and 54 (ResNet-20, -56 and -110), two weights in a stem",
    arguments: [(9, 0.03928371), (27, 0.02268046), (54, 0.01603751)])
  func deviations(blocks count: Int, expected: Double) throws {
    let (graph, blocks) = try Network.build(blocks: count, .fixup)
    let plan = try InitializationPlan(FixupScheme(), for: graph)
    #expect(plan.blocks.count == count)
    for block in blocks {
      guard case .normal(let rule)? = plan[block.first]?.rule else {
        Issue.record("\(String(describing: plan[block.first]?.rule))")
        return
      }
      // Seven digits are given.
      #expect(rule.mean == 0 && abs(rule.std - expected) < 6e-9)
    }
  }

  @Test("Fixup: last weights, classifier and scalar biases 0, multipliers 1, the first convolution as PyTorch has it")
  func fixup() throws {
    let (graph, blocks) = try Network.build(blocks: 3, .fixup)
    let plan = try InitializationPlan(FixupScheme(), for: graph)
    for block in blocks {
      #expect(plan[block.last]?.rule == .zero)
      #expect(block.biases.count == 4 && block.biases.allSatisfy { plan[$0]?.rule == .zero })
      let multiplier = block.multiplier ?? ""
      #expect(plan[multiplier]?.rule == .constant(ConstantRule(1)))
      #expect(plan[multiplier]?.reason.contains("multiplier of the stem joined at") == true)
    }
    #expect(plan["fc.weight"]?.rule == .zero && plan["fc.bias"]?.rule == .zero)
    #expect(plan.entries.first?.rule == .kaiming(.torchDefault))
    #expect(plan.entries.allSatisfy { $0.rule != nil })
    #expect(plan.notes.count == 1)
    #expect(plan.notes.first?.contains("a tenth of the learning rate") == true)
    try plan.validate()
  }

  @Test("Fixup's weights are drawn from the distribution that its formula says; 5 % would be seen")
  func distribution() throws {
    let (graph, blocks) = try Network.build(blocks: 9, .fixup, width: 64)
    let entry = try #require(try InitializationPlan(FixupScheme(), for: graph, seed: 5)[blocks[4].first])
    let sample = try #require(entry.rule).values(geometry: entry.geometry, as: Float.self, seed: 5, name: entry.name)
      .map(Double.init)
    #expect(sample.count == 64 * 64 * 9)
    // √(2 / (64 · 9)) / √9
    let std = 0.019641855
    func pValue(_ factor: Double) -> Double {
      KolmogorovSmirnov(sample.map { $0 / (std * factor) }, cdf: StandardNormal.cdf).pValue
    }
    #expect(pValue(1) > 1e-3)
    #expect(pValue(1.05) < 1e-4 && pValue(0.95) < 1e-4)
  }

  @Test("Fixup plans the weights of a stem as the scheme that knows only them, with normalisation too")
  func weights() throws {
    for normalised in [false, true] {
      let (graph, blocks) = try Network.build(blocks: 4, .fixup, normalised: normalised)
      let whole = try InitializationPlan(FixupScheme(), for: graph)
      let weights = try InitializationPlan(FixupWeightsScheme(), for: graph)
      #expect(whole.entries.map(\.rule) == weights.entries.map(\.rule))
      #expect(weights.notes.first?.contains("'fixup'") == true)
      for plan in [whole, weights] { #expect(plan.notes.contains { $0.contains("normalisation") } == normalised) }
      #expect(blocks.allSatisfy { whole[$0.last]?.rule == .zero })
    }
  }

  @Test("Fixup on a network that has only the multipliers says what is missing")
  func onSkipInit() throws {
    let (graph, _) = try Network.build(blocks: 2, .skipInit)
    let plan = try InitializationPlan(FixupScheme(), for: graph)
    #expect(plan.notes.contains { $0.contains("scalar bias") && $0.contains("this network has none") })
  }

  // MARK: SkipInit and ReZero

  @Test(
    "SkipInit and ReZero: multipliers 0, weights Kaiming's, biases 0, normalisation kept", arguments: [false, true])
  func zeroMultipliers(normalised: Bool) throws {
    let kaiming = Rule.kaiming(KaimingRule(.normal, mode: .fanIn, nonlinearity: .relu))
    for (scheme, style) in [(SkipInitScheme(), .skipInit), (ReZeroScheme(), .reZero)]
      as [(any InitializationScheme, Network.Style)]
    {
      let (graph, blocks) = try Network.build(blocks: 3, style, normalised: normalised, shape: [])
      let plan = try InitializationPlan(scheme, for: graph)
      for block in blocks {
        #expect(plan[block.multiplier ?? ""]?.rule == .zero)
        #expect(plan[block.first]?.rule == kaiming && plan[block.last]?.rule == kaiming)
      }
      #expect(plan["fc.weight"]?.rule == kaiming && plan["fc.bias"]?.rule == .zero)
      #expect(plan.entries.filter { $0.rule == nil }.allSatisfy { $0.role == .normScale || $0.role == .normBias })
      #expect(plan.entries.contains { $0.rule == nil } == normalised)
      #expect(plan.notes.isEmpty)
      try plan.validate()
    }
  }

  @Test("a number that two blocks share starts once, from 0")
  func shared() throws {
    let (graph, blocks) = try Network.build(blocks: 2, .reZero, isShared: true)
    let plan = try InitializationPlan(ReZeroScheme(), for: graph)
    #expect(plan[blocks[0].multiplier ?? ""]?.rule == .zero)
    #expect(plan.entries.filter { $0.role == .residualScale }.count == 1)
  }

  @Test("where some stems have no multiplier, a note says how many and which is the first")
  func some() throws {
    var n = Network()
    var x = try n.s.input("x", [2, 16, 8, 8])
    x = try n.convolve(x, out: 16).id
    x = try n.block(x, .plain, normalised: false).0
    x = try n.block(x, .skipInit, normalised: false).0
    try n.s.output(x)
    let plan = try InitializationPlan(SkipInitScheme(), for: n.s.graph)
    #expect(plan.notes.count == 1)
    #expect(plan.notes.first?.contains("1 of 2 residual blocks have none (the first is joined at add)") == true)
  }

  // MARK: Networks that these schemes cannot serve

  @Test(
    "a network without scalars, or without residual blocks, is refused with what can be done",
    arguments: ["fixup", "skipinit", "rezero"])
  func refusals(_ name: String) throws {
    let scheme = try Schemes.scheme(named: name)
    func refusal(_ graph: NetworkGraph) -> PlanError? {
      do throws(PlanError) {
        _ = try InitializationPlan(scheme, for: graph)
        return nil
      } catch { return error }
    }
    let plain = try #require(refusal(try Network.build(blocks: 3, .plain, normalised: true).0))
    #expect(plain.scheme == name && plain.parameter == nil)
    #expect(plain.message.contains(name == "fixup" ? "'fixup-weights'" : "none of the 3 residual blocks"))

    var n = Network()
    let x = try n.s.relu(try n.convolve(try n.s.input("x", [2, 3, 8, 8]), out: 16).id)
    try n.s.output(try n.convolve(x, out: 10).id)
    #expect(refusal(n.s.graph)?.message.contains("no residual block") == true)
  }

  // MARK: The others on such networks

  @Test(
    "a scheme whose stems start from zero sets multipliers to 1: 0 on 0 would never move",
    arguments: Network.Style.allCases)
  func zeroingSchemes(style: Network.Style) throws {
    guard style != .plain else { return }
    let (graph, blocks) = try Network.build(blocks: 2, style, normalised: true)
    for scheme in [IDInitScheme(), ZeroHadamardScheme(), FixupWeightsScheme(), ZeroGammaScheme()]
      as [any InitializationScheme]
    {
      let plan = try InitializationPlan(scheme, for: graph)
      for block in blocks {
        #expect(plan[block.multiplier ?? ""]?.rule == .constant(ConstantRule(1)), "\(scheme.name)")
        #expect(block.biases.allSatisfy { plan[$0]?.rule == .zero })
      }
    }
    for scheme in [KaimingScheme(), XavierScheme(), OrthogonalScheme(), PaperDefaultScheme(), PyTorchDefaultScheme()]
      as [any InitializationScheme]
    {
      let plan = try InitializationPlan(scheme, for: graph)
      for block in blocks {
        let entry = try #require(plan[block.multiplier ?? ""])
        #expect(entry.rule == nil && entry.ruleWithoutValues == .constant(ConstantRule(1)), "\(scheme.name)")
      }
    }
  }

  @Test("Zero-γ keeps the multipliers of stems without a last γ; PyTorch's own leaves scalar biases alone")
  func keeping() throws {
    let (graph, blocks) = try Network.build(blocks: 2, .fixup)
    #expect(try InitializationPlan(ZeroGammaScheme(), for: graph)[blocks[0].multiplier ?? ""]?.rule == nil)
    let plan = try InitializationPlan(PyTorchDefaultScheme(), for: graph)
    for bias in blocks[0].biases {
      #expect(plan[bias]?.rule == nil && plan[bias]?.ruleWithoutValues == .zero)
    }
  }

  // MARK: Ablations

  @Test("the ablations are found by their names, and plan what those say")
  func ablations() throws {
    #expect(
      Schemes.ablations.map(\.name) == [
        "idinit-centre-tap", "idinit-zero", "idinit-centre-tap-zero", "idinit-window-first", "idinit-window-first-zero",
        "idinit-centre-tap-window-first",
      ])
    #expect(Set(Schemes.names).count == Schemes.all.count + 6)
    // The one choice of columns that no kernel has any use for.
    #expect(
      IDInitScheme(convolution: .centreTap, columnOrder: .windowFirst, lastWeight: .zero).name
        == "idinit-centre-tap-zero")
    let (graph, blocks) = try Network.build(blocks: 2, .plain, normalised: true)
    for scheme in Schemes.ablations {
      let plan = try InitializationPlan(try Schemes.scheme(named: scheme.name), for: graph)
      let (name, block) = (scheme.name, blocks[0])
      #expect(plan.scheme == name)
      let order = name.contains("window-first") ? ColumnOrder.windowFirst : .channelFirst
      #expect(
        plan[block.first]?.rule
          == (name.contains("centre-tap")
            ? .centreTap(CentreTapRule(gain: 1, looseness: 1e-6))
            : .identity(IdentityRule(gain: 1, looseness: 1e-6, columnOrder: order))))
      for last in [block.last, "fc.weight"] {
        #expect(
          plan[last]?.rule
            == (name.hasSuffix("zero")
              ? .zero : .nearZeroIdentity(NearZeroIdentityRule(epsilon: 1e-6, columnOrder: order))))
      }
    }
    #expect(IDInitScheme().name == "idinit" && Schemes.named("idinit-nothing") == nil)
    do { _ = try Schemes.scheme(named: "idinit-center-tap") } catch {
      #expect(error.description.contains("did you mean 'idinit-centre-tap'?"))
    }
  }
}
