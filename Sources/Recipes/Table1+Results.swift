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
    var note =
      "From the identity, successes: plain \(share(sgd)), momentum \(share(momentum)), plain at the rate that momentum "
      + "amounts to \(share(fast)), momentum at a tenth of the rate \(share(slow))"
    let long = group(.long)
    if let long { note += ", plain for ten times the steps \(share(long))" }
    note += ". "
    switch (all(momentum), all(fast), all(slow)) {
    case (true, true, false):
      note += "So momentum works here as a higher learning rate does: the higher rate succeeds without it, and a lower "
        + "rate does not with it."
      if let long, all(long) { note += " Nor is the plain rate stuck: it needs the time." }
    case (true, false, true): note += "So it is momentum itself, not the rate that it amounts to."
    case (true, false, false):
      note += "So it takes momentum and the rate: neither the higher rate nor momentum alone succeeds."
    case (true, true, true): note += "Each of them succeeds: the higher rate alone, and momentum at a low rate."
    default: note += "Momentum does not succeed at every seed here."
    }
    return note
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = groups(runs)
    guard let floor = leastSquares(groups) else { return Verdict(.notSeen, "least squares was not run") }
    let parts: [(what: String, method: Method, variant: Variant, expected: Bool)] = [
      ("identity, plain", .identity, .sgd, false), ("identity, momentum", .identity, .momentum, true),
      ("Xavier, plain", .xavier, .sgd, true), ("Xavier, momentum", .xavier, .momentum, true),
    ]
    var reasons: [String] = []
    var agree = true
    var contradict = false
    for part in parts {
      guard let group = groups.first(where: { $0.method == part.method.rawValue && $0.variant == part.variant.rawValue })
      else { return Verdict(.notSeen, "not all four trainings were run") }
      let (succeeded, count) = (group.succeeded(floor), group.runs.count)
      reasons.append("\(part.what): \(succeeded) of \(count) seeds succeed (median error \(NumberText.scientific(group.median)))")
      // Success is that of all seeds; failure that of more than half, since noise lets a lucky seed through.
      agree = agree && (part.expected ? succeeded == count : 2 * succeeded < count)
      contradict = contradict || (part.expected ? 2 * succeeded < count : succeeded == count)
    }
    return Verdict(agree ? .confirmed : contradict ? .refuted : .notSeen, reasons.joined(separator: "; "))
  }
}
