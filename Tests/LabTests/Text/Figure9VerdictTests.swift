import Testing

@testable import Lab
@testable import Recipes

@Suite struct LossCurveTests {
  @Test func aLevelIsReadOffStraightLines() {
    let curve = LossCurve([4, 3, 2, 1], flops: 400, window: 1)
    #expect(curve.points.map(\.flops) == [100, 200, 300, 400])
    #expect(curve.flops(to: 2.5) == 250)
    #expect(curve.flops(to: 2) == 300)
    #expect(curve.flops(to: 4.5) == 100)
    #expect(curve.flops(to: 0.5) == nil)
    #expect(curve.last == 1)
  }

  @Test func aWindowIsTheMeanOfItsEpochsAtTheirEnd() {
    let curve = LossCurve([4, 2, 3, 1], flops: 400, window: 2)
    #expect(curve.points.map(\.flops) == [200, 300, 400])
    #expect(curve.points.map(\.loss) == [3, 2.5, 2])
  }

  @Test func whatIsSavedIsAShareOfTheBaselinesComputation() throws {
    let baseline = LossCurve([4, 3, 2], flops: 300, window: 1)
    func saved(_ losses: [Double]) -> Double? { LossCurve(losses, flops: 300, window: 1).saved(against: baseline) }
    // At 2 after 250 of 300.
    let sixth = try #require(saved([3, 2.5, 1.5]))
    #expect(abs(sixth - 1.0 / 6) < 1e-12)
    #expect(saved([4, 3, 2]) == 0)
    // Ends at 2.5, where the baseline is after 250: it saves a sixth.
    let lost = try #require(saved([4, 3, 2.5]))
    #expect(abs(lost + 1.0 / 6) < 1e-12)
    // Dips below 2 on its way to 2.5.
    let dipped = try #require(saved([4, 1.9, 2.5]))
    #expect(abs(dipped + 1.0 / 6) < 1e-12)
    #expect(saved([.nan]) == nil)
  }
}

@Suite struct Figure9VerdictTests {
  private func run(
    _ method: String, _ losses: [Double], seed: Int = 0, status: RunRecord.Status = .finished
  ) -> FinishedRun {
    FinishedRun(
      recipe: "figure9-bert", labels: ["method": .string(method), "seed": .int(seed)],
      settings: ["training": ["stepsPerEpoch": 50, "smoothedSteps": 50]], status: status,
      results: [
        "trainLossByEpoch": .array(losses.map(JSONValue.double)), "flops": 300, "testLoss": 2, "testMaskedLoss": 1.5,
        "testNextLoss": 0.5, "testAccuracy": 0.25,
      ])
  }

  private func status(_ ours: [[Double]], _ theirs: [[Double]]) -> Verdict.Status {
    Figure9.verdict(
      ours.enumerated().map { run("idinit", $1, seed: $0) } + theirs.enumerated().map { run("default", $1, seed: $0) }
    ).status
  }

  @Test func judgesSeedsThatAgree() {
    let (fast, slow) = ([3.0, 2.0, 1.5], [4.0, 3.0, 2.0])
    #expect(status([fast, fast], [slow, slow]) == .confirmed)
    #expect(status([slow, slow], [fast, fast]) == .refuted)
    #expect(status([fast, slow], [slow, fast]) == .notSeen)
    #expect(status([fast], [slow]) == .notJudged)
    // Better from both seeds, by differences that two seeds often have by chance: 0.5 and 0.1 of loss.
    let slower = [3.9, 2.4, 1.6]
    #expect(status([fast, fast], [slow, slower]) == .notSeen)
    // From many seeds the same is clear.
    let many = Array(repeating: [slow, slower], count: 4).flatMap { $0 }
    #expect(status(Array(repeating: fast, count: 8), many) == .confirmed)
    // Two seeds are ahead, and a third is lost.
    let third = [run("idinit", fast, seed: 2, status: .diverged), run("default", slow, seed: 2)]
    let two = [0, 1].flatMap { [run("idinit", fast, seed: $0), run("default", slow, seed: $0)] }
    let verdict = Figure9.verdict(two + third)
    #expect(verdict.status == .notSeen && verdict.reason.contains("1 more from IDInit diverged"))
    #expect(status([fast, fast], []) == .notJudged)
    #expect(Figure9.verdict([run("idinit", fast), run("default", slow, status: .diverged)]).status == .notJudged)
  }

  @Test func tableComparesRunsOfTheSameSeed() {
    let table = Figure9.table([
      run("default", [4, 3, 2]), run("default", [4, 3, 1], seed: 1), run("idinit", [3, 2.5, 1.5]),
      run("idinit", [3, 2, 0], seed: 1),
    ])
    #expect(table.rows.count == 2)
    let saved = table.columns.firstIndex { $0.title == "saved, %" } ?? 0
    // 1/6 of each seed: at 2 after 250 of 300, and at 1 after 250.
    #expect(table.cells.map { $0[saved] } == ["0", "16.7 ± 0.0"])
    #expect(table.cells[1].last == "11.3 %")
  }

  @Test func otherTextsThanThePapersAreNamed() throws {
    let runs = [run("default", [4, 3, 2]), run("idinit", [3, 2.5, 1.5])]
    let note = try ResolvedRecipe("figure9-bert", at: .small).table(runs).notes.last
    #expect(
      note
        == "On wikitext-2.valid.txt and tinyshakespeare.txt, not on the paper's wikipedia.txt and bookcorpus.txt: the "
        + "paper's figures are no measure for these.")
    let paper = try ResolvedRecipe("figure9-bert", at: .paper).table(runs).notes
    #expect(!paper.contains { $0.contains("no measure") })
  }
}
