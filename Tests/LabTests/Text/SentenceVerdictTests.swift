import Testing

@testable import Lab
@testable import Recipes

/// What Tables 5 and 7 say of accuracies whose answer is known.
@Suite struct SentenceVerdictTests {
  private typealias Row = Table5SST2TextCNN

  private func runs(_ vectors: String, _ method: String, _ accuracies: [Double]) -> [FinishedRun] {
    accuracies.enumerated().map { seed, accuracy in
      FinishedRun(
        recipe: "table5-sst2-textcnn",
        labels: ["vector": .string(vectors), "method": .string(method), "seed": .int(seed)], settings: [:],
        status: .finished,
        results: [
          "testAccuracy": .double(accuracy), "bestTestAccuracy": .double(accuracy + 0.01), "testLoss": 0.5,
          "trainLoss": 0.3, "testCount": 1_000_000, "paddedFraction": 0.03,
        ])
    }
  }

  private func both(
    _ ours: [Double], _ others: [Double], _ sources: [String] = ["glove", "word2vec"]
  ) -> [FinishedRun] {
    sources.flatMap {
      runs($0, "idinit", ours) + runs($0, "kaiming", others) + runs($0, "orthogonal", others)
    }
  }

  @Test func aClearLeadWithBothVectorsConfirms() {
    let (high, low) = ([0.90, 0.901, 0.899], [0.80, 0.801, 0.799])
    #expect(Row.verdict(both(high, low)).status == .confirmed)
    #expect(Row.verdict(both(low, high)).status == .refuted)
    #expect(Row.verdict(both(high, high)).status == .notSeen)
    // One kind of vectors is half of the claim: enough to refute it, not to confirm.
    let half = Row.verdict(both(high, low, ["glove"]))
    #expect(half.status == .notSeen)
    #expect(half.points.last == "Not run: word2vec, which the claim is about too.")
    #expect(Row.verdict(both(low, high, ["glove"])).status == .refuted)
    #expect(Row.verdict(both([0.9], [0.8])).status == .notJudged)
    #expect(Row.verdict(runs("glove", "kaiming", low)).status == .notJudged)
  }

  /// A start that is stuck at a guess among two says nothing about what seeds do to those that train.
  @Test func aStartThatNeverTrainedIsNotInTheSpread() throws {
    func group(_ trainLoss: Double, _ data: String) throws -> SeedGroup {
      let runs = [0.5, 0.5, 0.5].enumerated().map { seed, accuracy in
        FinishedRun(
          recipe: "table5-sst2-textcnn", labels: ["method": "xavier", "seed": .int(seed)],
          settings: ["data": ["name": .string(data)]], status: .finished,
          results: ["testAccuracy": .double(accuracy), "trainLoss": .double(trainLoss)])
      }
      return try #require(SeedGroup.groups(runs).first)
    }
    #expect(try group(0.693, "sst2").untrained == 3 && SeedGroup.accuracySpread([group(0.693, "sst2")]) == nil)
    #expect(try group(0.6, "sst2").untrained == 0 && group(0.693, "cifar10").untrained == 0)
    #expect(try group(1.6, "sst5").untrained == 3 && group(1.6, "trec6").untrained == 0)
  }

  /// Mean and deviation of 0.80, 0.81 and 0.82 are 0.81 and 0.01.
  @Test func theTableHasThePapersFigures() throws {
    let table = Row.table(both([0.80, 0.81, 0.82], [0.7, 0.7, 0.7]))
    let row = try #require(table.rows.first)
    #expect(row.text("start") == "idinit" && row.text("paper") == "82.60 ± 0.24 %")
    #expect(table.rows.map { $0.text("start") }.contains("default (kaiming)"))
    #expect(abs(try #require(row.number("testAccuracy")) - 0.81) < 1e-12)
    #expect(abs(try #require(row.number("testAccuracyStd")) - 0.01) < 1e-12)
    #expect(table.notes.contains { $0.contains("Padding: 3.00 %") })
  }
}
