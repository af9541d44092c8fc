import Foundation
import IDInit
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

/// Probes of the catalogue's text networks and of the recipes that train on text.
@Suite struct TextProbeTests {
  private func subject(_ name: String, _ method: String = "idinit", batch: Int = 8) throws -> ProbeSubject {
    try ProbeSubject.noise(NetworkCatalog.network(named: name), method: method, batch: batch, seed: 0, device: .cpu)
  }

  @Test(arguments: ["textcnn", "textrnn", "textrnn-lstm", "transformer"])
  func everyProbeMeasuresIt(_ name: String) throws {
    let subject = try subject(name)
    for probe in Probes.all {
      let result = try probe(subject)
      #expect(!result.sentence.isEmpty && !result.sentence.contains("NaN"), "\(probe.name): \(result.sentence)")
    }
  }

  /// PyTorch's embeddings have zeros for padding, which stands for no word.
  @Test func paddingIsZeros() throws {
    let table = try #require(try subject("textcnn").network.parameters["embedding.weight"]).detached()
    #expect(try table.select(axis: 0, 0).abs().max().item() == 0)
    #expect(try table.select(axis: 0, 1).abs().max().item() > 0)
  }

  /// A residual classifier starts its last layer near 0 (1e-6), and so does not prefer any class. TextCNN is none: its
  /// last layer reads the first two feature maps, which are one channel at two places, and equal after the maximum over
  /// time but for what is loose, 1e-6. Window-first they are two channels.
  @Test(arguments: [
    ("transformer", "idinit", true), ("bert-small", "idinit", true), ("textcnn", "idinit", true),
    ("textcnn", "idinit-window-first", false), ("transformer", "xavier", false),
  ])
  func theFirstLossIsThatOfNoKnowledge(_ name: String, _ method: String, _ knowsNothing: Bool) throws {
    let loss = try #require(try StartProbe()(subject(name, method)).summary.number("loss"))
    #expect((abs(loss - log(2)) < 1e-4) == knowsNothing, "\(loss)")
  }

  /// From IDInit each of TextCNN's 300 features is one channel of the one word where it is largest. The kernels of 3, 4
  /// and 5 words have 3, 4 and 5 maps of each channel, from the first on, until their 100 are used up: 12 rows of the
  /// Jacobian are equal for the channels 0 to 19, 7 for 20 to 24, 3 for 25 to 32, and one is alone.
  @Test func theJacobianOfAnIdentityIsCounted() throws {
    let subject = try subject("textcnn")
    let spectra = try JacobianProbe(examples: 3).spectra(of: subject.network, subject.input, seed: 0)
    let sizes = [12.0, 7, 3, 1].map { $0.squareRoot() }
    let expected = zip(sizes, [20, 5, 8, 1]).flatMap { [Double](repeating: $0, count: $1) }
    for spectrum in spectra {
      #expect(spectrum.isWhole && spectrum.values.count == 300)
      for (value, wanted) in zip(spectrum.values, expected) { #expect(abs(value - wanted) < 1e-4) }
      #expect(spectrum.values.dropFirst(expected.count).allSatisfy { $0 < 1e-4 })
      #expect(abs(spectrum.meanSquare - 1) < 1e-4)
    }
  }

  /// The fused attention has no second derivative: χ is estimated all the same.
  @Test func whatHasNoSecondDerivativeSaysSo() throws {
    let subject = try subject("transformer", "xavier")
    let exact = try #require(try JacobianProbe(examples: 2)(subject).summary.number("chi"))
    let result = try JacobianProbe(examples: 2, largest: 1)(subject)
    #expect(result.summary["largest"] == .null && result.rows.isEmpty)
    #expect(result.sentence.hasSuffix("up to an unknown size: some operation has no second derivative"))
    let chi = try #require(result.summary.number("chi")), error = try #require(result.summary.number("chiError"))
    #expect(error > 0 && abs(chi - exact) < 4 * error, "\(chi) ± \(error), \(exact)")
  }

  /// The batch is that of the runs' first step, all starts have the same vectors, and the plan is the runs'.
  @Test func theStartIsThatOfTheRuns() throws {
    var recipe = try ResolvedRecipe("table5-sst2-textcnn", at: .smoke)
    try recipe.set([("methods", "kaiming,idinit"), ("seeds", "0,1")])
    let subjects = try recipe.probed(on: ProbeBench(seed: 3)).subjects
    #expect(subjects.map(\.method) == ["kaiming", "idinit"])
    let dataset = try SyntheticSentences.make()
    let words = try SentenceWords(dataset)
    let task = SentenceClassification(
      train: words.train, test: words.test, classCount: dataset.classNames.count,
      options: .init(batchSize: 10, seed: 3))
    let first = try #require(try task.trainBatches(epoch: 1, from: 0).nextBatch())
    let tables = try subjects.map { subject in
      #expect(try subject.input.isEqual(to: first.input) && subject.count == 10)
      return try #require(subject.network.parameters["embedding.weight"]).detached()
    }
    #expect(try tables[0].isEqual(to: tables[1]))
    // Words without vectors are drawn from ± 0.25.
    #expect(try tables[0].abs().max().item() <= 0.25 && tables[0].abs().max().item() > 0.2)
    let kernel = try #require(subjects[1].network.parameters["convs.0.weight"]).detached()
    // [8, 12, 3], channel-first: a map m sees channel m / 3 at place m mod 3, by the paper's identity.
    for map in 0..<8 {
      let row = try kernel.select(axis: 0, map).flattened().array(of: Float.self)
      #expect(row.indices.filter { row[$0] != 0 } == [map] && abs(row[map] - 1) < 1e-4)
    }
  }

  @Test func aBERTIsProbedWithPairsOfTexts() throws {
    let probe = try ResolvedRecipe("figure9-bert", at: .smoke).probed(on: ProbeBench())
    #expect(probe.subjects.map(\.method) == ["default", "idinit"])
    #expect(probe.data.hasPrefix("8 pairs of texts from train.txt, of up to 24 pieces"))
    let loss = try #require(try StartProbe()(probe.subjects[1]).summary.number("loss"))
    #expect(abs(loss - log(2)) < 1e-4)
    #expect(probe.subjects[0].input.shape == [8, 3, 24])
  }
}
