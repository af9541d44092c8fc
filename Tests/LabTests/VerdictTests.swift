import Testing

@testable import Lab
@testable import Recipes

@Suite struct ComparisonTests {
  private func run(
    _ variant: String, _ method: String, _ seed: Int, _ accuracy: Double, to90: Int? = 3,
    status: RunRecord.Status = .finished
  ) -> FinishedRun {
    var results: Row = ["testAccuracy": .double(accuracy), "testLoss": 0.25, "trainLoss": 0.125, "testCount": 10_000]
    results["epochsTo90"] = to90.map(JSONValue.int) ?? .null
    return FinishedRun(
      recipe: "table8", labels: ["variant": .string(variant), "method": .string(method), "seed": .int(seed)],
      status: status, results: status == .finished ? results : [:])
  }

  @Test func tableHasMeansDeviationsAndThePapersFigures() throws {
    let table = Table8.table([
      run("relu", "idinit", 0, 0.98), run("relu", "idinit", 1, 0.99), run("relu", "default", 0, 0.97, to90: nil),
    ])
    #expect(table.rows.count == 2)
    #expect(table.columns.map(\.title).prefix(4) == ["variant", "method", "n", "test accuracy"])
    // The standard deviation of 98 and 99 with n − 1 is 1/√2.
    #expect(table.cells[0][3] == "98.50 ± 0.71 %")
    #expect(table.cells[0].last == "98.40 %")
    // One seed has no deviation; what was never reached is a dash.
    #expect(table.cells[1][3] == "97.00 %")
    #expect(table.cells[1][6] == "–")
  }

  /// Wilson's interval for n of n at one standard error goes from n / (n + 1) to 1: half of that is 1 / 2 (n + 1).
  @Test func aTestWithoutErrorsIsNotCertain() {
    let groups = SeedGroup.groups([run("relu", "idinit", 0, 1), run("relu", "default", 0, 0)])
    for group in groups { #expect(abs((group.testSetError ?? 0) - 0.5 / 10_001) < 1e-12) }
    #expect(SeedGroup.testSetNote(groups)?.contains("uncertain by 0.005 points") == true)
    // Elsewhere it is the binomial one: 98 % of 10,000 is uncertain by 0.14 points.
    let other = SeedGroup.groups([run("relu", "idinit", 0, 0.98)])
    #expect(abs((other[0].testSetError ?? 0) - 0.0014) < 1e-12)
  }

  @Test func anAverageCountsAllSeedsOrNone() {
    let table = Table8.table([run("relu", "idinit", 0, 0.98, to90: 2), run("relu", "idinit", 1, 0.8, to90: nil)])
    #expect(table.rows[0].number("epochsTo90") == nil)
  }

  /// Accuracies of default and IDInit by seed, in both variants alike.
  static let cases: [(Double, Double, Verdict.Status)] = [
    (0.97, 0.98, .confirmed),
    // 0.1 points on 10,000 images: the standard error of one accuracy of 98 % is 0.14 points.
    (0.980, 0.981, .notSeen), (0.981, 0.980, .notSeen),
    (0.98, 0.97, .refuted),
  ]

  @Test(arguments: cases) func judgesAgainstTheUncertainty(_ theirs: Double, _ ours: Double, _ status: Verdict.Status) {
    let runs = ["relu", "tanh"].flatMap { variant in
      (0..<3).flatMap { seed in
        [
          run(variant, "default", seed, theirs + 1e-4 * Double(seed)),
          run(variant, "idinit", seed, ours + 1e-4 * Double(seed)),
        ]
      }
    }
    #expect(Table8.verdict(runs).status == status)
  }

  @Test func oneVariantIsNotBoth() {
    let runs = (0..<2).flatMap { [run("relu", "default", $0, 0.9), run("relu", "idinit", $0, 0.98)] }
    #expect(Table8.verdict(runs).status == .notSeen)
    #expect(Table8.verdict([]).status == .notJudged)
  }

  @Test func divergingLoses() {
    func verdict(seeds: Int) -> Verdict.Status {
      let runs = ["relu", "tanh"].flatMap { variant in
        (0..<seeds).flatMap {
          [run(variant, "default", $0, 0.98), run(variant, "idinit", $0, .nan, status: .diverged)]
        }
      }
      return Table8.verdict(runs).status
    }
    #expect(verdict(seeds: 2) == .refuted)
    // One seed that diverges says little: others of the same start may not.
    #expect(verdict(seeds: 1) == .notJudged)
  }
}

@Suite struct LossTests {
  private func run(_ method: String, _ seed: Int, _ accuracy: Double?) -> [FinishedRun] {
    ["relu", "tanh"].map { variant in
      FinishedRun(
        recipe: "table8", labels: ["variant": .string(variant), "method": .string(method), "seed": .int(seed)],
        status: accuracy == nil ? .diverged : .finished,
        results: accuracy.map { ["testAccuracy": .double($0), "testCount": 10_000] } ?? ["loss": "NaN"])
    }
  }

  /// Accuracies by seed, nil where a seed diverged.
  private func verdict(_ ours: [Double?], over theirs: [Double?]) -> Verdict {
    func runs(_ method: String, _ values: [Double?]) -> [FinishedRun] {
      values.enumerated().flatMap { run(method, $0, $1) }
    }
    return Table8.verdict(runs("idinit", ours) + runs("default", theirs))
  }

  @Test func aMeanOverTheSurvivorsShowsNothing() {
    #expect(verdict([0.98, 0.98], over: [0.9, 0.9]).status == .confirmed)
    let lost = verdict([0.98, nil], over: [0.9, 0.9])
    #expect(lost.status == .notSeen)
    #expect(lost.reason.contains("1 of 2 seeds of idinit"))
    #expect(verdict([0.98, 0.98], over: [0.9, nil]).status == .notSeen)
    #expect(verdict([0.9, 0.9], over: [0.98, nil]).status == .notSeen)
    #expect(verdict([0.98, nil], over: [nil, nil]).status == .notSeen)
    // Lower on the seeds that survived, and the others are lost: that contradicts.
    #expect(verdict([0.9, nil], over: [0.98, 0.98]).status == .refuted)
    #expect(verdict([0.98, 0.98], over: [nil, nil]).status == .confirmed)
  }
}

@Suite struct SpoiltRecordTests {
  /// Numbers that no run writes, as a damaged summary.json can hold them.
  @Test(arguments: [Double.nan, .infinity, -1e300, 1e300]) func anyNumberCanBeCompared(_ number: Double) {
    for id in RecipeRegistry.ids {
      guard let recipe = RecipeRegistry.recipe(id) else { continue }
      let methods = Figure4.Method.allCases.map(\.rawValue) + ["idinit", "default", "identity", "least-squares"]
      let variants = Figure4.Variant.allCases.map(\.rawValue) + ["relu", "sgd", "gd", "sgd-momentum"]
      let names = [
        "inputs", "residualRank", "testAccuracy", "testLoss", "testCount", "steps", "earlyDistance", "meanDistance",
        "w1",
        "epochsTo90", "stepsToFloor", "step", "hiddenWidth",
      ]
      let results = Row(names.map { JSONValue.Member($0, .double(number)) })
      let runs = methods.flatMap { method in
        variants.map { variant in
          FinishedRun(
            recipe: id, labels: ["method": .string(method), "variant": .string(variant), "seed": 0], status: .finished,
            results: results)
        }
      }
      _ = recipe.verdict(runs)
      #expect(!recipe.table(runs).cells.isEmpty)
    }
  }
}

@Suite struct Table1VerdictTests {
  private func runs(_ losses: [(method: String, variant: String, losses: [Double])]) -> [FinishedRun] {
    losses.flatMap { group in
      group.losses.enumerated().map { seed, loss in
        FinishedRun(
          recipe: "table1",
          labels: ["method": .string(group.method), "variant": .string(group.variant), "seed": .int(seed)],
          status: .finished, results: ["testLoss": .double(loss)])
      }
    }
  }

  private func verdict(plain: [Double], momentum: [Double]) -> Verdict.Status {
    Table1.verdict(
      runs([
        ("least-squares", "closed form", [1e-4, 1e-4, 1e-4]), ("xavier", "sgd", [1e-4, 1e-4, 1e-4]),
        ("xavier", "sgd-momentum", [1e-4, 1e-4, 1e-4]), ("identity", "sgd", plain),
        ("identity", "sgd-momentum", momentum),
      ])
    ).status
  }

  @Test func judges() {
    #expect(verdict(plain: [0.2, 0.2, 1e-4], momentum: [1e-4, 1e-4, 1e-4]) == .confirmed)
    #expect(verdict(plain: [0.2, 1e-4, 1e-4], momentum: [1e-4, 1e-4, 1e-4]) == .notSeen)
    #expect(verdict(plain: [1e-4, 1e-4, 1e-4], momentum: [1e-4, 1e-4, 1e-4]) == .refuted)
    #expect(verdict(plain: [0.2, 0.2, 0.2], momentum: [0.2, 0.2, 0.2]) == .refuted)
    #expect(verdict(plain: [0.2, 0.2, 0.2], momentum: [1e-4, 1e-4, 0.2]) == .notSeen)
    #expect(Table1.verdict([]).status == .notJudged)
  }
}

@Suite struct Figure19VerdictTests {
  /// Early and late distances of GD, SGD and SGD with momentum; where full batches with momentum end, if run.
  private func verdict(early: [Double], late: [Double], control: (distance: Double, loss: Double)?) -> Verdict.Status {
    var runs = zip(["gd", "sgd", "sgd-momentum"], zip(early, late)).map { variant, distances in
      FinishedRun(
        recipe: "figure19", labels: ["variant": .string(variant), "seed": 0], status: .finished,
        results: [
          "earlyDistance": .double(distances.0), "meanDistance": .double(distances.1), "testLoss": 1e-4,
        ])
    }
    if let control {
      runs.append(
        FinishedRun(
          recipe: "figure19", labels: ["variant": "gd-momentum", "seed": 0], status: .finished,
          results: ["meanDistance": .double(control.distance), "testLoss": .double(control.loss)]))
    }
    return Figure19.verdict(runs).status
  }

  @Test func judges() {
    let rising = [1e-4, 1e-3, 1e-2]
    // Full batches do not get there: the difference between layers is what it takes.
    #expect(verdict(early: rising, late: rising, control: (1e-5, 1)) == .confirmed)
    // They get there with layers as good as equal: it is not.
    #expect(verdict(early: rising, late: rising, control: (1e-5, 1e-4)) == .refuted)
    #expect(verdict(early: rising, late: rising, control: nil) == .notSeen)
    #expect(verdict(early: rising, late: [1e-1, 1e-1, 1e-2], control: (1e-5, 1)) == .refuted)
    #expect(verdict(early: rising, late: [1e-2, 1e-2, 1e-2], control: (1e-5, 1)) == .notSeen)
    #expect(Figure19.verdict([]).status == .notJudged)
  }
}

@Suite struct CSVTests {
  @Test func quotesWhatNeedsIt() {
    let text = CSV.text(
      header: ["a", "b,c"], rows: [["x\"y", .double(.nan)], [.null, "two\nlines"], [1, .double(-.infinity)]])
    #expect(text == "a,\"b,c\"\n\"x\"\"y\",nan\n,\"two\nlines\"\n1,-inf\n")
  }
}
