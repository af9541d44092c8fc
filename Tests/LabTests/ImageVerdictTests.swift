import Testing

@testable import Lab
@testable import Recipes

/// Finished runs, made by hand.
private func run(
  _ labels: Row, accuracy: Double? = 0.5, target: Double = 0.4, _ more: Row = [:]
) -> FinishedRun {
  var results: Row = ["testAccuracy": accuracy.map(JSONValue.double) ?? .null, "testLoss": 1.5, "trainLoss": 1.25]
  results["testCount"] = 2000
  return FinishedRun(
    recipe: "table2-resnet56", labels: labels,
    settings: ["training": ["target": .double(target)], "network": ["depth": 20]],
    status: accuracy == nil ? .diverged : .finished,
    results: accuracy == nil ? ["loss": "NaN"] : results.appending(more))
}

@Suite struct FastestStartTests {
  private func run(_ method: String, _ seed: Int, epochs: Int?, accuracy: Double = 0.5) -> FinishedRun {
    LabTests.run(
      ["variant": "sgd", "method": .string(method), "seed": .int(seed)], accuracy: accuracy,
      ["epochsTo40": epochs.map(JSONValue.int) ?? .null])
  }

  /// Epochs of Kaiming and IDInit by seed; accuracies of both.
  static let cases: [([Int?], [Int?], (Double, Double), Verdict.Status)] = [
    // Differences of 3 ± 0.4 epochs; accuracy alike.
    ([7, 8, 7], [4, 5, 4], (0.5, 0.5), .confirmed),
    // Sooner, but less accurate by more than the test set's uncertainty of 1.6 points.
    ([7, 8, 7], [4, 5, 4], (0.55, 0.45), .refuted),
    // Later by more than two standard errors and one epoch.
    ([4, 5, 4], [7, 8, 7], (0.5, 0.5), .refuted),
    // Within the uncertainty.
    ([5, 6, 5], [5, 5, 6], (0.5, 0.5), .notSeen),
    // One seed of IDInit does not get there.
    ([5, 6, 5], [4, nil, 4], (0.5, 0.5), .refuted),
    // Nobody does.
    ([nil, nil, nil], [nil, nil, nil], (0.3, 0.3), .notSeen),
    // One seed has no uncertainty to judge by.
    ([7], [4], (0.5, 0.5), .notSeen),
  ]

  @Test(arguments: cases.indices) func judges(_ index: Int) {
    let (theirs, ours, accuracy, status) = Self.cases[index]
    let runs =
      theirs.enumerated().map { run("kaiming", $0, epochs: $1, accuracy: accuracy.0) }
      + ours.enumerated().map { run("idinit", $0, epochs: $1, accuracy: accuracy.1) }
    let verdict = Table2ResNet56.verdict(runs)
    #expect(verdict.status == status, "\(verdict.reason)")
  }

  @Test func nothingToCompareIsNotJudged() {
    #expect(Table2ResNet56.verdict([]).status == .notJudged)
    #expect(Table2ResNet56.verdict([run("idinit", 0, epochs: 3)]).status == .notJudged)
  }

  @Test func theTableHasThePapersRowBesideTheMeasuredOne() throws {
    let table = Table2ResNet56.table([
      run("idinit", 0, epochs: 3, accuracy: 0.51), run("idinit", 1, epochs: 4, accuracy: 0.53),
      run("kaiming", 0, epochs: nil), LabTests.run(["variant": "sgd", "method": "fixup", "seed": 0], accuracy: nil),
    ])
    #expect(
      table.columns.map(\.title) == [
        "training", "start", "n", "test accuracy, %", "paper", "to 40 %", "paper", "test loss", "train loss",
        "diverged",
      ])
    // The deviation of 51 and 53 with n − 1 is √2; that of 3 and 4 is 1/√2.
    #expect(
      table.cells[0] == [
        "sgd", "idinit", "2", "52.00 ± 1.41", "93.41 ± 0.10 %", "3.5 ± 0.7", "26 ± 1", "1.500", "1.250", "0",
      ])
    #expect(table.cells[1][5] == "–")
    #expect(table.cells[2][3] == "diverged" && table.cells[2].last == "1")
    #expect(table.title.contains("ResNet-20"))
  }

  @Test func everyRowOfThePaperIsThere() {
    for card in [Table2ResNet56.card, Table2ResNet110.card] {
      #expect(card.paper.count == 7 * 4)
      #expect(card.paper.allSatisfy { $0.value > 20 && $0.value < 95 })
    }
    #expect(Table2ResNet110.paperFigure("adam", "fixup", "accuracy")?.value == 90.67)
    #expect(Table2ResNet56.paperFigure("adam", "skipinit", "epochs to 80 %")?.text == "81 ± 3")
  }
}

@Suite struct ImageVerdictTests {
  private func figure7(_ warmup: Int, _ method: String, _ accuracy: Double?) -> FinishedRun {
    run(["warmup": .int(warmup), "method": .string(method), "seed": 0], accuracy: accuracy)
  }

  /// Accuracies of Kaiming, the centre tap and IDInit without warm-up. A guess has 10 ± 0.67 % on 2,000 images.
  static let withoutWarmup: [(Double?, Double?, Double?, Verdict.Status)] = [
    (nil, 0.1, 0.4, .confirmed), (0.11, 0.119, 0.125, .confirmed), (0.4, 0.1, 0.4, .refuted),
    (nil, nil, nil, .refuted), (0.1, 0.1, 0.11, .refuted),
  ]

  @Test(arguments: withoutWarmup.indices) func figure7WithoutWarmup(_ index: Int) {
    let (kaiming, tap, idinit, status) = Self.withoutWarmup[index]
    let runs = [
      figure7(0, "kaiming", kaiming), figure7(0, "idinit-centre-tap", tap), figure7(0, "idinit", idinit),
    ]
    #expect(Figure7.verdict(runs).status == status)
    #expect(Figure7.verdict(Array(runs.dropLast())).status == .notJudged)
  }

  @Test func figure7WithWarmup() {
    let without = [figure7(0, "kaiming", nil), figure7(0, "idinit-centre-tap", nil), figure7(0, "idinit", 0.4)]
    func verdict(_ kaiming: Double) -> Verdict.Status {
      let with = [figure7(1, "kaiming", kaiming), figure7(1, "idinit-centre-tap", 0.2), figure7(1, "idinit", 0.4)]
      return Figure7.verdict(without + with).status
    }
    #expect(verdict(0.3) == .confirmed && verdict(0.39) == .notSeen && verdict(0.5) == .refuted)
  }

  @Test func table4NeedsEveryStepOfTheArgument() {
    func verdict(_ neither: Double, _ nearZero: Double, _ patch: Double, _ both: Double) -> Verdict.Status {
      Table4.verdict(
        [
          ("idinit-centre-tap-zero", neither), ("idinit-centre-tap", nearZero), ("idinit-zero", patch),
          ("idinit", both),
        ].map { run(["method": .string($0), "seed": 0], accuracy: $1) }
      ).status
    }
    #expect(verdict(0.3, 0.5, 0.4, 0.6) == .confirmed)
    #expect(verdict(0.3, 0.4, 0.5, 0.6) == .refuted)
    #expect(verdict(0.3, 0.5, 0.4, 0.51) == .notSeen)
    #expect(Table4.verdict([run(["method": "idinit", "seed": 0])]).status == .notJudged)
  }

  @Test func figure5JudgesSharesNotMoved() {
    func verdict(_ zero: Double, _ nearZero: Double) -> Verdict.Status {
      Figure5.verdict(
        [("idinit-zero", zero), ("idinit", nearZero)].map { method, share in
          run(["variant": "zero-scale", "method": .string(method), "seed": 0], ["unmoved": .double(share)])
        }
      ).status
    }
    #expect(verdict(0.9, 0.001) == .confirmed && verdict(0.3, 0.001) == .notSeen && verdict(0.9, 0.3) == .refuted)
  }

  @Test func figure14ComparesWhatIsNearlyZero() {
    func verdict(_ ours: Double, least: Double, _ theirs: Double) -> Verdict.Status {
      Figure14.verdict(
        [("kaiming", theirs, theirs), ("idinit", ours, least)].map { method, end, least in
          run(
            ["method": .string(method), "seed": 0],
            ["nearlyZero": .double(end), "nearlyZeroLeast": .double(least), "zeros": 0])
        }
      ).status
    }
    #expect(verdict(0.5, least: 0.4, 0.1) == .confirmed)
    #expect(verdict(0.5, least: 0.05, 0.1) == .notSeen && verdict(0.05, least: 0.05, 0.1) == .refuted)
  }

  /// Accuracies at the rates 1, 0.1 and 0.01.
  private func figure18(_ method: String, _ accuracies: [Double?]) -> [FinishedRun] {
    zip([1, 0.1, 0.01], accuracies).map { rate, accuracy in
      run(
        ["learningRate": .double(rate), "weightDecay": 1e-3, "method": .string(method), "seed": 0], accuracy: accuracy)
    }
  }

  @Test func figure18JudgesWhatIsLostAwayFromTheBestRate() {
    let idinit = figure18("idinit", [0.45, 0.5, 0.48])
    let others = ["kaiming", "rezero"].flatMap { figure18($0, [0.5, 0.5, 0.3]) }
    #expect(
      Figure18.verdict(
        idinit + others + figure18("fixup", [nil, 0.5, 0.3]) + figure18("zero-hadamard", [0.2, 0.5, 0.5])
      )
      .status == .confirmed)
    #expect(Figure18.verdict(idinit + figure18("fixup", [0.45, 0.5, 0.3])).status == .notSeen)
    #expect(Figure18.verdict(idinit + figure18("kaiming", [0.5, 0.4, 0.5])).status == .refuted)
    #expect(Figure18.verdict(idinit).status == .notJudged)
  }
}
