import IDInit
import Networks
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

/// Figure 13's passes on networks whose answer is known.
@Suite struct SignalRoundsTests {
  private func signals(
    _ network: Figure13.Network, _ method: String, _ x: Tensor, variant: Figure13.Variant = .input, noise: Double = 0,
    seed: UInt64 = 0
  ) throws -> [LayerSignal] {
    let module = try SignalRounds.make(network, channels: 3, classes: 10, device: .cpu)
    try module.initialize(by: module.plan(Schemes.scheme(named: method), example: x, seed: seed))
    let rounds = SignalRounds(
      network: network, method: method, variant: variant, noise: noise, seed: seed, rounds: 1, images: 1)
    return try rounds.signal(of: module, x, generator: Generator(seed: seed))
  }

  private func rows(_ seed: UInt64 = 7) throws -> Tensor {
    try Tensor.randn([32, SignalRounds.widths[0]], generator: Generator(seed: seed))
  }

  /// Feature m of a layer is feature m mod (features before) of the layer before, but for noise of 1e-6 a layer.
  @Test func fcFromIDInitPassesItsInputOn() throws {
    let x = try rows()
    let signals = try signals(.fc, "idinit", x)
    #expect(signals.count == 11)
    var places = Array(0..<SignalRounds.widths[0])
    for (depth, signal) in signals.enumerated() {
      if depth > 0 { places = (0..<SignalRounds.widths[depth]).map { places[$0 % places.count] } }
      let values = try x.indexSelect(axis: 1, Tensor(places.map(Int64.init)))
      let (mean, std) = (try values.mean().item(), try values.standardDeviation(correction: 0).item())
      #expect(abs(signal.std - std) < 1e-5)
      #expect(abs(signal.mean - mean) < 1e-5)
    }
    #expect(signals.map(\.layer) == (1...10).map { "fc\($0)" } + ["output"])
  }

  /// A block adds ε·(x_m − x_{m+1}), which makes independent features larger by the factor 1 + ε: by 1e-5 in ten blocks.
  @Test func resFCFromIDInitIsTheIdentity() throws {
    let signals = try signals(.resFC, "idinit", rows())
    // What a block gets, every second layer, and the output.
    let std = try #require(signals.first?.std)
    for signal in signals.enumerated().filter({ $0.offset % 2 == 0 }).map(\.element) {
      #expect(abs(signal.std / std - 1) < 2e-5)
    }
  }

  /// Xavier keeps the mean square of a square layer, so that a block doubles it: 2^10 in ten. Within four standard errors of
  /// 60 starts.
  @Test func xavierDoublesTheMeanSquareOfEveryBlock() throws {
    let ratios = try (0..<60).map { seed in
      let signals = try signals(.resFC, "default", rows(), seed: UInt64(seed))
      let (first, last) = (try #require(signals.first?.rms), try #require(signals.last?.rms))
      return (last / first) * (last / first)
    }
    let statistics = Statistics(ratios)
    let (mean, error) = (try #require(statistics.mean), try #require(statistics.deviation) / 60.0.squareRoot())
    #expect(error < 0.1 * 1024)
    #expect(abs(mean - 1024) < 4 * error)
  }

  /// With s·N(0, 1) on both weights of a block from IDInit a mean square becomes 1 + 96 s² (1 + 96 s²) times as large.
  @Test func noiseOnWeights() throws {
    let s = 0.1, width = Double(SignalRounds.widths[0])
    let ratios = try (0..<40).map { seed in
      let signals = try signals(.resFC, "idinit", rows(), variant: .weights, noise: s, seed: UInt64(seed))
      return signals[2].rms * signals[2].rms / (signals[0].rms * signals[0].rms)
    }
    let statistics = Statistics(ratios)
    let expected = 1 + width * s * s * (1 + width * s * s)
    let (mean, error) = (try #require(statistics.mean), try #require(statistics.deviation) / 40.0.squareRoot())
    #expect(error < 0.03 * expected)
    #expect(abs(mean - expected) < 4 * error)
  }

  /// 3,072 deviates: a standard deviation is uncertain by 1/√(2·3072).
  @Test func noiseOnTheInput() throws {
    let zeros = try Tensor.zeros([32, SignalRounds.widths[0]])
    let signals = try signals(.resFC, "idinit", zeros, noise: 0.5, seed: 3)
    #expect(abs(signals[0].std - 0.5) < 4 * 0.5 / (2 * 3072.0).squareRoot())
    #expect(abs(signals[20].std / signals[0].std - 1) < 2e-5)
    #expect(try self.signals(.resFC, "idinit", zeros)[20].std == 0)
  }

  /// The probe with noise is the probe of an input with the same noise.
  @Test func theProbeAddsNoiseToo() throws {
    let weights = [try Tensor.eye(8), try Tensor.eye(8)]
    let subject = try ProbeSubject.chain(weights, batch: 64)
    var noisy = subject
    noisy.input = try subject.input.noisy(2, generator: Generator(seed: subject.seed))
    let (one, other) = (try SignalProbe(inputNoise: 2)(subject), try SignalProbe()(noisy))
    #expect(one.rows.map(\.json) == other.rows.map(\.json))
    #expect(try SignalProbe()(subject).rows.first?.number("std") ?? 9 < 1.2)
    #expect(one.rows.first?.number("std") ?? 0 > 2)
  }

  /// ResConv beside the same operations one by one.
  @Test func resConvIsItsOperations() throws {
    let x = try Tensor.randn([2, 3, 8, 8], generator: Generator(seed: 5))
    let network = try ResidualStack(channels: 4, depth: 2)
    try network.initialize(by: network.plan(KaimingScheme(), example: x, seed: 1))
    func weight(_ name: String) throws -> Tensor { try #require(network.parameters["\(name).weight"]) }
    var expected = try relu(conv2d(x, weight: weight("entry"), padding: 1))
    for block in 0..<2 {
      let inner = try relu(conv2d(expected, weight: weight("blocks.\(block).conv1"), padding: 1))
      expected = try relu(expected + conv2d(inner, weight: weight("blocks.\(block).conv2"), padding: 1))
    }
    #expect(try network(x).isClose(to: expected))
    #expect(throws: TorchError.self) { try ResidualStack(channels: 4, depth: 0) }
  }

  @Test func withoutNoiseThereIsOneRun() throws {
    var recipe = try ResolvedRecipe("figure13", at: .paper)
    // Four networks from two starts, with three noises on two things and without.
    #expect(try recipe.runs().count == 4 * 2 * (2 * 3 + 1))
    let error = #expect(throws: LabError.self) { try recipe.set([("variants", "weights"), ("noises", "0")]) }
    #expect(error?.message.contains("greater than 0 for the variant weights") == true)
  }
}

@Suite struct Figure13VerdictTests {
  private func runs(_ ratio: (String, String) -> Double, deviation: Double = 0.1) -> [FinishedRun] {
    Figure13.Network.allCases.flatMap { network in
      ["default", "idinit"].flatMap { method in
        [0.0, 1.0].map { noise in
          FinishedRun(
            recipe: "figure13",
            labels: [
              "network": .string(network.rawValue), "variant": "input", "noise": .double(noise),
              "method": .string(method),
              "seed": 0,
            ], status: .finished,
            results: [
              "ratio": .double(ratio(network.rawValue, method)), "ratioDeviation": .double(deviation), "rounds": 100,
            ])
        }
      }
    }
  }

  private func claimed(_ network: String, _ method: String) -> Double {
    network.hasPrefix("res") && method == "default" ? 500 : 0.8
  }

  @Test func judgesByTheLimits() {
    #expect(Figure13.verdict(runs(claimed)).status == .confirmed)
    // IDInit loses the signal in one network; the default keeps it in a residual one.
    #expect(Figure13.verdict(runs { $1 == "idinit" && $0 == "conv" ? 0.01 : claimed($0, $1) }).status == .refuted)
    #expect(Figure13.verdict(runs { $0 == "res-fc" ? 1 : claimed($0, $1) }).status == .refuted)
    // Too near the limit to tell, and not finite.
    #expect(Figure13.verdict(runs { $0 == "res-fc" && $1 == "default" ? 10.01 : claimed($0, $1) }).status == .notSeen)
    #expect(Figure13.verdict(runs { $1 == "idinit" ? .infinity : claimed($0, $1) }).status == .refuted)
    #expect(Figure13.verdict(runs { $0.hasPrefix("res") && $1 == "default" ? .infinity : 1 }).status == .confirmed)
    // A signal that dies is not giant; what is no number says nothing.
    #expect(Figure13.verdict(runs { $0 == "res-fc" && $1 == "default" ? 0.01 : claimed($0, $1) }).status == .refuted)
    #expect(Figure13.verdict(runs { $0 == "res-fc" && $1 == "default" ? .nan : claimed($0, $1) }).status == .notSeen)
    // "Whatever the noise" needs noise, and the same for all.
    let all = runs(claimed)
    #expect(Figure13.verdict(all.filter { $0.labels.number("noise") == 0 }).status == .notJudged)
    #expect(Figure13.verdict(Array(all.dropLast())).status == .notJudged)
    #expect(Figure13.verdict(Array(runs(claimed).prefix(3))).status == .notJudged)
    #expect(Figure13.verdict([]).status == .notJudged)
  }
}
