import OrderedCollections
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

/// Probes of a network that takes token ids: an embedding, whose rows differ, and linear layers at every place.
@Suite struct TokenProbeTests {
  private final class Tagger: Module {
    let table: Embedding
    let positions: Tensor
    let first: Linear
    let last: Linear
    let reads: Linear

    /// Identities of 6 throughout, but for a gain on the first.
    init(_ vocabulary: Int, length: Int, gain: Double = 1, isFrozen: Bool = false) throws {
      table = try Embedding(vocabulary, 6)
      positions = try Tensor.zeros([length, 6]).settingRequiresGrad()
      (first, last, reads) = (try Linear(6, 6), try Linear(6, 6), try Linear(6, 3))
      try withoutGradient {
        try table.weight.copy(from: Tensor.randn([vocabulary, 6], generator: Generator(seed: 2)))
        try first.weight.copy(from: Tensor.eye(6) * gain)
        try last.weight.copy(from: Tensor.eye(6))
      }
      if isFrozen { try table.weight.settingRequiresGrad(false) }
    }

    var localParameters: OrderedDictionary<String, Tensor> { ["positions": positions] }
    var submodules: OrderedDictionary<String, any Module> {
      ["table": table, "first": first, "last": last, "reads": reads]
    }

    func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
      // A cast of ids is no signal yet; a table that is added is no layer.
      let h_NLC = try table(x.to(.int32).to(.int64)) + positions
      return try reads(last(first(h_NLC)).mean([1]))
    }
  }

  private func subject(_ network: any Module, batch: Int = 16) throws -> ProbeSubject {
    let generator = try Generator(seed: 5)
    let ids = try ProbeInput.tokens(length: 4, vocabulary: 50).batch(batch, generator: generator)
    let labels = try Tensor.randint([batch], high: 3, generator: generator)
    return ProbeSubject(method: "by hand", network: network, input: ids, labels: labels, classes: 3)
  }

  @Test func idsAreUniformBelowTheVocabulary() throws {
    let ids = try ProbeInput.tokens(length: 100, vocabulary: 10).batch(200, generator: Generator(seed: 1))
    #expect(ids.shape == [200, 100] && ids.dtype == .int64)
    let values = try ids.flattened().array(of: Int64.self)
    // 2,000 of each expected, ± 42; a tenth more or less would be five of these.
    for id in 0..<10 { #expect(abs(values.count { $0 == id } - 2000) < 170) }
    #expect(values.allSatisfy { (0..<10).contains($0) })
  }

  /// The layers are those that get numbers, and the signal begins with the embedding's.
  @Test func theSignalBeginsBehindTheEmbedding() throws {
    let result = try SignalProbe()(subject(Tagger(50, length: 4, gain: 3)))
    #expect(result.rows.compactMap { $0.text("layer") } == ["first", "last", "reads"])
    let sizes = result.rows.compactMap { $0.number("std") }
    #expect(sizes.count == 3 && abs(sizes[1] / sizes[0] - 3) < 1e-4)
  }

  /// Mean over 4 places of identities: the Jacobian from [4, 6] to [6] has six singular values of gain/√4, exact and
  /// randomised; of a frozen table too.
  @Test(arguments: [(3.0, false), (1.0, true)])
  func theJacobianIsOfTheEmbedding(_ gain: Double, _ isFrozen: Bool) throws {
    let subject = try subject(Tagger(50, length: 4, gain: gain, isFrozen: isFrozen))
    let exact = try JacobianProbe(examples: 2)(subject)
    let values = exact.rows.compactMap { $0.number("singularValue") }
    #expect(values.count == 12 && values.allSatisfy { abs($0 - gain / 2) < 1e-5 }, "\(values)")
    let estimate = try JacobianProbe(examples: 2, largest: 1)(subject)
    #expect(estimate.summary["exact"] == .bool(false))
    let error = try #require(estimate.summary.number("chiError"))
    #expect(abs(try #require(estimate.summary.number("chi")) - gain * gain / 4) < 4 * error)
    #expect(abs(try #require(estimate.summary.number("largest")) - gain / 2) < 1e-4)
  }

  /// Noise goes onto the embedding's values, N(0, 1) + N(0, 2²); 16 · 4 · 6 numbers know a deviation to 4 %.
  @Test func noiseIsAddedToTheEmbedding() throws {
    let network = try Tagger(50, length: 4)
    let before = try network.table.weight.detached().cloned()
    let sizes = try NoiseProbe(noises: [0, 2])(subject(network)).rows.compactMap { $0.number("std") }
    #expect(abs(sizes[0] - 1) < 0.2 && abs(sizes[3] / 5.0.squareRoot() - 1) < 0.2)
    #expect(try network.table.weight.isEqual(to: before), "the table is not touched")
  }

  @Test func everyProbeMeasuresIt() throws {
    let subject = try subject(Tagger(50, length: 4))
    for probe in Probes.all {
      let result = try probe(subject)
      #expect(!result.sentence.isEmpty, "\(probe.name)")
    }
    // Features at every place are columns: six of the layer last, six of reads.
    #expect(try ReplicaProbe()(subject).summary.number("features") == 12)
  }

  /// A line in the catalogue is all that such a network needs; what the plan keeps is filled as PyTorch would.
  @Test func anEntryOfTheCatalogueIsALine() throws {
    let entry = NetworkCatalog.Entry(
      name: "tagger", title: "a test", input: .tokens(length: 4, vocabulary: 1000), classes: 3
    ) { _, _ in
      let network = try Tagger(1000, length: 4)
      try withoutGradient { () throws(TorchError) in try network.table.weight.copy(from: Tensor.zeros([1000, 6])) }
      return network
    }
    let subject = try ProbeSubject.noise(entry, method: "idinit", batch: 8, seed: 0, device: .cpu)
    #expect(subject.input.dtype == .int64 && subject.input.shape == [8, 4])
    let table = try #require(subject.network.parameters["table.weight"])
    // 6,000 numbers know a deviation to 0.9 %.
    #expect(abs(try table.detached().standardDeviation().item() - 1) < 0.04)
    let result = try JacobianProbe(examples: 1)(subject)
    #expect((result.summary.number("chi") ?? 0) > 0 && entry.input.title(count: 8).hasPrefix("8 sequences of 4 random"))
  }
}
