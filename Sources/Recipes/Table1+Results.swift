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
        "asymmetry": mean("asymmetry", group), "diagonal": mean("diagonal", group),
      ]
    }
    return ResultTable(
      title: "Table 1: test error on Y = −X after training",
      columns: [
        .text("start", "method"), .text("training", "variant"),
        .number("rate", "learningRate") { ProgressText.short($0) },
        .number("n", "n") { NumberText.fixed($0, digits: 0) },
        .number("median error", "testLoss") { NumberText.scientific($0) },
        .number("worst", "testLossMost") { NumberText.scientific($0) },
        .number("reached", "succeeded") { NumberText.fixed($0, digits: 0) },
        .number("steps", "stepsToFloor") { NumberText.fixed($0, digits: 0) },
        .number("|W − Wᵀ|", "asymmetry") { NumberText.scientific($0) },
        .number("diagonal", "diagonal") { NumberText.fixed($0, digits: 2) },
      ],
      rows: rows,
      notes: [
        "Mean squared error on the test half over n seeds. Reached: seeds with at most twice the error of least squares. "
          + "Steps: until the slowest seed was there, if all were. |W − Wᵀ|: its mean, the asymmetry; diagonal: the mean "
          + "diagonal element of the layers, −1 where each has become −I; both after training.",
        momentumNote(groups),
      ].compactMap { $0 })
  }

  private static func mean(_ name: String, _ group: Group) -> JSONValue {
    Statistics(group.runs.compactMap { $0.results.number(name) }).mean.map(JSONValue.double) ?? .null
  }

  /// What momentum does, read off the controls.
  private static func momentumNote(_ groups: [Group]) -> String? {
    guard let floor = leastSquares(groups) else { return nil }
    func group(_ variant: Variant) -> Group? {
      groups.first { $0.method == Method.identity.rawValue && $0.variant == variant.rawValue }
    }
    guard let sgd = group(.sgd), let momentum = group(.momentum), let fast = group(.fast),
      let slow = group(.slowMomentum)
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
    guard all(momentum), let end = mean("diagonal", momentum).number else {
      return note + "Momentum does not succeed at every seed here."
    }
    let through = end < -0.9
    note +=
      through
      ? "With momentum every layer ends as −I (mean diagonal \(NumberText.fixed(end, digits: 2))): the layers' speed carries "
        + "them through 0, where plain descent comes to rest. "
      : "With momentum the mean diagonal ends at \(NumberText.fixed(end, digits: 2)), so the layers did not go through 0. "
    if all(fast), let other = mean("diagonal", fast).number {
      note +=
        other < -0.9
        ? "The higher rate without momentum does the same. "
        : "The higher rate without momentum succeeds in another way, by leaving 0 as its symmetry breaks (diagonal "
          + "\(NumberText.fixed(other, digits: 2))). "
    }
    if !all(slow) { note += "Momentum alone is not enough: at the low rate it has come to rest as well. " }
    if let long, all(long), !all(sgd) { note += "Nor is the plain rate stuck for good: it needs the time." }
    return note
  }

  public static func verdict(_ runs: [FinishedRun]) -> Verdict {
    let groups = groups(runs)
    guard let floor = leastSquares(groups) else { return Verdict(.notJudged, "least squares was not run") }
    let parts: [(what: String, method: Method, variant: Variant, expected: Bool)] = [
      ("identity, plain", .identity, .sgd, false), ("identity, momentum", .identity, .momentum, true),
      ("Xavier, plain", .xavier, .sgd, true), ("Xavier, momentum", .xavier, .momentum, true),
    ]
    var reasons: [String] = []
    var agree = true
    var contradict = false
    for part in parts {
      guard
        let group = groups.first(where: { $0.method == part.method.rawValue && $0.variant == part.variant.rawValue })
      else { return Verdict(.notJudged, "not all four trainings were run") }
      let (succeeded, count) = (group.succeeded(floor), group.runs.count)
      reasons.append(
        "\(part.what): \(succeeded) of \(count) seeds succeed (median error \(NumberText.scientific(group.median)))")
      // Success is that of all seeds; failure that of more than half, since noise lets a lucky seed through.
      agree = agree && (part.expected ? succeeded == count : 2 * succeeded < count)
      contradict = contradict || (part.expected ? 2 * succeeded < count : succeeded == count)
    }
    return Verdict(agree ? .confirmed : contradict ? .refuted : .notSeen, reasons.joined(separator: "; "))
  }
}
