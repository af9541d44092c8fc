import Foundation
import IDInit
import Networks
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

/// The starts of Figure 2.
@Suite struct Figure2StartTests {
  private func network(_ method: String, _ variant: String = "square", head: Figure2.Head = .zero) throws
    -> any Module
  {
    var settings = Figure2.settings(at: .smoke)
    settings.head = head
    settings.variants = [try #require(Figure2.Variant(rawValue: variant))]
    settings.methods = [method]
    let start = try Figure2.training(settings).start
    let network = try start.network.make(start.method, images: (3, 10), device: .cpu)
    var plan = try network.plan(
      Schemes.scheme(named: start.method), example: try Tensor.zeros([1, 3, 32, 32]), seed: 0)
    try plan.apply(start.overrides)
    try network.initialize(by: plan)
    return network
  }

  private func weight(_ network: any Module, _ name: String) throws -> Tensor {
    try #require(network.parameters["\(name).weight"]).detached()
  }

  @Test func lastWeightsAreZeroButForTheDefault() throws {
    for method in Figure2.First.allCases.map(\.rawValue) {
      let network = try network(method, method == "partial-identity" ? "rectangular" : "square")
      let size = try weight(network, "blocks.1.fc2").abs().max().item()
      #expect((size == 0) == (method != "default"), "\(method)")
    }
  }

  /// Layers before and after the blocks start from the same numbers with all.
  @Test func startsDifferInTheBlocksAlone() throws {
    let first = try network("idinit")
    for (method, variant) in [("random", "square"), ("identity-1", "square"), ("hadamard", "rectangular")] {
      let other = try network(method, variant)
      for name in ["stem", "head"] { #expect(try weight(first, name).isEqual(to: weight(other, name))) }
      #expect(try weight(other, "head").abs().max().item() == 0 && weight(other, "stem").abs().max().item() > 0)
    }
  }

  @Test func firstWeights() throws {
    // 16 × 16: the whole Hadamard matrix; 20 × 16: a corner of the one of 32.
    let square = try weight(network("hadamard"), "blocks.0.fc1")
    #expect(try square.matmul(square.transposed(0, 1)).isClose(to: Tensor.eye(16), absolute: 1e-6))
    #expect(try square.abs().isClose(to: Tensor.full([16, 16], 0.25)))
    let tall = try weight(network("hadamard", "rectangular"), "blocks.0.fc1")
    #expect(tall.shape == [20, 16])
    #expect(try tall.abs().isClose(to: Tensor.full([20, 16], pow(2, -2.5))))
    let partial = try weight(network("partial-identity", "rectangular"), "blocks.0.fc1")
    #expect(try partial.isEqual(to: Tensor.eye(20, 16)))
    let stacked = try weight(network("idinit", "rectangular"), "blocks.0.fc1")
    let identities = try Tensor.concatenate([Tensor.eye(16), Tensor.eye(4, 16)])
    #expect(try stacked.isClose(to: identities, relative: 0, absolute: 1e-5))
    #expect(!(try stacked.isEqual(to: identities)))
    #expect(try network("identity-1").parameters["blocks.0.fc1.weight"] == nil)
  }

  /// Where all blocks pass on what is not negative, h, the gradient of each last weight is (g ⊙ [h > 0])ᵀ·h with
  /// g = (softmax − one-hot)·head / N: of blocks of one weight, and of two where the first is the identity.
  @Test func identityBlocksHaveTheGradientOfBlocksOfOneWeight() throws {
    let x = try Tensor.randn([6, 3, 32, 32], generator: Generator(seed: 2))
    let labels = try Tensor([0, 1, 2, 3, 4, 5] as [Int64])
    for (method, tolerance) in [("identity-1", 1e-5), ("idinit", 1e-4)] {
      let network = try network(method, head: .xavier)
      try crossEntropy(network(x), labels).backward()
      let h = try relu(linear(x.flattened(from: 1), weight: weight(network, "stem")))
      let head = try weight(network, "head")
      let share = try softmax(linear(h, weight: head), axis: 1)
      let target = try Tensor.eye(10).narrow(axis: 0, start: 0, length: 6)
      let g = try (share - target).matmul(head) * (1.0 / 6) * h.gt(0).to(.float32)
      let expected = try g.transposed(0, 1).matmul(h)
      let size = try expected.abs().max().item()
      #expect(size > 1e-3)
      for block in 0..<3 {
        let gradient = try #require(network.parameters["blocks.\(block).fc2.weight"]?.grad)
        #expect(try (gradient - expected).abs().max().item() < tolerance * size, "\(method) \(block)")
      }
    }
  }

  @Test func onlyWhatDiffersIsRun() throws {
    var recipe = try ResolvedRecipe("figure2", at: .small)
    let names = try recipe.runs().map(\.name)
    #expect(names.count == 10)
    #expect(!names.contains { $0.hasPrefix("square-partial-identity") || $0.hasPrefix("rectangular-identity-1") })
    for (changes, says) in [
      ([("variants", "square"), ("methods", "partial-identity")], "the variant rectangular"),
      ([("variants", "rectangular"), ("methods", "identity-1")], "the variant square"),
      ([("methods", "identity1")], "did you mean 'identity-1'?"),
      ([("rectangularWidth", "240")], "more than network.width"),
    ] {
      let error = #expect(throws: LabError.self) { try recipe.set(changes.map { (key: $0.0, text: $0.1) }) }
      #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    }
  }
}

@Suite struct Figure15MeasureTests {
  /// From IDInit the blocks are the identity on what is not negative: the Jacobian's rows are √2 of an input where the first
  /// layer's gate is open, and 0 where it is closed.
  @Test func chiFromIDInitIsTwiceTheShareOfOpenGates() throws {
    let x = try Tensor.randn([3, 3, 32, 32], generator: Generator(seed: 4))
    let network = try ImageNetwork.blocks(width: 16, hidden: 16, depth: 3)
      .make("idinit", images: (3, 10), device: .cpu)
    try network.initialize(by: network.plan(IDInitScheme(), example: x))
    let spectra = try JacobianProbe(examples: 3, largest: .max).spectra(of: network, x, seed: 0)
    #expect(spectra.count == 3)
    let open = try x.flattened(from: 1).narrow(axis: 1, start: 0, length: 16).gt(0).sum([1]).array(of: Int64.self)
    for (spectrum, open) in zip(spectra, open) {
      #expect(spectrum.isWhole && abs(spectrum.meanSquare - 2 * Double(open) / 16) < 1e-3)
      #expect(spectrum.values.count { abs($0 - 2.0.squareRoot()) < 1e-3 } == Int(open))
    }
    let row = Figure15.row(spectra, .init(lowest: -1, highest: 1, bins: 4))
    // ln √2 is 0.35, in the third of four bins; a 0 is in the first.
    let all = Int(open.reduce(0, +))
    #expect(row["logSingularValues"] == .array([48 - all, 0, all, 0].map(JSONValue.int)))
    #expect(abs((row.number("largestSingularValue") ?? 0) - 2.0.squareRoot()) < 1e-3)
  }

  @Test func logarithmsInBins() {
    let histogram = LogHistogram(lowest: -2, highest: 2, bins: 4)
    let values = [0, exp(-9.0), exp(-1.5), exp(-0.5), 1, exp(1.5), exp(1.75), 1e300, .infinity, .nan]
    #expect(histogram.counts(values) == [3, 1, 1, 4])
  }
}

/// Verdicts on runs made by hand.
@Suite struct BlockVerdictTests {
  private func figure2(
    seeds: Int = 3, defaultLoss: Double = 2.31, _ accuracy: (String, String) -> Double
  ) -> [FinishedRun] {
    Figure2.Variant.allCases.flatMap { variant in
      Figure2.First.allCases.filter { Figure2.isRun(variant, $0.rawValue) }.flatMap { first in
        (0..<seeds).map { seed in
          FinishedRun(
            recipe: "figure2",
            labels: ["variant": .string(variant.rawValue), "method": .string(first.rawValue), "seed": .int(seed)],
            status: .finished,
            results: [
              "testAccuracy": .double(accuracy(variant.rawValue, first.rawValue) + 0.001 * Double(seed)),
              "testCount": 10_000, "trainLoss": .double(first == .default ? defaultLoss : 1),
            ])
        }
      }
    }
  }

  @Test func figure2() {
    #expect(Figure2.verdict(figure2 { $1 == "idinit" ? 0.5 : 0.4 }).status == .confirmed)
    // The claim says that Xavier for both weights does not train.
    #expect(Figure2.verdict(figure2(defaultLoss: 1) { $1 == "idinit" ? 0.5 : 0.4 }).status == .refuted)
    // Blocks of one weight may be better: the claim is not about them.
    #expect(Figure2.verdict(figure2 { $1 == "identity-1" ? 0.6 : $1 == "idinit" ? 0.5 : 0.4 }).status == .confirmed)
    #expect(Figure2.verdict(figure2 { $1 == "hadamard" ? 0.6 : $1 == "idinit" ? 0.5 : 0.4 }).status == .refuted)
    #expect(Figure2.verdict(figure2 { _, _ in 0.4 }).status == .notSeen)
    #expect(Figure2.verdict(figure2(seeds: 1) { $1 == "idinit" ? 0.5 : 0.4 }).status == .notJudged)
    #expect(Figure2.verdict([]).status == .notJudged)
  }

  private func figure15(_ method: String, _ chi: [Double], loss: Double?, seeds: Int = 5) -> [FinishedRun] {
    (0..<seeds).map { seed in
      FinishedRun(
        recipe: "figure15", labels: ["method": .string(method), "seed": .int(seed)],
        status: loss == nil ? .diverged : .finished,
        results: [
          "chiAtStart": .double(chi[0]), "chiLargest": .double(chi.max() ?? 0),
          "chiByEpoch": .array(chi.map(JSONValue.double)), "trainLoss": loss.map(JSONValue.double) ?? .null,
          "trainLossByEpoch": .array(chi.map { _ in loss.map(JSONValue.double) ?? .null }),
        ])
    }
  }

  @Test func figure15() {
    func verdict(_ ours: [Double], _ loss: Double?, _ theirs: [Double], _ theirLoss: Double?, seeds: Int = 5)
      -> Verdict.Status
    {
      Figure15.verdict(
        figure15("idinit", ours, loss: loss, seeds: seeds) + figure15("kaiming", theirs, loss: theirLoss, seeds: seeds)
      ).status
    }
    #expect(verdict([0.9, 3], 1.5, [1e23, 5e3], 2.2) == .confirmed)
    #expect(verdict([0.9, 3], 1.5, [1e23, 5e3], nil) == .confirmed)
    // Four seeds lie apart from four others by chance in one case of 35, more than the half of 5 % that each comparison has.
    #expect(verdict([0.9, 3], 1.5, [1e23, 5e3], 2.2, seeds: 4) == .notSeen)
    #expect(verdict([0.9, 3], 1.5, [1e23, 5e3], 2.2, seeds: 1) == .notJudged)
    // χ of another size, not below the default's, a default that stays small, and a slower loss.
    #expect(verdict([30, 3], 1.5, [1e23, 5e3], 2.2) == .refuted)
    #expect(verdict([0.9, 1e30], 1.5, [1e23, 5e3], 2.2) == .refuted)
    // Below in every epoch, though its largest is above the other's least.
    #expect(verdict([1, 3000], 1.5, [2500, 1e6], 2.2) == .confirmed)
    #expect(verdict([0.9, 3], 1.5, [50, 40], 2.2) == .refuted)
    #expect(verdict([0.9, 3], 2.3, [1e23, 5e3], 2.2) == .refuted)
    #expect(Figure15.verdict(figure15("idinit", [1], loss: 1)).status == .notJudged)
  }

  private func figure16(_ method: String, _ accuracy: [Double]?, _ outputs: [Double], seeds: Int = 2) -> [FinishedRun] {
    (0..<seeds).map { seed in
      var results: Row = [
        "inputStd": 1, "outputStdLargest": .double(outputs.max() ?? 0),
        "outputStdByEpoch": .array(outputs.map(JSONValue.double)), "testCount": 10_000,
        "testAccuracyByEpoch": .array((accuracy ?? [0.1]).map(JSONValue.double)),
      ]
      results["testAccuracy"] = accuracy?.last.map(JSONValue.double) ?? .null
      if accuracy == nil { results["epoch"] = 2 }
      return FinishedRun(
        recipe: "figure16", labels: ["method": .string(method), "seed": .int(seed)],
        status: accuracy == nil ? .diverged : .finished, results: results)
    }
  }

  @Test func figure16() {
    let learnt = [0.1, 0.2, 0.3, 0.35, 0.4, 0.5]
    let guess = [Double](repeating: 0.1, count: 6)
    func verdict(
      _ ours: [FinishedRun], kaiming: [FinishedRun], fixup: [FinishedRun]
    ) -> Verdict.Status { Figure16.verdict(ours + kaiming + fixup).status }
    let ours = figure16("idinit", learnt, [0, 1, 2, 2.5, 2.6, 2.6])
    let lost = figure16("kaiming", nil, [1])
    let exploded = figure16("fixup-weights", guess, [0, 1, 1e4, 1e6, 1e6, 1e6])
    #expect(verdict(ours, kaiming: lost, fixup: exploded) == .confirmed)
    // Fixup fails and does not explode; it trains; IDInit does not; its outputs still grow.
    #expect(verdict(ours, kaiming: lost, fixup: figure16("fixup-weights", guess, [0, 0, 0])) == .notSeen)
    #expect(verdict(ours, kaiming: lost, fixup: figure16("fixup-weights", learnt, [0, 1, 1])) == .refuted)
    #expect(verdict(figure16("idinit", guess, [0, 1, 1]), kaiming: lost, fixup: exploded) == .refuted)
    #expect(verdict(figure16("idinit", learnt, [0, 1, 1, 1, 1, 20]), kaiming: lost, fixup: exploded) == .refuted)
    // Who learns late has not failed; outputs that explode after the fourth epoch do not explain a failure before.
    let late = figure16("kaiming", [0.1, 0.1, 0.1, 0.1, 0.1, 0.5], [0, 1, 1e4, 1e6, 1e6, 1e6])
    #expect(verdict(ours, kaiming: late, fixup: exploded) == .refuted)
    let after = figure16("kaiming", guess, [0, 1, 1, 1, 1, 1e6])
    #expect(verdict(ours, kaiming: after, fixup: exploded) == .notSeen)
    #expect(verdict(figure16("idinit", learnt, [0, 1, 1], seeds: 1), kaiming: lost, fixup: exploded) == .notSeen)
    #expect(Figure16.verdict(ours).status == .notJudged)
  }
}

@Suite struct Figure16MeasureTests {
  /// From IDInit the logits are differences of features times 1e-6, and the input is the images.
  @Test func theRowHasTheEndsOfTheSignal() throws {
    let x = try Tensor.randn([2, 3, 32, 32], generator: Generator(seed: 6))
    let network = try ImageNetwork.longStem(depth: 3).make("idinit", images: (3, 10), device: .cpu)
    try network.initialize(by: network.plan(IDInitScheme(), example: x))
    let row = try Figure16.row(LayerSignal.passage(of: network, x))
    let std = try x.standardDeviation(correction: 0).item()
    #expect(abs((row.number("inputStd") ?? 0) - std) < 1e-5)
    let (features, output) = (try #require(row.number("featureStd")), try #require(row.number("outputStd")))
    #expect(features > 0.01 && output > 0 && output < 1e-5 * features)
    let logits = try network(x).standardDeviation(correction: 0).item()
    #expect(abs(output - logits) < 1e-9)
  }
}
