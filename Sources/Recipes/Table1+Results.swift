import Lab

extension Table1 {
  /// The runs of one method and variant over seeds.
  private struct Group {
    var method: String
    var variant: String
    var runs: [FinishedRun]

    var losses: [Double] { runs.map { $0.status == .finished ? $0.results.number("testLoss") ?? .nan : .infinity } }
    /// The median: a mean would be the worst seed's.
    var median: Double {
      let sorted = losses.sorted { ($0.isNaN ? .infinity : $0) < ($1.isNaN ? .infinity : $1) }
      guard !sorted.isEmpty else { return .nan }
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
    /// Seeds that came to at most twice the error of least squares.
    func succeeded(_ leastSquares: Double) -> Int { losses.filter { $0 <= 2 * leastSquares }.count }
  }

  private static func groups(_ runs: [FinishedRun]) -> [Group] {
    var groups: [Group] = []
    for run in runs {
      let (method, variant) = (run.label("method"), run.label("variant"))
      if let index = groups.firstIndex(where: { $0.method == method && $0.variant == variant }) {
        groups[index].runs.append(run)
      } else {
        groups.append(Group(method: method, variant: variant, runs: [run]))
      }
    }
    return groups
  }

  private static func leastSquares(_ groups: [Group]) -> Double? {
    groups.first { $0.method == Method.leastSquares.rawValue }?.losses.max()
  }

  public static func table(_ runs: [FinishedRun]) -> ResultTable {
    let groups = groups(runs)
    let floor = leastSquares(groups)
    let rows = groups.map { group -> Row in
      let losses = group.losses.filter { !$0.isNaN }
      let steps = group.runs.compactMap { $0.results.number("stepsToFloor") }
      return [
        "method": .string(group.method), "variant": .string(group.variant), "n": .int(group.runs.count),
        "learningRate": group.runs.first?.results["learningRate"] ?? .null,
        "momentum": group.runs.first?.results["momentum"] ?? .null,
        "testLoss": .double(group.median), "testLossLeast": .double(losses.min() ?? .nan),
        "testLossMost": .double(losses.max() ?? .nan),
        "succeeded": floor.map { .int(group.succeeded($0)) } ?? .null,
        "stepsToFloor": steps.count == group.runs.count ? .double(steps.max() ?? 0) : .null,
      ]
    }
    return ResultTable(
      title: "Table 1: test error on Y = −X after training",
      columns: [
        .text("start", "method"), .text("training", "variant"),
        .number("rate", "learningRate") { ProgressText.short($0) },
        .number("n", "n") { NumberText.fixed($0, digits: 0) },
        .number("median", "testLoss") { NumberText.scientific($0) },
        .number("least", "testLossLeast") { NumberText.scientific($0) },
        .number("most", "testLossMost") { NumberText.scientific($0) },
        .number("succeeded", "succeeded") { NumberText.fixed($0, digits: 0) },
        .number("steps", "stepsToFloor") { NumberText.fixed($0, digits: 0) },
      ],
      rows: rows,
      notes: [
        "Mean squared error on the test half over n seeds. Succeeded: at most twice the error of least squares. "
          + "Steps: until the slowest seed was there, if all were.",
        momentumNote(groups),
      ].compactMap { $0 })
  }

  /// What momentum does, read off the controls.
  private static func momentumNote(_ groups: [Group]) -> String? {
    guard let floor = leastSquares(groups) else { return nil }
    func group(_ variant: Variant) -> Group? {
      groups.first { $0.method == Method.identity.rawValue && $0.variant == variant.rawValue }
    }
    guard let sgd = group(.sgd), let momentum = group(.momentum), let fast = group(.fast), let slow = group(.slowMomentum)
    else { return nil }
    func share(_ group: Group) -> String {
      "\(group.succeeded(floor)) of \(group.runs.count) (median \(NumberText.scientific(group.median)))"
    }
    func all(_ group: Group) -> Bool { group.succeeded(floor) == group.runs.count }
    let figures =
      "From the identity, successes: plain \(share(sgd)), momentum \(share(momentum)), plain at the rate that momentum "
      + "amounts to \(share(fast)), momentum at a tenth of the rate \(share(slow)). "
    switch (all(momentum), all(fast), all(slow)) {
    case (true, true, false):
      return figures
        + "So momentum works here as a higher learning rate does: without it the higher rate succeeds, and with it a lower rate does not."
    case (true, false, true):
      return figures + "So it is momentum itself, not the rate that it amounts to."
    case (true, false, false):
      return figures + "So it takes momentum and the rate: neither the higher rate nor momentum alone succeeds."
    case (true, true, true): return figures + "Each of them succeeds: the higher rate alone, and momentum at a low rate."
    default: return figures + "Momentum does not succeed at every seed here."
    }
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = groups(runs)
    guard let floor = leastSquares(groups) else { return Verdict(.notSeen, "least squares was not run") }
    func outcome(_ method: Method, _ variant: Variant) -> (succeeded: Int, count: Int)? {
      groups.first { $0.method == method.rawValue && $0.variant == variant.rawValue }
        .map { ($0.succeeded(floor), $0.runs.count) }
    }
    let parts: [(what: String, outcome: (succeeded: Int, count: Int)?, expected: Bool)] = [
      ("identity, plain", outcome(.identity, .sgd), false), ("identity, momentum", outcome(.identity, .momentum), true),
      ("Xavier, plain", outcome(.xavier, .sgd), true), ("Xavier, momentum", outcome(.xavier, .momentum), true),
    ]
    guard parts.allSatisfy({ $0.outcome != nil }) else { return Verdict(.notSeen, "not all four trainings were run") }
    let reason = parts.compactMap { part in
      part.outcome.map { "\(part.what): \($0.succeeded) of \($0.count) seeds succeed" }
    }.joined(separator: "; ")
    let agree = parts.allSatisfy { $0.outcome?.succeeded == ($0.expected ? $0.outcome?.count : 0) }
    let contradict = parts.contains { $0.outcome?.succeeded == ($0.expected ? 0 : $0.outcome?.count) }
    return Verdict(agree ? .confirmed : contradict ? .refuted : .notSeen, reason)
  }
}
